// assay: the command line, subcommands in the manner of git.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "tools/assay/commands.h"
#include "tools/regression/compare/filters.h"
#include "tools/selftest/workload.h"

int main(int argc, char** argv) {
  // What `assay selftest` runs; its flags are those of Google Benchmark.
  if (argc > 1 && std::string_view(argv[1]) == assay::selftest::kWorkloadCommand) {
    return assay::selftest::RunWorkload(argc - 1, argv + 1);
  }
  CLI::App app("assay: what HTTP engines, connection pools and resilience patterns cost", "assay");
  app.require_subcommand(1);
  int exit_code = assay::kPass;
  assay::AddCompareCommand(app, exit_code);
  assay::AddHeadlineCommand(app, exit_code);
  assay::AddHistoryCommand(app, exit_code);
  assay::AddSelftestCommand(app, exit_code);
  assay::AddServeCommand(app, exit_code);
  try {
    auto arguments = assay::regression::FromComparePy({argv + 1, argv + argc});
    std::ranges::reverse(arguments);  // CLI11 takes a vector from its end
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? assay::kPass : assay::kUsage;
  }
  return exit_code;
}
