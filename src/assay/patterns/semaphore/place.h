// A place in the queue of a semaphore, for the wrappers in call.h.
#ifndef ASSAY_PATTERNS_SEMAPHORE_PLACE_H_
#define ASSAY_PATTERNS_SEMAPHORE_PLACE_H_

#include <algorithm>
#include <optional>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/semaphore/options.h"
#include "assay/patterns/semaphore/permit.h"
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
    owes_ = queued() || outcome_ == WaiterState::kGranted;
  }
  ~SemaphorePlace() override {
    if (owes_) semaphore_.Abandon(*this);
  }

  // As it was on entering.
  bool queued() const noexcept { return outcome_ == WaiterState::kQueued; }
  Nap& nap() noexcept { return nap_; }

  // After the nap that the queued have to take, with what it returned.
  void AfterNap(bool time_is_over) noexcept {
    outcome_ = time_is_over ? semaphore_.Expire(*this) : state();
  }

  // Once, when all is decided. `wait` is what the caller was prepared to wait, for the message.
  Result<Permit<S>> Take(Duration wait) {
    owes_ = false;
    switch (outcome_) {
      case WaiterState::kGranted: return Permit<S>(semaphore_, permits());
      case WaiterState::kQueueFull: return SemaphoreFull();
      case WaiterState::kOverLimit: return OverLimit(permits(), semaphore_.limit());
      default: return LimitReached(permits(), semaphore_.limit(), wait);
    }
  }

 private:
  void Wake() noexcept override { nap_.Wake(); }

  S& semaphore_;
  Nap nap_;
  WaiterState outcome_;
  bool owes_ = false;  // to the semaphore: a place in its queue, or permits
};

// How long a caller who finds no permit waits.
template <class S>
Duration QueueWait(const S& semaphore, Deadline deadline, TimePoint now) noexcept {
  return std::min(deadline.Remaining(now), semaphore.queue_timeout());
}

// The error (counted) of one who need not even try to enter; who would be refused for sure is
// spared the making of a nap.
template <class S>
std::optional<Error> RefusedAtOnce(S& semaphore, int permits, Duration wait) {
  const int limit = semaphore.limit();
  const bool over_limit = permits < 1 || permits > limit;
  if (!over_limit && wait > Duration::zero() && !semaphore.QueueFull()) return std::nullopt;
  semaphore.CountRejected();
  return over_limit ? OverLimit(permits, limit) : SemaphoreFull();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_PLACE_H_
