#include "tools/serve/duration.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace assay::serve {
namespace {

// 0 for what is no unit.
double NanosecondsIn(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  return 0;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  // A digit first: from_chars also takes signs, "inf" and "nan".
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (failure != std::errc()) return std::nullopt;
  std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const double scale = NanosecondsIn(unit);
  // Below what 64 bits can hold, so that rounding cannot overflow.
  if (scale == 0 || number * scale > 9.15e18) return std::nullopt;
  return Duration(std::llround(number * scale));
}

}  // namespace assay::serve
