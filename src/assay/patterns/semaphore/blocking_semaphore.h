// A Semaphore for threads that can wait for a permit until a deadline.
//
// Every function may be called from any thread. As long as permits are free it
// costs what Semaphore costs plus one load; mutex and condition variable are
// touched only when somebody has to wait. It must outlive its permits and every
// call in progress, a Release() included.
//
// No wake-up is lost. A waiter (1) adds itself to `waiters_`, (2) looks for a
// free permit, (3) sleeps. A release (a) frees the permit, (b) looks at
// `waiters_`. All four accesses are sequentially consistent, so it cannot be
// that (2) misses (a) and (b) misses (1). From (1) to (3) the waiter holds the
// mutex, and a release that saw it passes through the mutex before it notifies:
// by then the waiter is asleep, or has seen the permit. A woken waiter always
// looks for a permit before it gives up, so it never takes a notification with
// it unused while a permit is free.
//
// Permits are not handed over: a newcomer may overtake those who wait. Left out:
// fairness and a limit on the number of waiters.
#ifndef ASSAY_PATTERNS_SEMAPHORE_BLOCKING_SEMAPHORE_H_
#define ASSAY_PATTERNS_SEMAPHORE_BLOCKING_SEMAPHORE_H_

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/semaphore/permit.h"
#include "assay/patterns/semaphore/semaphore.h"

namespace assay {

class BlockingSemaphore {
 public:
  // Throws std::invalid_argument when an option is out of range.
  explicit BlockingSemaphore(SemaphoreOptions options = {}) : semaphore_(options) {}

  // A free permit is granted whatever the deadline; with none free, waits until
  // there is one or the deadline (on SteadyClock) passes: kLimitReached.
  Result<Permit<BlockingSemaphore>> Acquire(Deadline deadline) {
    if (semaphore_.TakeIfFree()) return Permit<BlockingSemaphore>(*this);
    return Wait(deadline);
  }

  // As Semaphore: no waiting.
  bool TryAcquire() noexcept { return semaphore_.TryAcquire(); }

  void Release() noexcept {
    semaphore_.Release();
    if (waiters_.load() != 0) WakeOne();
  }

  int limit() const noexcept { return semaphore_.limit(); }
  int active() const noexcept { return semaphore_.active(); }
  int waiting() const noexcept { return waiters_.load(); }  // threads inside Acquire()
  SemaphoreMetrics Snapshot() const noexcept { return semaphore_.Snapshot(); }

 private:
  Result<Permit<BlockingSemaphore>> Wait(Deadline deadline);
  bool TakeBefore(Deadline deadline);
  void WakeOne() noexcept;

  Semaphore semaphore_;
  std::atomic<int> waiters_{0};
  std::mutex mutex_;
  std::condition_variable released_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_BLOCKING_SEMAPHORE_H_
