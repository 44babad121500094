// Durations as a person writes them: "5ms", "1.5 s".
#ifndef ASSAY_TOOLS_SERVE_DURATION_H_
#define ASSAY_TOOLS_SERVE_DURATION_H_

#include <optional>
#include <string_view>

#include "assay/core/clock.h"

namespace assay::serve {

// A decimal number and ns, us, ms or s, with or without a space between them; rounded to
// the nearest nanosecond. Nothing for any other text, or for more than 290 years.
std::optional<Duration> ParseDuration(std::string_view text);

// What is accepted, for messages: 'a duration such as "5ms" (units: ns, us, ms, s)'.
inline constexpr std::string_view kDurationForm =
    "a duration such as \"5ms\" (units: ns, us, ms, s)";

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_DURATION_H_
