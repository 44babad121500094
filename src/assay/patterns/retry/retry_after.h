// The header field Retry-After (RFC 9110 section 10.2.3): seconds, or a date.
//
// A pure function. The date may be in any of the three formats of section 5.6.7; it is the only
// place where patterns meet wall time, which is an argument. Whether the name of the day fits the
// date is not checked.
#ifndef ASSAY_PATTERNS_RETRY_RETRY_AFTER_H_
#define ASSAY_PATTERNS_RETRY_RETRY_AFTER_H_

#include <chrono>
#include <optional>
#include <string_view>

#include "assay/core/clock.h"

namespace assay {

using WallTime = std::chrono::sys_time<Duration>;

// How long a server asks to wait with a field value that came at `now`; 0 for a date that has
// passed, Duration::max() for what is longer than that. Nothing for any other text.
std::optional<Duration> ParseRetryAfter(std::string_view value, WallTime now) noexcept;

// Seconds since 1970 of an HTTP date. `now` tells the century where the year has two digits: at
// most 50 years ahead.
std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text, WallTime now) noexcept;

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_RETRY_AFTER_H_
