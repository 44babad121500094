// assay selftest: what this machine can tell.
#include "tools/selftest/selftest.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "tools/assay/commands.h"
#include "tools/assay/output.h"
#include "tools/selftest/judge.h"
#include "tools/selftest/render.h"
#include "tools/selftest/workload.h"

namespace assay {
namespace {

struct SelftestCommand {
  selftest::SelftestOptions test;
  double seconds = 40;
  std::string json;
  std::string colour = "auto";
};

void ShowProgress(const std::string& text) { std::fprintf(stderr, "\r\x1b[K%s", text.c_str()); }

int RunSelftest(SelftestCommand& options) {
  options.test.comparison.budget =
      std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.seconds));
  std::error_code failure;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (failure)
    return Complain("selftest", "A/A launches: /proc/self/exe: " + failure.message(), kFailure);

  const bool show = ::isatty(STDERR_FILENO) == 1;
  const auto report = selftest::RunSelftest(
      regression::BenchmarkProgram(self.string(), {selftest::kWorkloadCommand}), options.test,
      show ? ShowProgress : selftest::Progress());
  if (show) std::fputs("\r\x1b[K", stderr);
  if (!report) return Complain("selftest", report.error().message, kFailure);

  std::fputs(selftest::RenderTerminal(*report, WantsColour(options.colour)).c_str(), stdout);
  if (!options.json.empty()) {
    const auto written = WriteWhole(options.json, selftest::RenderJson(*report));
    if (!written) return Complain("selftest", written.error().message, kFailure);
  }
  return selftest::FalseAlarms(*report).empty() ? kPass : kRegression;
}

}  // namespace

void AddSelftestCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SelftestCommand>();
  CLI::App* command = app.add_subcommand(
      "selftest", "what this machine can tell: clock, wake-ups, floor, a program against itself");
  command
      ->add_option("--seconds", options->seconds,
                   "for the comparison with itself; the rest takes about five more")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command
      ->add_option("--tolerance", options->test.tolerance,
                   "relative change that does not matter, for example 0.03")
      ->check(CLI::Range(0.0001, 2.0))
      ->capture_default_str();
  command
      ->add_option("--seed", options->test.comparison.seed,
                   "of the order of the blocks and of the simulated slow-downs")
      ->capture_default_str();
  command->add_option("--json", options->json, "also write the results as JSON to this file");
  command->add_option("--color", options->colour, "colour on the terminal")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->footer(
      "Exit status: 0 no false alarm, 1 a program differs from itself (a false alarm), 2 wrong\n"
      "options, 3 could not measure.\n\n"
      "Examples:\n"
      "  assay selftest\n"
      "  assay selftest --tolerance 0.01 --seconds 120 --json machine.json");
  command->callback([options, &exit_code] { exit_code = RunSelftest(*options); });
}

}  // namespace assay
