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

// A call beside a timer that cancels it at its deadline. For coroutines, which run the body in
// WithChildren() and then ask for the result.
template <ConcurrentTime Time, class F>
class TimedCall {
 public:
  template <class T>
  using Task = typename Time::template Task<T>;
  using R = typename std::invoke_result_t<F&, Deadline>::value_type;

  // All must outlive it.
  TimedCall(Time& time, Deadline deadline, F& fn) : deadline_(deadline), fn_(fn), done_(time) {}

  // The body.
  Task<bool> Run(typename Time::Children& children) {
    auto call = children.Spawn(Work());
    expired_ = co_await done_.Until(deadline_);
    if (expired_) call.Cancel();
    co_return expired_;
  }

  // After the body and its children have ended. What fn threw goes on, but for what it threw when
  // it was cancelled at the deadline: that is kTimeout, as is its own kCancelled then.
  R Result() && {
    using Called = std::invoke_result_t<F&, Deadline>;
    if (thrown_ && !(expired_ && Cancellation<Called>::Is(thrown_))) {
      std::rethrow_exception(thrown_);
    }
    const bool cancelled =
        !result_ || (!result_->ok() && result_->error().code == ErrorCode::kCancelled);
    if (expired_ && cancelled) return Error{ErrorCode::kTimeout, ""};
    return std::move(*result_);
  }

 private:
  Task<void> Work() {
    try {
      result_ = co_await fn_(deadline_);
    } catch (...) {
      thrown_ = std::current_exception();
    }
    done_.Wake();
  }

  const Deadline deadline_;
  F& fn_;
  // Here and not in the body, because the call may end after it.
  typename Time::Nap done_;
  std::optional<R> result_{};
  std::exception_ptr thrown_{};
  bool expired_ = false;
};

// The same as a coroutine of type Time::Task. Costs a child (20 allocations) for each call. What
// `fn` throws goes on to the caller, but for what it throws because it was cancelled at the
// deadline (core/cancellation.h): that is kTimeout. `fn` is moved into the coroutine.
template <ConcurrentTime Time, class F,
          class R = typename std::invoke_result_t<F&, Deadline>::value_type>
typename Time::template Task<R> CallAsync(Timeout& timeout, Time& time, Deadline outer, F fn) {
  const Deadline deadline = timeout.Begin(time.Now(), outer);
  TimedCall<Time, F> call(time, deadline, fn);
  const auto body = [&call](typename Time::Children& children) { return call.Run(children); };
  co_await time.template WithChildren<bool>(body);
  R result = std::move(call).Result();
  if (result.ok()) co_return result;
  co_return timeout.Explain(std::move(result).error(), deadline, outer, time.Now());
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_TIMEOUT_CALL_H_
