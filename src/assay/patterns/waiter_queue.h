// The queue in which callers wait for a pattern: first come, first served.
//
// A waiter is part of whoever waits (a thread's stack, a coroutine's frame) and carries its own
// links, so that waiting allocates nothing. Not thread-safe: both classes belong to the lock of the
// pattern. O(1), all of it.
#ifndef ASSAY_PATTERNS_WAITER_QUEUE_H_
#define ASSAY_PATTERNS_WAITER_QUEUE_H_

namespace assay {

// What can stand in a queue, in one at a time, and must have left it before it is destroyed.
class QueuePlace {
 public:
  QueuePlace() noexcept = default;
  QueuePlace(const QueuePlace&) = delete;
  QueuePlace& operator=(const QueuePlace&) = delete;

  bool queued() const noexcept { return queued_; }

 protected:
  ~QueuePlace() = default;

 private:
  template <class Waiter>
  friend class WaiterQueue;

  bool queued_ = false;
  QueuePlace* ahead_ = nullptr;
  QueuePlace* behind_ = nullptr;
};

// Of `Waiter`s, which derive from QueuePlace.
template <class Waiter>
class WaiterQueue {
 public:
  Waiter* head() const noexcept { return static_cast<Waiter*>(head_); }
  int size() const noexcept { return size_; }
  static Waiter* Behind(const QueuePlace& waiter) noexcept {
    return static_cast<Waiter*>(waiter.behind_);
  }

  void Append(Waiter& waiter) noexcept { Insert(waiter, tail_, nullptr); }
  void PutFirst(Waiter& waiter) noexcept { Insert(waiter, nullptr, head_); }

  // `waiter` must be in the queue.
  void Remove(QueuePlace& waiter) noexcept {
    (waiter.ahead_ != nullptr ? waiter.ahead_->behind_ : head_) = waiter.behind_;
    (waiter.behind_ != nullptr ? waiter.behind_->ahead_ : tail_) = waiter.ahead_;
    waiter.queued_ = false;
    --size_;
  }

 private:
  void Insert(QueuePlace& waiter, QueuePlace* ahead, QueuePlace* behind) noexcept {
    waiter.ahead_ = ahead;
    waiter.behind_ = behind;
    (ahead != nullptr ? ahead->behind_ : head_) = &waiter;
    (behind != nullptr ? behind->ahead_ : tail_) = &waiter;
    waiter.queued_ = true;
    ++size_;
  }

  QueuePlace* head_ = nullptr;
  QueuePlace* tail_ = nullptr;
  int size_ = 0;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_WAITER_QUEUE_H_
