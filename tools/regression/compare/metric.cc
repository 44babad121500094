#include "tools/regression/compare/metric.h"

#include <algorithm>
#include <array>

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

// Whether `part` is one of the components of the name: "/real_time", not "/real_times".
bool HasPart(std::string_view name, std::string_view part) {
  for (std::size_t at = name.find(part); at != std::string_view::npos;
       at = name.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    if (end == name.size() || name[end] == '/') return true;
  }
  return false;
}

}  // namespace

bool IsClock(std::string_view metric) noexcept {
  return metric == "real_time" || metric == "cpu_time";
}

Direction DirectionOf(std::string_view counter) noexcept {
  if (EndsWithOneOf(counter, kHigher)) return Direction::kHigherIsBetter;
  if (EndsWithOneOf(counter, kLower) || IsExact(counter) || IsClock(counter) ||
      counter == "CYCLES") {
    return Direction::kLowerIsBetter;
  }
  return Direction::kUnknown;
}

bool IsExact(std::string_view counter) noexcept {
  return std::ranges::find(kExact, counter) != kExact.end();
}

std::span<const std::string_view> ExactCounters() noexcept { return kExact; }

std::string_view ClockOf(std::string_view run_name) noexcept {
  const bool wall = HasPart(run_name, "/real_time") || HasPart(run_name, "/manual_time");
  return wall ? "real_time" : "cpu_time";
}

}  // namespace assay::regression
