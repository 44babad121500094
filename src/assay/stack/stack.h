// Several patterns around one call, in the one order that makes sense of them:
//
//   rate limiter → total time-out → retry → per-try time-out → circuit breaker → semaphore → call
//
//   Stack stack{limiter, total, retry, per_try, breaker, semaphore};
//   const auto send = [&](const Try& attempt) { return client.Send(request, attempt.deadline); };
//   auto response = Call(stack, SteadyThreadTime(), RequestToRetry(request), send);
//
// - The rate is that of calls, not of tries: retries have a budget.
// - The total time-out holds for all tries and the waits between them; a per-try time-out for one.
// - The breaker sees every try, so it opens during one call's retries; a refusal by it, or by the
//   semaphore, is not tried again and is no evidence against the server.
// - A permit is held during a try and not while the next one is waited for.
// - The wait for a permit is part of a try's time, but to the breaker no part of how long the call
//   took. Two things follow from the order: a try that got its permit late and then runs out of its
//   per-try time is a failure of the server like any other; and a half-open breaker's probe is out
//   while it waits, so the semaphore's queue_timeout should be well below half_open_limit.
//
// A layer that is left out is `off`, and costs nothing: which layers there are is known at compile
// time. The clock is read once for all of them and, where one of them has to know, once more after
// each try (shared_now.h). A Stack refers to its patterns, which must outlive it and may be shared
// by others; it is a value and may be used from any thread.
//
// In coroutines: call_async.h. Left out: hedges, which stand between two stacks, and
// fallbacks, which go around all of this.
#ifndef ASSAY_STACK_STACK_H_
#define ASSAY_STACK_STACK_H_

#include <functional>
#include <type_traits>

#include "assay/core/deadline.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/rate_limiter/call.h"
#include "assay/patterns/retry/call.h"
#include "assay/patterns/semaphore/call.h"
#include "assay/patterns/timeout/call.h"
#include "assay/patterns/waiting.h"
#include "assay/stack/shared_now.h"

namespace assay {

// In place of a pattern that is left out.
struct Off {};
inline constexpr Off off;

template <class Limiter, class Total, class Retrying, class PerTry, class Breaker, class Bulkhead>
struct Stack {
  Limiter& limiter;
  Total& total;
  Retrying& retry;
  PerTry& per_try;
  Breaker& breaker;
  Bulkhead& semaphore;
};
template <class Limiter, class Total, class Retrying, class PerTry, class Breaker, class Bulkhead>
Stack(Limiter&, Total&, Retrying&, PerTry&, Breaker&, Bulkhead&)
    -> Stack<Limiter, Total, Retrying, PerTry, Breaker, Bulkhead>;

// A layer: what is around `fn`, or nothing.
template <class Time, class F>
auto AtRate(const Off&, const Time&, Deadline, F&& fn) {
  return fn();
}
template <class Limiter, class Time, class F>
auto AtRate(Limiter& limiter, const Time& time, Deadline deadline, F&& fn) {
  return Call(limiter, time, RateRequest{.deadline = deadline, .now = time.Now()}, fn);
}

template <class Time, class F>
auto InTime(const Off&, const Time&, Deadline outer, F&& fn) {
  return fn(outer);
}
template <class Time, class F>
auto InTime(Timeout& timeout, const Time& time, Deadline outer, F&& fn) {
  return Call(timeout, time, outer, fn);
}

template <class Time, class F>
auto WithRetries(const Off&, const Time&, const RetryRequest& request, F&& fn) {
  return fn(Try{.deadline = request.deadline});
}
template <class Retrying, class Time, class F>
auto WithRetries(Retrying& retry, const Time& time, const RetryRequest& request, F&& fn) {
  return Call(retry, time, request, fn);
}

// `fn` takes what it has to do when the call itself begins.
template <class Time, class F>
auto ThroughBreaker(const Off&, const Time&, F&& fn) {
  return fn([] {});
}
template <class Breaker, class Time, class F>
auto ThroughBreaker(Breaker& breaker, const Time& time, F&& fn) {
  CircuitPass pass(breaker, time);
  return Call(pass, [&] { return fn([&pass] { pass.Begin(); }); });
}

template <class Time, class F>
auto WithPermit(const Off&, const Time&, Deadline, F&& fn) {
  return fn();
}
template <class Bulkhead, class Time, class F>
auto WithPermit(Bulkhead& semaphore, const Time& time, Deadline deadline, F&& fn) {
  return Call(semaphore, time, deadline, fn);
}

// fn(const Try&)'s result, or that of the layer that refused or ended it. Blocks the calling thread
// while it waits. `request` says whether the call may be repeated and until when it is wanted.
template <class... Layers, ThreadTime Time, class F>
std::invoke_result_t<F&, const Try&> Call(const Stack<Layers...>& stack, const Time& time,
                                          const RetryRequest& request, F&& fn) {
  const SharedNow<Time> now(time);
  const auto attempt = [&](const Try& current, Deadline deadline) {
    const typename SharedNow<Time>::Passing call(now);
    return std::invoke(fn, Try{.attempt = current.attempt, .deadline = deadline});
  };
  const auto one_try = [&](const Try& current) {
    return InTime(stack.per_try, now, current.deadline, [&](Deadline deadline) {
      return ThroughBreaker(stack.breaker, now, [&](auto begin) {
        return WithPermit(stack.semaphore, now, deadline, [&] {
          begin();
          return attempt(current, deadline);
        });
      });
    });
  };
  return AtRate(stack.limiter, now, request.deadline, [&] {
    return InTime(stack.total, now, request.deadline, [&](Deadline end) {
      const RetryRequest within{
          .repeatable = request.repeatable, .deadline = end, .now = {}, .key = request.key};
      return WithRetries(stack.retry, now, within, one_try);
    });
  });
}

}  // namespace assay

#endif  // ASSAY_STACK_STACK_H_
