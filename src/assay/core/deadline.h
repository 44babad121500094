// The point in time after which waiting is pointless.
//
// A value of eight bytes, copied freely; immutable, so safe to share. Sums
// saturate: a deadline further away than the clock can count is Never().
#ifndef ASSAY_CORE_DEADLINE_H_
#define ASSAY_CORE_DEADLINE_H_

#include "assay/core/clock.h"

namespace assay {

class Deadline {
 public:
  static constexpr Deadline Never() noexcept { return Deadline(TimePoint::max()); }

  // `now` + `duration`; a negative duration has already expired.
  static constexpr Deadline After(TimePoint now, Duration duration) noexcept {
    if (duration > TimePoint::max() - now) return Never();
    return Deadline(now + duration);
  }

  static constexpr Deadline At(TimePoint at) noexcept { return Deadline(at); }

  constexpr TimePoint at() const noexcept { return at_; }
  constexpr bool never() const noexcept { return at_ == TimePoint::max(); }

  // True from the deadline itself on.
  constexpr bool Expired(TimePoint now) const noexcept { return !never() && now >= at_; }

  // Time left, zero once expired, Duration::max() for Never().
  constexpr Duration Remaining(TimePoint now) const noexcept {
    if (never()) return Duration::max();
    return now >= at_ ? Duration::zero() : at_ - now;
  }

  friend constexpr auto operator<=>(const Deadline&, const Deadline&) = default;

 private:
  constexpr explicit Deadline(TimePoint at) noexcept : at_(at) {}
  TimePoint at_;
};

}  // namespace assay

#endif  // ASSAY_CORE_DEADLINE_H_
