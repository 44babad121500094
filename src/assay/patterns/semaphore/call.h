// A call under a semaphore: take a permit, call, give the permit back however
// the call ends.
//
// `fn` takes no argument and returns (CallAsync: a task of) a Result. Safe to use
// from any number of threads with one semaphore, which must outlive the calls.
#ifndef ASSAY_PATTERNS_SEMAPHORE_CALL_H_
#define ASSAY_PATTERNS_SEMAPHORE_CALL_H_

#include <coroutine>
#include <functional>
#include <type_traits>
#include <utility>

#include "assay/patterns/semaphore/blocking_semaphore.h"

namespace assay {

// fn()'s result, or kLimitReached without calling it when no permit came free
// before `deadline`. Blocks the calling thread while it waits.
template <class F>
std::invoke_result_t<F&> Call(BlockingSemaphore& semaphore, Deadline deadline, F&& fn) {
  auto permit = semaphore.Acquire(deadline);
  if (!permit.ok()) return std::move(permit).error();
  return std::invoke(fn);
}

// The same as a coroutine of whatever task type fn() returns, provided that
// awaiting it yields a Result and that its `co_return` accepts an Error. Never
// waits for a permit, because waiting would stop the event loop: kLimitReached at
// once when none is free. The permit goes back when the task ends, and also when
// it is destroyed while suspended.
//
// `fn` is copied or moved into the coroutine: a reference to the caller's lambda
// would dangle as soon as the task outlives the full expression. `S` is Semaphore
// or BlockingSemaphore, so that threads and coroutines may share one.
template <class S, class F>
std::invoke_result_t<F&> CallAsync(S& semaphore, F fn) {
  const Permit<S> permit = TryPermit(semaphore);
  if (!permit) co_return LimitReached(semaphore.limit(), Duration::zero());
  co_return co_await std::invoke(fn);
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_CALL_H_
