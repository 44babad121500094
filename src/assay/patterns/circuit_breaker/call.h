// A call through a circuit breaker: ask, call, report however the call ends.
//
//   const auto response = Call(breaker, SteadyClock(), [&] { return client.Send(request); });
//   if (!response.ok() && response.error().code == ErrorCode::kCircuitOpen) {
//     const Duration come_back_after = breaker.RetryAfter(SteadyClock().Now());
//   }
//
// `fn` takes no argument and returns (CallAsync: a task of) a Result; `classify`
// turns that Result into an Outcome. An exception goes on to the caller and counts as
// a failure, unless it says that the call was cancelled (core/cancellation.h): that is
// ignored, as it is in Polly. A `classify` that also takes a std::exception_ptr decides itself.
// A time-out around the breaker cancels what is inside, so the breaker learns nothing of it; where
// time-outs shall count, put the time-out inside. Safe to use from any number of threads with one
// breaker, which must outlive the calls.
//
// The clock is read only where the answer depends on it: before the call if the breaker is not
// closed or slow calls count; after it unless it is ignored, or a success of which nothing is to be
// remembered (no slow calls, and no window or one that is full of successes).
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_H_

#include <coroutine>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "assay/core/cancellation.h"
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

namespace assay {

// One pass through the breaker: asks when it is made, reports at most once. Left
// unreported (a coroutine destroyed while suspended) it gives its probe back and
// counts for nothing. Breaker and clock must outlive it.
template <ClockSource Clock>
class CircuitPass {
 public:
  CircuitPass(CircuitBreaker& breaker, const Clock& clock)
      : breaker_(&breaker), clock_(clock), admission_(breaker.AdmitIfClosed()) {
    if (!admission_.admitted || breaker.times_calls()) begin_ = clock_.Now();
    if (!admission_.admitted) admission_ = breaker.Admit(begin_);
    if (!admission_.admitted) breaker_ = nullptr;
  }
  CircuitPass(const CircuitPass&) = delete;
  CircuitPass& operator=(const CircuitPass&) = delete;
  ~CircuitPass() { Report(Outcome::kIgnored); }

  bool admitted() const noexcept { return admission_.admitted; }
  const Admission& admission() const noexcept { return admission_; }

  // The call begins only now: what has passed since the admission was a wait on this side of the
  // wire, which says nothing about how slow the other one is.
  void Begin() {
    if (breaker_ != nullptr && breaker_->times_calls()) begin_ = clock_.Now();
  }

  void Report(Outcome outcome) {
    CircuitBreaker* const breaker = std::exchange(breaker_, nullptr);
    if (breaker == nullptr || breaker->RecordIfCalm(admission_, outcome)) return;
    const bool ignored =
        outcome == Outcome::kIgnored || admission_.state == CircuitState::kDisabled;
    const TimePoint end = ignored ? TimePoint{} : clock_.Now();
    const bool timed = breaker->times_calls();
    breaker->Record(admission_, outcome, end, timed ? end - begin_ : Duration::zero());
  }

 private:
  CircuitBreaker* breaker_;  // null once there is nothing to report any more
  const Clock& clock_;
  Admission admission_;
  TimePoint begin_{};  // where it matters
};

// What the exception in flight, thrown by a call that returns a `Task`, says about the remote side.
template <class Task, class Classifier>
Outcome ClassifyException(Classifier& classify) {
  const std::exception_ptr thrown = std::current_exception();
  if constexpr (std::is_invocable_v<Classifier&, std::exception_ptr>) {
    return std::invoke(classify, thrown);
  } else {
    return Cancellation<Task>::Is(thrown) ? Outcome::kIgnored : Outcome::kFailure;
  }
}

// fn()'s result, or kCircuitOpen without calling it. For who needs the pass itself.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> Call(CircuitPass<Clock>& pass, F&& fn, Classifier classify = {}) {
  if (!pass.admitted()) return CircuitOpen(pass.admission());
  try {
    auto result = std::invoke(fn);
    pass.Report(classify(std::as_const(result)));
    return result;
  } catch (...) {
    pass.Report(ClassifyException<std::invoke_result_t<F&>>(classify));
    throw;
  }
}

// The same with a pass of its own.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> Call(CircuitBreaker& breaker, const Clock& clock, F&& fn,
                              Classifier classify = {}) {
  CircuitPass pass(breaker, clock);
  return Call(pass, fn, std::move(classify));
}

// The same as a coroutine of whatever task type fn() returns, provided that
// awaiting it yields a Result and that its `co_return` accepts that Result and an
// Error. A task that is destroyed while suspended counts for nothing.
//
// `fn` and `classify` are copied or moved into the coroutine: references to the
// caller's lambdas would dangle as soon as the task outlives the full expression.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> CallAsync(CircuitBreaker& breaker, const Clock& clock, F fn,
                                   Classifier classify = {}) {
  CircuitPass pass(breaker, clock);
  if (!pass.admitted()) co_return CircuitOpen(pass.admission());
  try {
    auto result = co_await std::invoke(fn);
    pass.Report(classify(std::as_const(result)));
    co_return result;
  } catch (...) {
    pass.Report(ClassifyException<std::invoke_result_t<F&>>(classify));
    throw;
  }
}

// A temporary clock would be gone when the task runs.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> CallAsync(CircuitBreaker& breaker, const Clock&& clock, F fn,
                                   Classifier classify = {}) = delete;

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CALL_H_
