// How a caller waits between two decisions: the two kinds of time that wrappers take as a
// parameter.
//
// A policy is told what time it is. A wrapper has to wait, too: for a free permit, for the next
// try, for a token. It does so through one of these, so that tests pass one whose time is
// virtual (fixtures/assay/fixture/fakes) and never sleep.
//
// Both have naps. A `Nap` is one place to wait, used by one waiter at a time: Until(deadline) is
// true when the time has come, and false when somebody, on any thread, has called Wake() since
// the nap was made. The waiter may destroy the nap as soon as it goes on: Wake() does not touch it
// any more by then.
#ifndef ASSAY_PATTERNS_WAITING_H_
#define ASSAY_PATTERNS_WAITING_H_

#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"

namespace assay {

// For threads: Until() blocks.
template <class T>
concept ThreadTime = ClockSource<T> && std::constructible_from<typename T::Nap, const T&> &&
    requires(typename T::Nap& nap, Deadline deadline) {
  { nap.Until(deadline) } -> std::same_as<bool>;
  { nap.Wake() }
  noexcept->std::same_as<void>;
};

// For coroutines: `co_await nap.Until(deadline)`, in any kind of coroutine that can await what
// Until() returns.
template <class T>
concept CoroutineTime = ClockSource<T> && std::constructible_from<typename T::Nap, T&> &&
    requires(typename T::Nap& nap, Deadline deadline) {
  nap.Until(deadline);
  { nap.Wake() }
  noexcept->std::same_as<void>;
};

// A CoroutineTime whose coroutines, of type Task<T>, can have children that run beside them, all on
// one executor. Children(time) are begun by Spawn(), within the call as far as they go without
// waiting; `co_await children.Join()`, which only who has running ones may do and who has them must
// do before anything else, goes on when all have ended, and ends them early where it is cancelled.
// `co_await time.WithChildren<T>(body)` does that around a coroutine body(Children&) and what it
// has begun. Alarm(time) calls a function at a deadline, on the executor, while its owner waits
// for something else. Allocator<T> is for what lasts as long as a call, and may keep its memory
// for the next one. (src/assay/adapters/asio_children.h, asio_time.h.)
template <class T>
concept ConcurrentTime = CoroutineTime<T> && std::constructible_from<typename T::Children, T&> &&
    std::constructible_from<typename T::Alarm, T&> &&
    requires(typename T::Children& children, typename T::template Task<void> task) {
  typename T::template Allocator<int>;
  children.Spawn(std::move(task));
  children.Cancel();
  { children.cancelled() } -> std::same_as<bool>;
  { children.running() } -> std::same_as<std::size_t>;
  children.Join();
} && requires(typename T::Alarm& alarm, Deadline deadline) {
  alarm.Set(deadline, [] {});
  alarm.Off();
};

// The time of the machine, for threads.
class SteadyThreadTime {
 public:
  TimePoint Now() const noexcept { return SteadyClock().Now(); }

  class Nap {
   public:
    explicit Nap(const SteadyThreadTime&) noexcept {}
    Nap(const Nap&) = delete;
    Nap& operator=(const Nap&) = delete;

    bool Until(Deadline deadline) {
      std::unique_lock lock(mutex_);
      // A timed wait is a system call, and gives the processor away, also where there is no time
      // left to wait.
      if (deadline.Expired(SteadyClock().Now())) return !woken_;
      const auto woken = [this] { return woken_; };
      if (!deadline.never()) return !changed_.wait_until(lock, deadline.at(), woken);
      changed_.wait(lock, woken);
      return false;
    }

    void Wake() noexcept {
      // Notified under the lock: as soon as it is free, the waiter may destroy the nap.
      const std::lock_guard lock(mutex_);
      woken_ = true;
      changed_.notify_one();
    }

   private:
    std::mutex mutex_{};
    std::condition_variable changed_{};
    bool woken_ = false;
  };
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_WAITING_H_
