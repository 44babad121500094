// One number of an entry, by its name.
#ifndef ASSAY_TOOLS_REGRESSION_RUN_METRIC_VALUE_H_
#define ASSAY_TOOLS_REGRESSION_RUN_METRIC_VALUE_H_

#include <optional>
#include <span>
#include <string_view>

#include "tools/regression/read/document.h"

namespace assay::regression {

// The value of a clock ("real_time", "cpu_time") or counter; nothing when the entry
// has no such number, or one that is not finite.
std::optional<double> ValueOf(const Entry& entry, std::string_view metric) noexcept;

// The whole number that all `values` are; nothing when there is none or they differ.
// What is allocated once, before the iterations, leaves a small fraction that depends
// on their number: less than 0.01 counts as nothing.
std::optional<double> ExactCount(std::span<const double> values) noexcept;

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RUN_METRIC_VALUE_H_
