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

#include "assay/core/cancellation.h"
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

// A call that is cancelled at its deadline. For coroutines: where Begin() says so they await
// Join(); then comes End().
template <ConcurrentTime Time, class F>
class TimedCall {
 public:
  template <class T>
  using Task = typename Time::template Task<T>;
  using R = typename std::invoke_result_t<F&, Deadline>::value_type;

  // All must outlive it; `result` becomes the call's.
  TimedCall(Time& time, F& fn, std::optional<R>& result)
      : fn_(fn), result_(result), alarm_(time), call_(time) {}

  // False where it has ended already: no timer has been touched then.
  bool Begin(Deadline deadline) {
    call_.Spawn(Work(deadline));
    if (call_.running() == 0) return false;
    alarm_.Set(deadline, [this] {
      if (call_.cancelled()) return;  // by the caller: no time-out, and not to be told again
      expired_ = true;
      call_.Cancel();
    });
    return true;
  }
  auto Join() { return call_.Join(); }

  // What fn threw goes on, but for what it threw when it was cancelled at the deadline: that is
  // kTimeout, as is its own kCancelled then.
  void End() {
    using Called = std::invoke_result_t<F&, Deadline>;
    if (thrown_ && !(expired_ && Cancellation<Called>::Is(thrown_))) {
      std::rethrow_exception(thrown_);
    }
    const bool cancelled =
        !result_ || (!result_->ok() && result_->error().code == ErrorCode::kCancelled);
    if (expired_ && cancelled) result_ = Error{ErrorCode::kTimeout, ""};
  }

 private:
  Task<void> Work(Deadline deadline) {
    try {
      result_ = co_await fn_(deadline);
    } catch (...) {
      thrown_ = std::current_exception();
    }
    alarm_.Off();
  }

  F& fn_;
  std::optional<R>& result_;
  std::exception_ptr thrown_{};
  bool expired_ = false;
  typename Time::Alarm alarm_;
  typename Time::Children call_;
};

// The same as a coroutine of type Time::Task. Costs a child for each call, and a timer where that
// has to wait. What `fn` throws goes on to the caller, but for what it throws because it was
// cancelled at the deadline (core/cancellation.h): that is kTimeout. `fn` is moved into the
// coroutine.
template <ConcurrentTime Time, class F,
          class R = typename std::invoke_result_t<F&, Deadline>::value_type>
typename Time::template Task<R> CallAsync(Timeout& timeout, Time& time, Deadline outer, F fn) {
  const Deadline deadline = timeout.Begin(time.Now(), outer);
  std::optional<R> result;
  TimedCall<Time, F> call(time, fn, result);
  if (call.Begin(deadline)) co_await call.Join();
  call.End();
  if (result->ok()) co_return *std::move(result);
  co_return timeout.Explain(std::move(*result).error(), deadline, outer, time.Now());
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_TIMEOUT_CALL_H_
