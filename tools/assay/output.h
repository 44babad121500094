// Files and terminals, for all subcommands.
#ifndef ASSAY_TOOLS_ASSAY_OUTPUT_H_
#define ASSAY_TOOLS_ASSAY_OUTPUT_H_

#include <string>
#include <utility>
#include <vector>

#include "assay/core/result.h"

namespace assay {

// Replaces `path` as a whole: the text goes to a temporary name beside it, which is
// then renamed, so that a full disk or a signal leaves what was there before. kIo
// names the path and the reason.
Result<Done> WriteWhole(const std::string& path, const std::string& text);

// One line on stderr, "assay <command>: <what was wrong>"; returns `exit_code`.
int Complain(const char* command, const std::string& what, int exit_code);

// For --color=auto|always|never: auto means that stdout is a terminal and the
// environment has no NO_COLOR.
bool WantsColour(const std::string& option);

// "0.05 ^BM_noisy" on each line, '#' begins a comment. kIo with file, line and what
// is accepted.
Result<std::vector<std::pair<std::string, double>>> ReadTolerances(const std::string& path);

}  // namespace assay

#endif  // ASSAY_TOOLS_ASSAY_OUTPUT_H_
