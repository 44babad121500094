// Comparing one family of benchmarks with another: what compare.py calls `filters`.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_FILTERS_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_FILTERS_H_

#include <string>
#include <vector>

#include "tools/regression/read/document.h"

namespace assay::regression {

// Keeps the entries in whose run name `filter` is found and replaces what it
// matches by `replacement`, so that two families get the same names. As in
// compare.py, every match is replaced. std::regex_error for an expression that is none.
void KeepAndRename(std::vector<Document>& documents, const std::string& filter,
                   const std::string& replacement);

// compare.py's spellings in ours: in "compare MODE …" the mode `benchmarks` goes,
// `filters FILE F1 F2` and `benchmarksfiltered A F1 B F2` become options, and `-d`
// becomes --json. Any other arguments are returned as they are. The program's name
// is not among them.
std::vector<std::string> FromComparePy(std::vector<std::string> arguments);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_FILTERS_H_
