// Counts that do not vary for unchanged code: allocations, bytes, instructions.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_EXACT_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_EXACT_H_

#include <optional>
#include <span>
#include <string>

#include "tools/regression/compare/comparison.h"

namespace assay::regression {

// The row of a counter for which IsExact() (metric.h) and that is the same whole
// number (ExactCount in metric_value.h) throughout each side: then any difference is
// real, whatever the tolerance. Nothing otherwise. `where` is "repetition" or
// "launch". With CompareOptions::report_only the row decides nothing.
std::optional<Row> ExactRow(const std::string& benchmark, const std::string& counter,
                            std::span<const double> base, std::span<const double> head,
                            const std::string& where, const CompareOptions& options);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_EXACT_H_
