// Which number of an entry is compared, and which way is worse.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tools/regression/run/metric_value.h"

namespace assay::regression {

enum class Direction : std::uint8_t { kLowerIsBetter, kHigherIsBetter, kUnknown };

// "real_time" and "cpu_time".
bool IsClock(std::string_view metric) noexcept;

// Clocks are better when low; otherwise by the ending of a counter's name: _per_second, rps and
// _ratio are better when high; times (_ns, _us, _ms, _s, _us_per_req), errors, allocations, bytes,
// misses and instruction counts when low.
Direction DirectionOf(std::string_view counter) noexcept;

// Counters that do not vary for unchanged code, so that any difference is one:
// allocations, bytes and instruction counts.
bool IsExact(std::string_view counter) noexcept;

// All counters for which IsExact().
std::span<const std::string_view> ExactCounters() noexcept;

// "real_time" or "cpu_time": the clock by which Google Benchmark itself chose the
// number of iterations, which a part of the name tells: "/real_time" or "/manual_time".
std::string_view ClockOf(std::string_view run_name) noexcept;

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_METRIC_H_
