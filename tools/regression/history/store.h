// The history file: JSON lines, one for each run, only ever added to.
//
// A line is a whole run because that is what one adds and what must not be half
// there; a commit and a host are said once for all of its series; and two branches
// that each added runs merge by keeping both sides' lines (.gitattributes:
// "*.jsonl merge=union"). The order of lines means nothing; a line that is there
// twice counts once.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_STORE_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_STORE_H_

#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/history/record.h"

namespace assay::regression {

// The line of a record, without its line end. Numbers keep all their digits.
std::string ToLine(const Record& record);

// Adds the line of `record`, creating the file. One append under the file's lock,
// then fsync; when any of it fails, the file has the length it had, and a file made
// for it is gone. kIo names the file and the reason: also for a last line without an
// end, which is what a crash within an append leaves.
Result<Done> Append(const std::string& path, const Record& record);

// The records in `text` by sequence, then date, then line. kIo: "PATH:LINE: what is
// wrong there; what is accepted". Blank lines are let pass.
Result<std::vector<Record>> ParseHistory(const std::string& path, std::string_view text);

// The bytes of a file; kIo names it.
Result<std::string> ReadBytes(const std::string& path);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_STORE_H_
