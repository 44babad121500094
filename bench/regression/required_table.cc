// What is required of grade A, by Decide itself as blocks arrive, and what a call costs.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "bench/regression/monte_carlo.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/decide/looks.h"

namespace assay::regression {
namespace {

// Block after block, as a run does it; only the counts at which something is looked
// at are tried. The 49 others have no blocks, which is as hard as no change.
Outcome DecideAsBlocksArrive(const Blocks& blocks, double tolerance) {
  std::vector<Evidence> family(kFamily);
  for (Evidence& item : family) item.grade = Grade::kA;
  family[0].tolerance = tolerance;
  for (int n = 1; n <= kBlocks; ++n) {
    const auto is_look = [n](const Look& look) { return look.blocks == static_cast<unsigned>(n); };
    if (std::none_of(kAlarmLooks.begin(), kAlarmLooks.end(), is_look) &&
        std::none_of(kIntervalLooks.begin(), kIntervalLooks.end(), is_look)) {
      continue;
    }
    family[0].blocks.assign(blocks.begin(), blocks.begin() + n);
    const Verdict verdict = Decide(family, {})[0].verdict;
    if (verdict != Verdict::kInconclusive) return {verdict, n};
  }
  return {};
}

void PrintRequired(Noise noise, double sd, int trials) {
  struct Row {
    double tolerance;
    double effect;
    Verdict counted;
    const char* asked;
  };
  constexpr std::array kRows{Row{0.03, 0, Verdict::kRegressed, "0"},
                             Row{0.03, 0, Verdict::kInconclusive, "<= 3"},
                             Row{0.03, 0.03, Verdict::kRegressed, "<= 0.1 (alpha / 50)"},
                             Row{0.03, 0.06, Verdict::kEquivalent, "<= 0.1"},
                             Row{0.03, 0.10, Verdict::kRegressed, ">= 99.5, median <= 14"},
                             Row{0.03, 0.05, Verdict::kRegressed, ">= 95"},
                             Row{0.02, 0.05, Verdict::kRegressed, ">= 95"}};
  for (const Row& row : kRows) {
    Random random(static_cast<std::uint64_t>(noise) + 77);
    int count = 0;
    std::vector<int> after;
    for (int trial = 0; trial < trials; ++trial) {
      const Outcome outcome =
          DecideAsBlocksArrive(MakeBlocks(noise, sd, row.effect, random), row.tolerance);
      count += outcome.verdict == row.counted;
      after.push_back(outcome.verdict == row.counted ? outcome.blocks : kBlocks + 1);
    }
    std::printf("%-9s %4.1f %4.1f | %+4.0f %% %3.0f %% | %-12s %7.3f %3s | %s\n",
                kNoiseNames[static_cast<std::size_t>(noise)], 100 * sd, 100 * MeasuredSd(noise, sd),
                100 * row.effect, 100 * row.tolerance, ToString(row.counted).data(),
                100.0 * count / trials, 2 * count > trials ? BlocksText(MiddleOf(after)) : "",
                row.asked);
  }
}

}  // namespace

void PrintRequirements(int trials) {
  std::printf(
      "\nWhat is required, by Decide itself after every block: one of %d benchmarks, %d runs a "
      "row.\n%-9s %9s | %-12s | %-24s | required\n%-9s %9s | %6s %5s | %-12s %7s %3s |\n",
      kFamily, trials, "noise", "SD, %", "change, tol", "share, %", "", "", "", "", "", "", "med");
  PrintRequired(Noise::kNormal, 0.02, trials);
  PrintRequired(Noise::kLaplace, 0.02, trials);
  PrintRequired(Noise::kTail, 0.02, trials);
  PrintRequired(Noise::kLoad, 0.005, trials);
}

void PrintCost() {
  std::vector<Evidence> evidence(kFamily);
  Random random(3);
  for (Evidence& item : evidence) {
    item.grade = Grade::kA;
    const Blocks blocks = MakeBlocks(Noise::kNormal, 0.05, 0.03, random);
    item.blocks.assign(blocks.begin(), blocks.end());
  }
  const auto start = std::chrono::steady_clock::now();
  constexpr int kCalls = 20;
  double sum = 0;
  for (int i = 0; i < kCalls; ++i) sum += Decide(evidence, {})[0].effect;
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  std::printf("\nDecide: %d benchmarks x %d blocks in %.2f ms%s\n", kFamily, kBlocks,
              spent.count() / kCalls, std::isfinite(sum) ? "" : " (not finite)");
}

}  // namespace assay::regression
