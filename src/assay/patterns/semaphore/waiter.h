// Who waits for permits, and the queue that they stand in.
//
// A waiter is part of whoever waits (a thread's stack, a coroutine's frame), so that waiting
// allocates nothing. Everything in it but `permits()` belongs to the semaphore's lock; state() may
// be read without it by the waiter itself once it was woken. Wrappers derive from it (call.h);
// nobody else needs to.
#ifndef ASSAY_PATTERNS_SEMAPHORE_WAITER_H_
#define ASSAY_PATTERNS_SEMAPHORE_WAITER_H_

#include <cstdint>

namespace assay {

// What has become of a wish for permits.
enum class PermitState : std::uint8_t {
  kQueued,     // waits
  kGranted,    // holds its permits
  kQueueFull,  // was not let in
  kOverLimit,  // asked for more than the limit, or less than 1
  kTimedOut,   // left the queue without permits, or never entered
};

class SemaphoreWaiter {
 public:
  explicit SemaphoreWaiter(int permits) noexcept : permits_(permits) {}
  SemaphoreWaiter(const SemaphoreWaiter&) = delete;
  SemaphoreWaiter& operator=(const SemaphoreWaiter&) = delete;

  virtual ~SemaphoreWaiter() = default;

  int permits() const noexcept { return permits_; }
  PermitState state() const noexcept { return state_; }

 private:
  template <class Threads>
  friend class BasicSemaphore;
  friend class SemaphoreQueue;

  // The wait is over. Called once, under the semaphore's lock: else a waiter that is cancelled at
  // this moment could be gone before the call has begun. It must not use the semaphore, nor go
  // on with the waiter on this very stack; Wake() of a nap does neither.
  virtual void Wake() noexcept = 0;

  const int permits_;
  PermitState state_ = PermitState::kTimedOut;
  SemaphoreWaiter* ahead_ = nullptr;
  SemaphoreWaiter* behind_ = nullptr;
};

// First come, first served. Not thread-safe.
class SemaphoreQueue {
 public:
  SemaphoreWaiter* head() const noexcept { return head_; }
  static SemaphoreWaiter* Behind(const SemaphoreWaiter& waiter) noexcept { return waiter.behind_; }

  void Append(SemaphoreWaiter& waiter) noexcept {
    waiter.ahead_ = tail_;
    waiter.behind_ = nullptr;
    (tail_ != nullptr ? tail_->behind_ : head_) = &waiter;
    tail_ = &waiter;
  }

  // `waiter` must be in the queue.
  void Remove(SemaphoreWaiter& waiter) noexcept {
    (waiter.ahead_ != nullptr ? waiter.ahead_->behind_ : head_) = waiter.behind_;
    (waiter.behind_ != nullptr ? waiter.behind_->ahead_ : tail_) = waiter.ahead_;
  }

 private:
  SemaphoreWaiter* head_ = nullptr;
  SemaphoreWaiter* tail_ = nullptr;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_WAITER_H_
