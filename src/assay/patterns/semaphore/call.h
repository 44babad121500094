// A call under a semaphore: wait for permits, call, give them back however the call ends.
//
//   Semaphore semaphore({.limit = 20});
//   const SteadyThreadTime time;
//   auto response = Call(semaphore, time, [&] { return client.Send(request); });
//   auto large = Call(semaphore, time, [&] { return client.Send(request); }, 5);  // permits
//
//   AsioTime time(executor);  // in coroutines of Boost.Asio, with the same semaphore
//   auto response = co_await CallAsync(semaphore, time, [&] { return Fetch(url); });
//
// Without a free permit the caller waits in the semaphore's queue until the earlier of its own
// deadline and the semaphore's queue_timeout; permits that are free are granted whatever the
// deadline, and without a look at the clock. Refusals are errors, and `fn` is not called:
// kLimitReached where no permit came free in time, or at once where the queue is full or the
// deadline has passed; kInvalidRequest where `permits` is not within 1 to the limit. What ends
// otherwise (an exception out of `fn` or out of the wait, a coroutine that is destroyed) gives
// back permits and place.
//
// `fn` takes no argument and returns (CallAsync: a task of) a Result. Safe to use from any number
// of threads with one semaphore, which must outlive the calls.
#ifndef ASSAY_PATTERNS_SEMAPHORE_CALL_H_
#define ASSAY_PATTERNS_SEMAPHORE_CALL_H_

#include <coroutine>
#include <functional>
#include <type_traits>
#include <utility>

#include "assay/patterns/semaphore/place.h"
#include "assay/patterns/semaphore/semaphore.h"
#include "assay/patterns/waiting.h"

namespace assay {

// Permits for a scope instead of a call. Blocks the calling thread while it waits.
template <class Threads, ThreadTime Time>
Result<Permit<BasicSemaphore<Threads>>> Acquire(BasicSemaphore<Threads>& semaphore,
                                                const Time& time,
                                                Deadline deadline = Deadline::Never(),
                                                int permits = 1) {
  using S = BasicSemaphore<Threads>;
  if (semaphore.TakeIfFree(permits)) return Permit<S>(semaphore, permits);
  auto wait = MayWait(semaphore, time, deadline, permits);
  if (!wait.ok()) return std::move(wait).error();
  SemaphorePlace<S, typename Time::Nap> place(semaphore, time, permits);
  if (place.queued()) place.AfterNap(place.nap().Until(wait->until));
  return place.Take(wait->longest);
}

// fn()'s result or a refusal. Blocks the calling thread while it waits.
template <class Threads, ThreadTime Time, class F>
std::invoke_result_t<F&> Call(BasicSemaphore<Threads>& semaphore, const Time& time,
                              Deadline deadline, F&& fn, int permits = 1) {
  auto permit = Acquire(semaphore, time, deadline, permits);
  if (!permit.ok()) return std::move(permit).error();
  return std::invoke(fn);
}

// The same for at most the semaphore's queue_timeout.
template <class Threads, ThreadTime Time, class F>
std::invoke_result_t<F&> Call(BasicSemaphore<Threads>& semaphore, const Time& time, F&& fn,
                              int permits = 1) {
  return Call(semaphore, time, Deadline::Never(), fn, permits);
}

// The same on the machine's time.
template <class Threads, class F>
std::invoke_result_t<F&> Call(BasicSemaphore<Threads>& semaphore, Deadline deadline, F&& fn,
                              int permits = 1) {
  return Call(semaphore, SteadyThreadTime(), deadline, fn, permits);
}

// The same as a coroutine of whatever task type fn() returns, provided that awaiting it yields a
// Result, that its `co_return` accepts an Error, and that it can await the naps of `time`. What it
// waits for is handed over before it goes on: nothing can come between, and where the wait ends by
// an exception (as Asio's does when it is cancelled) nothing is lost.
//
// `fn` is copied or moved into the coroutine: a reference to the caller's lambda would dangle as
// soon as the task outlives the full expression.
template <class Threads, CoroutineTime Time, class F>
std::invoke_result_t<F&> CallAsync(BasicSemaphore<Threads>& semaphore, Time& time,
                                   Deadline deadline, F fn, int permits = 1) {
  using S = BasicSemaphore<Threads>;
  Permit<S> permit;
  if (semaphore.TakeIfFree(permits)) {
    permit = Permit<S>(semaphore, permits);
  } else {
    auto wait = MayWait(semaphore, time, deadline, permits);
    if (!wait.ok()) co_return std::move(wait).error();
    SemaphorePlace<S, typename Time::Nap> place(semaphore, time, permits);
    if (place.queued()) {
      const bool time_is_over = co_await place.nap().Until(wait->until);
      place.AfterNap(time_is_over);
    }
    auto taken = place.Take(wait->longest);
    if (!taken.ok()) co_return std::move(taken).error();
    permit = std::move(*taken);
  }
  co_return co_await std::invoke(fn);
}

// The same for at most the semaphore's queue_timeout.
template <class Threads, CoroutineTime Time, class F>
std::invoke_result_t<F&> CallAsync(BasicSemaphore<Threads>& semaphore, Time& time, F fn,
                                   int permits = 1) {
  return CallAsync(semaphore, time, Deadline::Never(), std::move(fn), permits);
}

// The same in a coroutine that has no way to wait: kLimitReached at once when none is free.
template <class Threads, class F>
std::invoke_result_t<F&> CallAsync(BasicSemaphore<Threads>& semaphore, F fn) {
  const auto permit = TryPermit(semaphore);
  if (!permit) co_return SemaphoreFull();
  co_return co_await std::invoke(fn);
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_CALL_H_
