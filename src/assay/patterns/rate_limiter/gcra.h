// The arithmetic of the rate limiter: how many tokens have arrived by when, without atomics.
//
// The generic cell rate algorithm (GCRA, ITU-T I.371) in whole numbers. All is counted in units:
// a token is 2^shift of them, and the shift is chosen so that 2 to 4 units arrive in a nanosecond
// at any rate. So a token is a whole number, and what has arrived by `now` is one multiplication,
// rounded down once: there is no drift, 10 tokens in 13 seconds are as exact as two in a
// nanosecond. The state is one number, the `mark`: up to where the stream of arriving tokens has
// been promised to somebody. A mark ahead of what has arrived is a promise, so somebody waits;
// a mark further behind than the burst counts as the burst.
//
// A value, immutable but for assignment. Times up to nine years on either side of the clock's zero
// are told apart; beyond them no more tokens arrive.
#ifndef ASSAY_PATTERNS_RATE_LIMITER_GCRA_H_
#define ASSAY_PATTERNS_RATE_LIMITER_GCRA_H_

#include <algorithm>
#include <cstdint>

#include "assay/core/clock.h"

namespace assay {

struct RateLimiterOptions {
  std::int64_t tokens = 100;               // 1 to 2 for each nanosecond of `per`
  Duration per = std::chrono::seconds(1);  // in which they arrive, evenly; above 0
  // Tokens that can be saved up, and the most in one request: at least 1, and not more than
  // arrive in a year.
  std::int64_t burst = 100;

  friend bool operator==(const RateLimiterOptions&, const RateLimiterOptions&) = default;
};

class Gcra {
 public:
  // The lowest mark: everything that the bucket can hold is there.
  static constexpr std::int64_t kFull = -(std::int64_t{1} << 61);
  // Furthest that a mark may be ahead: more than four years.
  static constexpr std::int64_t kMostAhead = std::int64_t{1} << 59;

  // Throws std::invalid_argument that names the option, its value and the range.
  explicit Gcra(const RateLimiterOptions& options);

  // As Gcra(options) made them.
  constexpr Gcra(std::uint64_t multiplier, std::int64_t burst_units, int shift) noexcept
      : multiplier_(multiplier), burst_(burst_units), shift_(shift) {}

  std::uint64_t multiplier() const noexcept { return multiplier_; }
  std::int64_t burst_units() const noexcept { return burst_; }
  int shift() const noexcept { return shift_; }

  std::int64_t burst() const noexcept { return burst_ >> shift_; }
  // Whether one request may be for that many.
  bool Fits(std::int64_t tokens) const noexcept { return tokens >= 1 && tokens <= burst(); }
  // In units; `tokens` fit.
  std::int64_t Cost(std::int64_t tokens) const noexcept { return tokens << shift_; }

  // Units that have arrived by `now`, counted from the clock's zero.
  std::int64_t Arrived(TimePoint now) const noexcept {
    const std::int64_t time = std::clamp(now.time_since_epoch().count(), -kMostTime, kMostTime);
    return static_cast<std::int64_t>((Int128{time} * static_cast<Int128>(multiplier_)) >>
                                     kFraction);
  }

  // `mark`, or where it would be had the bucket overflowed. Never back: a caller with an old
  // `now` gets no tokens twice.
  std::int64_t Settled(std::int64_t mark, std::int64_t arrived) const noexcept {
    return std::max(mark, arrived - burst_);
  }

  // How long until `units` more (0 to kMostAhead) have arrived for certain.
  Duration TimeFor(std::int64_t units) const noexcept;

  // The mark of an equal number of tokens, there or owed, by other rules. Rounded so that no token
  // comes of it.
  std::int64_t Converted(std::int64_t mark, const Gcra& to, TimePoint now) const noexcept;

 private:
  __extension__ typedef __int128 Int128;

  static constexpr int kFraction = 61;  // of the multiplier
  static constexpr std::int64_t kMostTime = std::int64_t{1} << 58;

  std::uint64_t multiplier_ = 0;  // units per nanosecond, times 2^kFraction
  std::int64_t burst_ = 0;        // in units
  int shift_ = 0;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_RATE_LIMITER_GCRA_H_
