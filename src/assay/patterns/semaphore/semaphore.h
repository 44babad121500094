// At most `limit` permits held at a time, and a queue of those who wait for one: a bulkhead.
//
//   Semaphore semaphore({.limit = 20, .queue_limit = 100});
//   const SteadyThreadTime time;
//   Result<Response> response = Call(semaphore, time, [&] { return client.Send(request); });
//
// Call(), CallAsync() and Acquire() in call.h wait; this class decides, without clock, thread or
// allocation. Every function may be called from any thread. The semaphore must outlive its permits,
// its waiters and every call in progress, a Release() included.
//
// Never above the limit: permits are taken by one compare-and-swap from a word that counts what
// is free, and what Resize() changes is that word. First come, first served: as long as somebody
// waits, permits that come back are handed to the head of the queue, and nobody overtakes, neither
// TryAcquire() nor a smaller request. So a large request is not starved; it holds up those behind
// it until enough is free. A waiter that leaves the queue lets those behind it have what is free.
// A waiter whose permits come at the very moment of its time-out keeps them; one that is cancelled
// at that moment gives them back to the next.
//
// Taking and giving back is one atomic read-modify-write each. A bit in the same word says that
// somebody waits; only then a mutex is locked.
//
// Sources: hand-off in order and weights as of Go's x/sync/semaphore, whose bug 10 (a cancelled
// head left those behind it asleep) is a test here; lowering the limit as a debt as of failsafe-go.
// Left out: priorities, LIFO order, an awaitable that yields a permit.
#ifndef ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_
#define ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <mutex>

#include "assay/core/threads.h"
#include "assay/patterns/semaphore/options.h"
#include "assay/patterns/semaphore/waiter.h"

namespace assay {

template <class Threads = StdThreads>
class BasicSemaphore {
 public:
  // Throws std::invalid_argument when an option is out of range.
  explicit BasicSemaphore(const SemaphoreOptions& options = {});

  // True: the caller holds `permits` and owes as many to Release(). False, and counted as rejected:
  // fewer are free, or somebody waits, or `permits` is not within 1 to the limit.
  bool TryAcquire(int permits = 1) noexcept {
    if (TakeIfFree(permits)) return true;
    CountRejected();
    return false;
  }

  // From any thread, in one go or in parts: altogether what was taken, never more.
  void Release(int permits = 1) noexcept {
    const Word before = word_.fetch_add(static_cast<Word>(permits));
    // The first half is enough, unless a Resize() is at work.
    assert((Free(before) + permits <= limit() || active() >= 0) && "Release() without a permit");
    if ((before & kSomebodyWaits) != 0) HandOver();
  }

  // In place: what is held stays held. Above a lower limit that is a debt: nothing is granted
  // before it was paid by releases. Waiters who ask for more than the new limit are refused at
  // once. Throws std::invalid_argument when `limit` is out of range. O(waiters).
  void Resize(int limit);

  int limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  int active() const noexcept { return Snapshot().active; }
  int queue_limit() const noexcept { return queue_limit_; }
  Duration queue_timeout() const noexcept { return queue_timeout_; }

  // O(1), under the mutex of the waiters. Its `peak` has not seen permits that came and went while
  // a Resize() was at work.
  SemaphoreMetrics Snapshot() const noexcept;

  // --- for wrappers ---

  // TryAcquire() by one who will wait otherwise: a refusal is not counted.
  bool TakeIfFree(int permits) noexcept;
  void CountRejected() noexcept { rejected_.fetch_add(1, std::memory_order_relaxed); }

  // Whether Enter() would refuse for want of room, by now.
  bool QueueFull() const noexcept { return queued_.load() >= queue_limit_; }

  // Takes the waiter's permits (kGranted), or puts it into the queue (kQueued), or refuses it
  // (counted). One that is queued must end up in exactly one of: its Wake(), after which state()
  // is kGranted or kOverLimit; Expire(); or Abandon().
  PermitState Enter(SemaphoreWaiter& waiter) noexcept;

  // Its time is over: kTimedOut, or what had become of it before.
  PermitState Expire(SemaphoreWaiter& waiter) noexcept;

  // It is about to be destroyed, woken or not: what it holds goes back.
  void Abandon(SemaphoreWaiter& waiter) noexcept;

 private:
  using Word = std::uint64_t;
  template <class T>
  using Atomic = typename Threads::template Atomic<T>;
  using Lock = std::lock_guard<typename Threads::Mutex>;

  // [acquisitions and resizes 42 | somebody waits 1 | free permits 21]. What is free is negative in
  // debt and therefore stored with kNoneFree added. Since resizes count, too, no word comes back.
  static constexpr int kFreeBits = 21;
  static constexpr Word kNoneFree = Word{1} << (kFreeBits - 1);
  static constexpr Word kFreeMask = (Word{1} << kFreeBits) - 1;
  static constexpr Word kSomebodyWaits = Word{1} << kFreeBits;
  static constexpr Word kAcquisition = kSomebodyWaits << 1;

  static constexpr int Free(Word word) noexcept {
    return static_cast<int>(word & kFreeMask) - static_cast<int>(kNoneFree);
  }
  static constexpr bool MayTake(Word word, int permits) noexcept {
    return permits >= 1 && permits <= Free(word) && (word & kSomebodyWaits) == 0;
  }
  static constexpr Word Take(int permits) noexcept {
    return kAcquisition - static_cast<Word>(permits);
  }

  void RaisePeak(int active) noexcept {
    int peak = peak_.load(std::memory_order_relaxed);
    while (active > peak && !peak_.compare_exchange_weak(peak, active, std::memory_order_relaxed)) {
    }
  }

  PermitState Refuse(PermitState state) noexcept {
    CountRejected();
    return state;
  }
  void HandOver() noexcept;

  // With the mutex held.
  bool AnnounceWaiter(int permits) noexcept;
  void Serve() noexcept;
  void Leave(SemaphoreWaiter& waiter, PermitState state) noexcept;
  void RefuseOversized() noexcept;

  // All accesses are sequentially consistent, which costs nothing here on x86.
  alignas(64) Atomic<Word> word_;
  Atomic<int> limit_;  // written under the mutex
  Atomic<int> peak_{0};
  const int queue_limit_;
  const Duration queue_timeout_;

  // On a line of its own: a storm of refusals must not slow the holders down.
  alignas(64) Atomic<std::uint64_t> rejected_{0};

  alignas(64) mutable typename Threads::Mutex mutex_{};
  WaiterQueue<SemaphoreWaiter> queue_{};
  Atomic<int> queued_{0};  // written under the mutex
  std::uint64_t timeouts_ = 0;
  std::uint64_t resizes_ = 0;
};

using Semaphore = BasicSemaphore<>;

template <class Threads>
bool BasicSemaphore<Threads>::TakeIfFree(int permits) noexcept {
  Word word = word_.load();
  int limit = 0;
  do {
    if (!MayTake(word, permits)) return false;
    // Before the exchange: as long as the word stays the same, so does the limit that it is of.
    limit = limit_.load(std::memory_order_relaxed);
  } while (!word_.compare_exchange_weak(word, word + Take(permits)));
  RaisePeak(limit - Free(word) + permits);
  return true;
}

template <class Threads>
BasicSemaphore<Threads>::BasicSemaphore(const SemaphoreOptions& options)
    : word_(kNoneFree + static_cast<Word>(CheckedSemaphoreOptions(options).limit)),
      limit_(options.limit),
      queue_limit_(options.queue_limit),
      queue_timeout_(options.queue_timeout) {}

template <class Threads>
PermitState BasicSemaphore<Threads>::Enter(SemaphoreWaiter& waiter) noexcept {
  const Lock lock(mutex_);
  if (waiter.permits_ < 1 || waiter.permits_ > limit()) return Refuse(PermitState::kOverLimit);
  do {
    if (TakeIfFree(waiter.permits_)) return waiter.state_ = PermitState::kGranted;
    if (QueueFull()) return Refuse(PermitState::kQueueFull);
  } while (!AnnounceWaiter(waiter.permits_));
  queue_.Append(waiter);
  queued_.store(queued_.load() + 1);
  return waiter.state_ = PermitState::kQueued;
}

template <class Threads>
bool BasicSemaphore<Threads>::AnnounceWaiter(int permits) noexcept {
  // That too few are free is found out, and the bit is set, in one step: a release came before it
  // and is seen here, or comes after it and sees the bit.
  Word word = word_.load();
  return !MayTake(word, permits) && word_.compare_exchange_weak(word, word | kSomebodyWaits);
}

template <class Threads>
PermitState BasicSemaphore<Threads>::Expire(SemaphoreWaiter& waiter) noexcept {
  const Lock lock(mutex_);
  if (waiter.state_ == PermitState::kQueued) {
    ++timeouts_;
    Leave(waiter, PermitState::kTimedOut);
    Serve();  // it may have been the head, too large for what is free
  }
  return waiter.state_;
}

template <class Threads>
void BasicSemaphore<Threads>::Abandon(SemaphoreWaiter& waiter) noexcept {
  const Lock lock(mutex_);
  if (waiter.state_ == PermitState::kQueued) Leave(waiter, PermitState::kTimedOut);
  if (waiter.state_ == PermitState::kGranted) word_.fetch_add(static_cast<Word>(waiter.permits_));
  Serve();
}

template <class Threads>
void BasicSemaphore<Threads>::HandOver() noexcept {
  const Lock lock(mutex_);
  Serve();
}

template <class Threads>
void BasicSemaphore<Threads>::Serve() noexcept {
  while (SemaphoreWaiter* const head = queue_.head()) {
    const int permits = head->permits_;
    // Free permits only become more meanwhile: while somebody waits, nobody else takes any.
    if (permits > Free(word_.load())) return;
    const Word before = word_.fetch_add(Take(permits));
    RaisePeak(limit() - Free(before) + permits);
    Leave(*head, PermitState::kGranted);
    head->Wake();
  }
}

template <class Threads>
void BasicSemaphore<Threads>::Leave(SemaphoreWaiter& waiter, PermitState state) noexcept {
  queue_.Remove(waiter);
  waiter.state_ = state;
  queued_.store(queued_.load() - 1);
  if (queue_.head() == nullptr) word_.fetch_and(~kSomebodyWaits);
}

template <class Threads>
void BasicSemaphore<Threads>::Resize(int limit) {
  CheckedPermitLimit(limit);
  const Lock lock(mutex_);
  const int before = limit_.load();
  // The smaller limit is the one that is seen during the change, so that `peak` never shows
  // permits that were not held.
  if (limit < before) limit_.store(limit);
  word_.fetch_add(kAcquisition + static_cast<Word>(limit) - static_cast<Word>(before));
  ++resizes_;
  if (limit > before) limit_.store(limit);
  RaisePeak(limit - Free(word_.load()));  // of those who took permits during the change
  RefuseOversized();
  Serve();
}

template <class Threads>
void BasicSemaphore<Threads>::RefuseOversized() noexcept {
  for (SemaphoreWaiter* waiter = queue_.head(); waiter != nullptr;) {
    SemaphoreWaiter& refused = *waiter;
    waiter = queue_.Behind(refused);  // before it is woken and gone
    if (refused.permits_ <= limit()) continue;
    CountRejected();
    Leave(refused, PermitState::kOverLimit);
    refused.Wake();
  }
}

template <class Threads>
SemaphoreMetrics BasicSemaphore<Threads>::Snapshot() const noexcept {
  const Lock lock(mutex_);
  const Word word = word_.load();
  const int limit = limit_.load();
  const int active = limit - Free(word);
  return {.limit = limit,
          .active = active,
          // Who has just taken permits may not have come to write the peak.
          .peak = std::max(active, peak_.load(std::memory_order_relaxed)),
          .queued = queued_.load(),
          .acquisitions = (word - resizes_ * kAcquisition) / kAcquisition,
          .timeouts = timeouts_,
          .rejected = rejected_.load(std::memory_order_relaxed)};
}

extern template class BasicSemaphore<StdThreads>;

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_
