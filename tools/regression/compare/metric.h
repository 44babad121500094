// Which number of an entry is compared, and which way is worse.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/regression/read/document.h"

namespace assay::regression {

enum class Direction : std::uint8_t { kLowerIsBetter, kHigherIsBetter, kUnknown };

// By the ending of a counter's name: _per_second, rps and _ratio are better when
// high; times (_ns, _us, _ms, _s, _us_per_req), errors, allocations, bytes, misses
// and instruction counts when low.
Direction DirectionOf(std::string_view counter) noexcept;

// Counters that do not vary for unchanged code, so that any difference is one:
// allocations, bytes and instruction counts.
bool IsExact(std::string_view counter) noexcept;

// "real_time" or "cpu_time": the clock by which Google Benchmark itself chose the
// number of iterations, which the name tells.
std::string_view ClockOf(std::string_view run_name) noexcept;

// The value of a clock or counter; nothing when the entry has no such number, or
// one that is not finite.
std::optional<double> ValueOf(const Entry& entry, std::string_view metric) noexcept;

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_
