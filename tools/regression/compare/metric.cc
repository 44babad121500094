#include "tools/regression/compare/metric.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::regression {
namespace {

template <std::size_t N>
bool EndsWithOneOf(std::string_view text, const std::array<std::string_view, N>& endings) {
  return std::ranges::any_of(endings, [&](std::string_view end) { return text.ends_with(end); });
}

constexpr std::array<std::string_view, 3> kHigher = {"_per_second", "rps", "_ratio"};
constexpr std::array<std::string_view, 13> kLower = {
    "_ns",         "_us",    "_ms",           "_s",
    "_per_req",    "errors", "allocs_per_op", "allocs_per_iter",
    "_bytes_used", "_bytes", "growth",        "MISSES",
    "INSTRUCTIONS"};
constexpr std::array<std::string_view, 7> kExact = {
    "allocs_per_op",   "allocs_per_iter", "max_bytes_used",     "total_allocated_bytes",
    "net_heap_growth", "INSTRUCTIONS",    "instructions_per_op"};

std::optional<double> Finite(double value) noexcept {
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

Direction DirectionOf(std::string_view counter) noexcept {
  if (EndsWithOneOf(counter, kHigher)) return Direction::kHigherIsBetter;
  if (EndsWithOneOf(counter, kLower) || IsExact(counter) || counter == "CYCLES") {
    return Direction::kLowerIsBetter;
  }
  return Direction::kUnknown;
}

bool IsExact(std::string_view counter) noexcept {
  return std::ranges::find(kExact, counter) != kExact.end();
}

std::string_view ClockOf(std::string_view run_name) noexcept {
  const bool wall = run_name.find("/real_time") != std::string_view::npos ||
                    run_name.find("/manual_time") != std::string_view::npos;
  return wall ? "real_time" : "cpu_time";
}

std::optional<double> ValueOf(const Entry& entry, std::string_view metric) noexcept {
  if (metric == "real_time") return Finite(entry.real_time_ns);
  if (metric == "cpu_time") return Finite(entry.cpu_time_ns);
  for (const auto& [name, value] : entry.counters) {
    if (name == metric) return Finite(value);
  }
  return std::nullopt;
}

}  // namespace assay::regression
