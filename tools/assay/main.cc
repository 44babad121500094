// assay: the command line, subcommands in the manner of git.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "tools/assay/commands.h"
#include "tools/regression/compare/filters.h"

int main(int argc, char** argv) {
  CLI::App app("assay: what HTTP engines, connection pools and resilience patterns cost", "assay");
  app.require_subcommand(1);
  int exit_code = assay::kPass;
  assay::AddCompareCommand(app, exit_code);
  assay::AddHeadlineCommand(app, exit_code);
  assay::AddHistoryCommand(app, exit_code);
  try {
    auto arguments = assay::regression::FromComparePy({argv + 1, argv + argc});
    std::ranges::reverse(arguments);  // CLI11 takes a vector from its end
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? assay::kPass : assay::kUsage;
  }
  return exit_code;
}
