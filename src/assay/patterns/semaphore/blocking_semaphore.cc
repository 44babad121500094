#include "assay/patterns/semaphore/blocking_semaphore.h"

namespace assay {

Result<Permit<BlockingSemaphore>> BlockingSemaphore::Wait(Deadline deadline) {
  // Read here and not in Acquire(): a granted call never pays for the clock.
  const Duration wait = deadline.Remaining(SteadyClock().Now());
  if (wait > Duration::zero() && TakeBefore(deadline)) return Permit<BlockingSemaphore>(*this);
  semaphore_.CountRejection();
  return LimitReached(limit(), wait);
}

bool BlockingSemaphore::TakeBefore(Deadline deadline) {
  std::unique_lock lock(mutex_);
  waiters_.fetch_add(1);
  bool expired = false;
  bool taken = semaphore_.TakeIfFree();
  while (!taken && !expired) {
    if (deadline.never()) {
      released_.wait(lock);
    } else {
      expired = released_.wait_until(lock, deadline.at()) == std::cv_status::timeout;
    }
    // Even when it is too late: the notification for this permit may have been
    // spent on this waiter, and nobody else would be told.
    taken = semaphore_.TakeIfFree();
  }
  waiters_.fetch_sub(1);
  return taken;
}

void BlockingSemaphore::WakeOne() noexcept {
  // Empty on purpose: a waiter seen in `waiters_` holds the mutex until it sleeps.
  { const std::lock_guard lock(mutex_); }
  released_.notify_one();
}

}  // namespace assay
