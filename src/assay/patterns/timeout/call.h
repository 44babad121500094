// A call that ends in time.
//
//   Timeout timeout({.limit = std::chrono::seconds(2)});
//   auto response = Call(timeout, SteadyThreadTime(), Deadline::Never(), [&](Deadline deadline) {
//     return client.Send(request, deadline);
//   });
//
// `fn` takes the Deadline and returns (CallAsync: a task of) a Result. A thread cannot be stopped
// from outside, so for threads it is `fn` that has to keep the deadline. A coroutine is cancelled
// when the deadline passes, and waited for: it has given back what it held before CallAsync
// returns.
#ifndef ASSAY_PATTERNS_TIMEOUT_CALL_H_
#define ASSAY_PATTERNS_TIMEOUT_CALL_H_

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/result.h"
#include "assay/patterns/timeout/timeout.h"
#include "assay/patterns/waiting.h"

namespace assay {

// fn(deadline)'s result; an error after the deadline is explained (see Timeout::Explain).
template <ClockSource Time, class F>
std::invoke_result_t<F&, Deadline> Call(Timeout& timeout, const Time& time, Deadline outer,
                                        F&& fn) {
  const Deadline deadline = timeout.Begin(time.Now(), outer);
  auto result = std::invoke(fn, deadline);
  if (result.ok()) return result;
  return timeout.Explain(std::move(result).error(), deadline, outer, time.Now());
}

// The same as a coroutine of type Time::Task. Costs a child (a coroutine frame and a timer) for
// each call. What `fn` throws goes on to the caller, but for what it throws because it was
// cancelled at the deadline (Children::IsCancellation): that is kTimeout. `fn` is moved into the
// coroutine.
template <ConcurrentTime Time, class F,
          class R = typename std::invoke_result_t<F&, Deadline>::value_type>
typename Time::template Task<R> CallAsync(Timeout& timeout, Time& time, Deadline outer, F fn) {
  const Deadline deadline = timeout.Begin(time.Now(), outer);
  std::optional<R> result;
  std::exception_ptr thrown;
  // Out here and not in the body, because the call may end after it.
  typename Time::Nap done(time);
  const auto run = [&]() -> typename Time::template Task<void> {
    try {
      result = co_await fn(deadline);
    } catch (...) {
      thrown = std::current_exception();
    }
    done.Wake();
  };
  const auto body = [&](typename Time::Children& children) -> typename Time::template Task<bool> {
    auto call = children.Spawn(run());
    const bool came = co_await done.Until(deadline);
    if (came) call.Cancel();
    co_return came;
  };
  const bool expired = co_await time.template WithChildren<bool>(body);
  if (result && result->ok()) co_return std::move(*result);
  const bool stopped = expired && Time::Children::IsCancellation(thrown);
  if (thrown && !stopped) std::rethrow_exception(thrown);
  Error error{ErrorCode::kCancelled, ""};
  if (result) error = std::move(*result).error();
  co_return timeout.Explain(std::move(error), deadline, outer, time.Now());
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_TIMEOUT_CALL_H_
