// Chooses the engine of tools/regression/decide and keeps the choice honest: size,
// power and cost of several engines, and of the rules of other tools, on the same
// synthetic data. Run with --help for what it prints.
#include "bench/regression/monte_carlo.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace assay::regression {

int MiddleOf(std::vector<int>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

const char* BlocksText(int blocks) {
  static std::array<char, 16> text;
  if (blocks > kBlocks) return ">32";
  std::snprintf(text.data(), text.size(), "%d", blocks);
  return text.data();
}

namespace {

int Main(std::span<char*> arguments) {
  int trials = 500;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--trials" && i + 1 < arguments.size()) {
      trials = std::atoi(arguments[++i]);
    } else {
      std::printf(
          "usage: monte_carlo [--trials N]   (default 500, about half a minute)\n"
          "Prints the size, power and cost of decision engines for interleaved blocks, what\n"
          "the decisions of assay reach, the rules of other tools on two files of\n"
          "repetitions, and grade B. The seed is fixed: equal output for equal N.\n");
      return argument == "--help" ? 0 : 2;
    }
  }
  if (trials < 1) {
    std::fprintf(stderr, "--trials: a number above 0\n");
    return 2;
  }
  PrintEngines(trials);
  PrintRequirements(trials);
  PrintAnchors(20 * trials);
  PrintGradeB(trials);
  PrintCost();
  return 0;
}

}  // namespace
}  // namespace assay::regression

int main(int count, char** arguments) {
  return assay::regression::Main({arguments, static_cast<std::size_t>(count)});
}
