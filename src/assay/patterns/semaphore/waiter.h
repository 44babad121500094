// Who waits for permits.
//
// A waiter is part of whoever waits (a thread's stack, a coroutine's frame), so that waiting
// allocates nothing. Everything in it but `permits()` belongs to the semaphore's lock; state() may
// be read without it by the waiter itself once it was woken. Wrappers derive from it (call.h);
// nobody else needs to.
#ifndef ASSAY_PATTERNS_SEMAPHORE_WAITER_H_
#define ASSAY_PATTERNS_SEMAPHORE_WAITER_H_

#include <cstdint>

#include "assay/patterns/waiter_queue.h"

namespace assay {

// What has become of a wish for permits.
enum class PermitState : std::uint8_t {
  kQueued,     // waits
  kGranted,    // holds its permits
  kQueueFull,  // was not let in
  kOverLimit,  // asked for more than the limit, or less than 1
  kTimedOut,   // left the queue without permits, or never entered
};

class SemaphoreWaiter : public QueuePlace {
 public:
  explicit SemaphoreWaiter(int permits) noexcept : permits_(permits) {}
  virtual ~SemaphoreWaiter() = default;

  int permits() const noexcept { return permits_; }
  PermitState state() const noexcept { return state_; }

 private:
  template <class Threads>
  friend class BasicSemaphore;

  // The wait is over. Called once, under the semaphore's lock: else a waiter that is cancelled at
  // this moment could be gone before the call has begun. It must not use the semaphore, nor go
  // on with the waiter on this very stack; Wake() of a nap does neither.
  virtual void Wake() noexcept = 0;

  const int permits_;
  PermitState state_ = PermitState::kTimedOut;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_WAITER_H_
