#include "tools/regression/run/metric_value.h"

#include <algorithm>
#include <cmath>

namespace assay::regression {
namespace {

std::optional<double> Finite(double value) noexcept {
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> ValueOf(const Entry& entry, std::string_view metric) noexcept {
  if (metric == "real_time") return Finite(entry.real_time_ns);
  if (metric == "cpu_time") return Finite(entry.cpu_time_ns);
  for (const auto& [name, value] : entry.counters) {
    if (name == metric) return Finite(value);
  }
  return std::nullopt;
}

std::optional<double> ExactCount(std::span<const double> values) noexcept {
  if (values.empty()) return std::nullopt;
  const double count = std::round(values.front());
  const bool same =
      std::ranges::all_of(values, [&](double value) { return std::fabs(value - count) < 0.01; });
  if (!same) return std::nullopt;
  return count;
}

}  // namespace assay::regression
