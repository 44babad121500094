// assay: the command line, subcommands in the manner of git.
#include <CLI/CLI.hpp>

#include "tools/assay/commands.h"

int main(int argc, char** argv) {
  CLI::App app("assay: what HTTP engines, connection pools and resilience patterns cost", "assay");
  app.require_subcommand(1);
  int exit_code = assay::kPass;
  assay::AddHeadlineCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? assay::kPass : assay::kUsage;
  }
  return exit_code;
}
