// Reads Google Benchmark JSON of versions 1.5 to 1.9.x, and what tools and
// accidents make of it.
//
// Taken, with a note in the document where something was unusual: aggregates, BigO
// and RMS, errors and skips, threads, counters, memory fields, labels, mixed units,
// bare NaN and Infinity, integers with digit grouping ("1,234") and decimal commas,
// text before, between and after what belongs to a report, raw control characters in
// strings, duplicate keys (the schema's own meaning of a key wins over a counter of
// the same name), several documents in one file, and files that end early or are
// damaged: the complete entries before that are kept.
// Refused: what is no report at all, and a report with an entry that cannot be
// understood (no name, nothing measured, an unknown time unit).
//
// Time is linear in the text, whatever it holds, and nesting costs no stack. Columns
// count bytes. Pure functions of text and files: any number of threads.
// Not done here: judging whether two documents may be compared.
#ifndef ASSAY_TOOLS_REGRESSION_READ_READER_H_
#define ASSAY_TOOLS_REGRESSION_READ_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

// The documents in `text`, at least one. kIo with "PATH:LINE:COLUMN: what is wrong
// there and what is accepted".
Result<std::vector<Document>> ParseReports(const std::string& path, std::string_view text);

// The same for a file; also names a path that cannot be opened or read.
Result<std::vector<Document>> ReadReports(const std::string& path);

// One side of a comparison: files, or folders whose *.json files are taken in the
// order of their names. An error for a folder without a report.
Result<std::vector<Document>> ReadSide(const std::vector<std::string>& paths);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_READER_H_
