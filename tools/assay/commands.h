// The subcommands of `assay`, one file each. To add one, write its file, declare
// it here and add it to the list in main.cc.
#ifndef ASSAY_TOOLS_ASSAY_COMMANDS_H_
#define ASSAY_TOOLS_ASSAY_COMMANDS_H_

#include <CLI/App.hpp>

namespace assay {

// What a subcommand leaves behind for the shell: kUsage for wrong options,
// kFailure for an input that cannot be read or a run that went wrong, kIncomplete
// for benchmarks that are missing.
enum ExitCode : int { kPass = 0, kUsage = 2, kFailure = 3, kIncomplete = 5 };

// Each adds itself to `app`; when it is chosen it runs and sets `exit_code`, which
// outlives the parsing.
void AddHeadlineCommand(CLI::App& app, int& exit_code);

}  // namespace assay

#endif  // ASSAY_TOOLS_ASSAY_COMMANDS_H_
