// A stack (stack.h) around a call in coroutines: the same layers in the same order, one reading of
// the clock for all of them.
//
//   AsioTime time(co_await boost::asio::this_coro::executor);
//   const auto send = [&](const Try& attempt) { return Send(request, attempt.deadline); };
//   auto response = co_await CallAsync(stack, time, RequestToRetry(request), send);
//
// `fn` takes a `const Try&`, which lasts as long as the attempt, and returns a task of a Result. A
// time-out that is on cancels the attempt when it passes, and waits until that has ended: what it
// threw because of it is kTimeout, a failure that the breaker counts and that is tried again. Waits
// in the semaphore's queue and between tries never go past a deadline. Where both time-outs are off
// the deadlines are told to `fn` and no more.
//
// Whoever is cancelled, at the limiter, in the semaphore's queue, during the attempt or between
// tries, gives everything back (tokens that were waited for, place, permit, a half-open breaker's
// admission); that it was cancelled is no evidence for the breaker. The same holds for a coroutine
// that is destroyed while it waits. Other exceptions of `fn` are failures to the breaker, are not
// tried again, and go on to the caller.
//
// Costs one coroutine frame for all layers: with a Result<int>, 432 bytes with all of them off, 912
// without the time-outs, 976 with all. Boost.Asio keeps eight frames of up to 1020 bytes for each
// thread (src/CMakeLists.txt), so where nobody has to wait nothing is allocated, as long as the
// attempt is no deeper than four coroutines; a Result of more than 90 bytes costs an allocation for
// a frame that is none of those. A time-out that is on makes the attempt a child, because a
// coroutine can only be cancelled from outside; never more than one for each try, since the total
// time-out ends a try by way of its deadline. Its timer is armed when the attempt has to wait.
// Figures: stack/async in bench/pattern/stack_async.cc.
//
// A hedge goes between retry and per-try time-out, so that each of its attempts has a time, a
// permit and a verdict of its own; it makes children of all attempts, which nobody should pay for
// who has none. So it stands between two stacks, each with some layers off:
//
//   Stack around{limiter, total, retry, off, off, off};
//   Stack within{off, off, off, per_try, breaker, semaphore};
//   const auto one_try = [&](const Try& current) {
//     const RetryRequest once{.deadline = current.deadline};
//     const auto attempt = [&, once](int) { return CallAsync(within, time, once, send); };
//     return CallAsync(hedge, time, attempt);
//   };
//   auto response = co_await CallAsync(around, time, RequestToRetry(request), one_try);
#ifndef ASSAY_STACK_CALL_ASYNC_H_
#define ASSAY_STACK_CALL_ASYNC_H_

#include <coroutine>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/patterns/timeout/call.h"
#include "assay/patterns/waiting.h"
#include "assay/stack/async_layers.h"
#include "assay/stack/stack.h"

namespace assay {

// fn(const Try&)'s result, or that of the layer that refused or ended it. The stack is copied, `fn`
// moved into the coroutine; the patterns and `time` must outlive it. One long function: a part
// of it that waits is a coroutine with a frame of its own, and with the try as one all rows of
// stack/async took 20 to 50 ns more. Every variable of it counts, since a frame of more than 1020
// bytes is none that Asio keeps.
template <class Limiter, class Total, class Retrying, class PerTry, class Breaker, class Bulkhead,
          ConcurrentTime Time, class F>
std::invoke_result_t<F&, const Try&> CallAsync(
    Stack<Limiter, Total, Retrying, PerTry, Breaker, Bulkhead> stack, Time& time,
    RetryRequest request, F fn) {
  using Task = std::invoke_result_t<F&, const Try&>;
  using R = typename Task::value_type;
  const SharedNow<Time> now(time);
  if constexpr (kLayerIsOn<Limiter>) {
    LimiterTurn turn(stack.limiter, now, request.deadline);
    if (turn.refused()) co_return turn.error();
    if (turn.must_wait()) {
      typename Time::Nap nap(time);
      co_await nap.Until(turn.due());
      now.Expire();
    }
    turn.Use();
  }
  const Deadline outer = request.deadline;
  request.deadline = BeginTime(stack.total, now, outer);
  request.now.reset();
  Tries<Retrying, SharedNow<Time>> tries(stack.retry, now, request);
  for (;;) {
    const Try attempt{.attempt = tries.current().attempt,
                      .deadline = BeginTime(stack.per_try, now, tries.current().deadline)};
    std::optional<R> result;
    {
      BreakerTurn<Breaker, Time> circuit(stack.breaker, now);
      if (circuit.refused()) {
        result = circuit.error();
      } else {
        try {
          PermitTurn<Bulkhead, Time> permit(stack.semaphore, time, now, attempt.deadline);
          if constexpr (kLayerIsOn<Bulkhead>) {
            if (permit.must_wait()) {
              const bool time_is_over = co_await permit.nap().Until(permit.until());
              now.Expire();
              permit.AfterNap(time_is_over);
              circuit.Begin();
            }
          }
          if (permit.refused()) {
            result = permit.error();
          } else if constexpr (kLayerIsOn<Total> || kLayerIsOn<PerTry>) {
            const auto call = [&fn, &attempt](Deadline) { return std::invoke(fn, attempt); };
            TimedCall timed(time, call, result);
            if (timed.Begin(attempt.deadline)) co_await timed.Join();
            now.Expire();
            timed.End();
          } else {
            result = co_await std::invoke(fn, attempt);
            now.Expire();
          }
        } catch (...) {
          now.Expire();
          circuit.template ReportThrown<Task>();
          throw;
        }
        result = ExplainTime(stack.per_try, now, attempt.deadline, tries.current().deadline,
                             *std::move(result));
        circuit.Report(*result);
      }
    }
    if constexpr (kLayerIsOn<Retrying>) {
      if (tries.GoesOn(*result)) {
        typename Time::Nap nap(time);
        co_await nap.Until(tries.next());
        now.Expire();
        if (tries.Starts()) continue;
      }
    }
    co_return ExplainTime(stack.total, now, request.deadline, outer, *std::move(result));
  }
}

}  // namespace assay

#endif  // ASSAY_STACK_CALL_ASYNC_H_
