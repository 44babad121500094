// Running two executables from the command line: progress and Ctrl-C.
#ifndef ASSAY_TOOLS_ASSAY_INTERLEAVE_H_
#define ASSAY_TOOLS_ASSAY_INTERLEAVE_H_

#include <string>

#include "tools/regression/compare/program_comparison.h"

namespace assay {

// regression::ComparePrograms() with a line of progress on stderr, where that is a
// terminal, and with Ctrl-C (or SIGTERM) ending the run after what is complete; a
// line on stderr says what stopped it short of a decision.
Result<regression::Comparison> Interleave(const std::string& base, const std::string& head,
                                          const regression::CompareOptions& options,
                                          regression::BlockOptions blocks);

}  // namespace assay

#endif  // ASSAY_TOOLS_ASSAY_INTERLEAVE_H_
