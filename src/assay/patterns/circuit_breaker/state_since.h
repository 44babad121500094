// When a circuit breaker's state was entered, or its latest probe admitted.
//
// The time belongs to the state but does not fit into its word, and two variables
// cannot change at once (Hystrix #1806, #2108: open for ever, because the time of
// another transition was left behind). Hence the time is only ever raised, and
// raised *before* the word is swapped:
//
// - Who reads the word and then the time finds at least the time of that word.
// - Who raises it and then loses the swap does no harm. It took `now` before it saw
//   the old word, that is before the winner swapped: the time is still not later
//   than the moment at which the state was really entered.
// - A thread that was held up in between cannot bring back an old time.
//
// Between the raise and the swap of the one who leaves OPEN, others read a time
// that is too late and are refused; rightly so, the probe is being given away. For
// the same reason that swap must not fail without cause (compare_exchange_strong):
// its own raise would then refuse it. Any thread, never blocks.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_SINCE_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_SINCE_H_

#include <atomic>

#include "assay/core/clock.h"
#include "assay/core/threads.h"

namespace assay {

template <class Threads = StdThreads>
class StateSince {
 public:
  void Raise(TimePoint now) noexcept {
    const TimePoint::rep time = now.time_since_epoch().count();
    TimePoint::rep since = since_.load(std::memory_order_relaxed);
    while (time > since && !since_.compare_exchange_weak(since, time, std::memory_order_acq_rel,
                                                         std::memory_order_relaxed)) {
    }
  }

  // Threads read the clock at their own pace: `now` may lie before it. Then, zero.
  Duration Elapsed(TimePoint now) const noexcept {
    const TimePoint since{Duration(since_.load(std::memory_order_acquire))};
    return now > since ? now - since : Duration::zero();
  }

 private:
  // At first, before any time there is, but not so far away that the difference would overflow.
  typename Threads::template Atomic<TimePoint::rep> since_{
      TimePoint::min().time_since_epoch().count() / 2};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_SINCE_H_
