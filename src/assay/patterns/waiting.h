// How a caller waits between two decisions: the two kinds of time that wrappers take as a parameter.
//
// A policy is told what time it is. A wrapper has to wait, too: for a free permit, for the next
// try, for a token. It does so through one of these, so that tests pass one whose time is
// virtual (fixtures/assay/fixture/fakes) and never sleep.
#ifndef ASSAY_PATTERNS_WAITING_H_
#define ASSAY_PATTERNS_WAITING_H_

#include <concepts>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"

namespace assay {

// For threads. SleepUntil() blocks until the time has come (true), or `stop` is
// requested (false); may be called from any thread.
template <class T>
concept ThreadTime = ClockSource<T> && requires(const T& time, TimePoint at, std::stop_token stop) {
  { time.SleepUntil(at, stop) } -> std::same_as<bool>;
};

// For coroutines. A `Nap` is one place to wait, used by one coroutine at a time:
// `co_await nap.Until(deadline)` is true when the time has come and false when somebody,
// on any thread, has called Wake() since the nap was made. A nap is not destroyed while a Wake() is
// going on. What Until() returns has to be something that the coroutine can await.
template <class T>
concept CoroutineTime = ClockSource<T> && requires(T& time, Deadline deadline) {
  typename T::Nap;
  requires std::constructible_from<typename T::Nap, T&>;
  requires requires(typename T::Nap& nap) {
    nap.Until(deadline);
    { nap.Wake() } noexcept -> std::same_as<void>;
  };
};

// The time of the machine, for threads.
struct SteadyThreadTime {
  TimePoint Now() const noexcept { return SteadyClock().Now(); }

  bool SleepUntil(TimePoint at, std::stop_token stop) const {
    std::mutex mutex;
    std::condition_variable_any nobody_notifies;
    std::unique_lock lock(mutex);
    nobody_notifies.wait_until(lock, std::move(stop), at, [] { return false; });
    return Now() >= at;
  }
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_WAITING_H_
