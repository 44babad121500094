// The subcommands of `assay`, one file each. To add one, write its file, declare
// it here and add it to the list in main.cc.
#ifndef ASSAY_TOOLS_ASSAY_COMMANDS_H_
#define ASSAY_TOOLS_ASSAY_COMMANDS_H_

#include <CLI/App.hpp>

namespace assay {

// What a subcommand leaves behind for the shell.
enum ExitCode : int {
  kPass = 0,
  kRegression = 1,
  kUsage = 2,
  kFailure = 3,  // an input cannot be read, a run went wrong
  kInconclusive = 4,
  kIncomplete = 5,  // benchmarks are missing
  kNotComparable = 6,
};

// Each adds itself to `app`; when it is chosen it runs and sets `exit_code`, which
// outlives the parsing.
void AddCompareCommand(CLI::App& app, int& exit_code);
void AddHeadlineCommand(CLI::App& app, int& exit_code);
void AddHistoryCommand(CLI::App& app, int& exit_code);
void AddSelftestCommand(CLI::App& app, int& exit_code);
void AddServeCommand(CLI::App& app, int& exit_code);

}  // namespace assay

#endif  // ASSAY_TOOLS_ASSAY_COMMANDS_H_
