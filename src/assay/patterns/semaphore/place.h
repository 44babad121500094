// A place in the queue of a semaphore, for the wrappers in call.h.
#ifndef ASSAY_PATTERNS_SEMAPHORE_PLACE_H_
#define ASSAY_PATTERNS_SEMAPHORE_PLACE_H_

#include <algorithm>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/semaphore/options.h"
#include "assay/patterns/semaphore/permit.h"
#include "assay/patterns/semaphore/semaphore.h"
#include "assay/patterns/semaphore/waiter.h"

namespace assay {

// Enters when it is made. However it ends, what it was granted is in a Permit or has gone back:
// also when a coroutine is destroyed, or thrown out of its nap.
template <class S, class Nap>
class SemaphorePlace final : SemaphoreWaiter {
 public:
  // `Time` is a ThreadTime or CoroutineTime with this nap.
  template <class Time>
  SemaphorePlace(S& semaphore, Time& time, int permits)
      : SemaphoreWaiter(permits),
        semaphore_(semaphore),
        nap_(time),
        outcome_(semaphore.Enter(*this)) {
    owes_ = queued() || outcome_ == PermitState::kGranted;
  }
  ~SemaphorePlace() override {
    if (owes_) semaphore_.Abandon(*this);
  }

  // As it was on entering.
  bool queued() const noexcept { return outcome_ == PermitState::kQueued; }
  Nap& nap() noexcept { return nap_; }

  // After the nap that the queued have to take, with what it returned.
  void AfterNap(bool time_is_over) noexcept {
    outcome_ = time_is_over ? semaphore_.Expire(*this) : state();
  }

  // Once, when all is decided. `wait` is what the caller was prepared to wait, for the message.
  Result<Permit<S>> Take(Duration wait) {
    owes_ = false;
    switch (outcome_) {
      case PermitState::kGranted: return Permit<S>(semaphore_, permits());
      case PermitState::kQueueFull: return SemaphoreFull();
      case PermitState::kOverLimit: return OverLimit(permits(), semaphore_.limit());
      default: return LimitReached(permits(), semaphore_.limit(), wait);
    }
  }

 private:
  void Wake() noexcept override { nap_.Wake(); }

  S& semaphore_;
  Nap nap_;
  PermitState outcome_;
  bool owes_ = false;  // to the semaphore: a place in its queue, or permits
};

struct SemaphoreWait {
  Duration longest;
  Deadline until;
};

// For a caller who found no permit: how long it may wait, or why (counted) it need not even enter.
// Under overload nearly everybody meets a full queue: that is found out without a look at the clock
// and before a nap is made.
template <class Threads, class Time>
Result<SemaphoreWait> MayWait(BasicSemaphore<Threads>& semaphore, const Time& time,
                              Deadline deadline, int permits) {
  const int limit = semaphore.limit();
  const bool over_limit = permits < 1 || permits > limit;
  if (!over_limit && !semaphore.QueueFull()) {
    const TimePoint now = time.Now();
    const Duration longest = std::min(deadline.Remaining(now), semaphore.queue_timeout());
    if (longest > Duration::zero()) return SemaphoreWait{longest, Deadline::After(now, longest)};
  }
  semaphore.CountRejected();
  return over_limit ? OverLimit(permits, limit) : SemaphoreFull();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_PLACE_H_
