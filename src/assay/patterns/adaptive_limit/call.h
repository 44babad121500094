// A call under an adaptive limit: begin, call, and say how long it took however it ends.
//
// `fn` takes no argument and returns (CallAsync: a task of) a Result; `classify` turns that into an
// Outcome. What it throws, a cancelled coroutine too, counts for nothing and goes on to the
// caller. Nobody waits: a call above the limit is refused with kLimitReached. The limit and `time`
// must outlive the calls.
#ifndef ASSAY_PATTERNS_ADAPTIVE_LIMIT_CALL_H_
#define ASSAY_PATTERNS_ADAPTIVE_LIMIT_CALL_H_

#include <coroutine>
#include <functional>
#include <type_traits>
#include <utility>

#include "assay/core/result.h"
#include "assay/patterns/adaptive_limit/adaptive_limit.h"

namespace assay {

// One call under the limit: begins when it is made, ends at most once. Left unreported it gives its
// place back and counts for nothing.
template <ClockSource Clock>
class LimitedCall {
 public:
  LimitedCall(AdaptiveLimit& limit, const Clock& clock)
      : limit_(limit), clock_(clock), open_(limit.TryBegin()), admitted_(open_) {
    if (open_) begun_ = clock.Now();
  }
  LimitedCall(const LimitedCall&) = delete;
  LimitedCall& operator=(const LimitedCall&) = delete;
  ~LimitedCall() {
    if (open_) limit_.End(Outcome::kIgnored, Duration::zero(), begun_);
  }

  bool admitted() const noexcept { return admitted_; }

  void Report(Outcome outcome) {
    if (!std::exchange(open_, false)) return;
    const TimePoint now = clock_.Now();
    limit_.End(outcome, now - begun_, now);
  }

 private:
  AdaptiveLimit& limit_;
  const Clock& clock_;
  TimePoint begun_{};
  bool open_;
  bool admitted_;
};

template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> Call(AdaptiveLimit& limit, const Clock& clock, F&& fn,
                              Classifier classify = {}) {
  LimitedCall call(limit, clock);
  if (!call.admitted()) return AdaptiveLimitReached();
  auto result = std::invoke(fn);
  call.Report(classify(std::as_const(result)));
  return result;
}

// The same as a coroutine of whatever task type fn() returns. `fn` and `classify` are moved into
// it.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> CallAsync(AdaptiveLimit& limit, const Clock& clock, F fn,
                                   Classifier classify = {}) {
  LimitedCall call(limit, clock);
  if (!call.admitted()) co_return AdaptiveLimitReached();
  auto result = co_await fn();
  call.Report(classify(std::as_const(result)));
  co_return result;
}

// A temporary clock would be gone when the task runs.
template <ClockSource Clock, class F, class Classifier = DefaultClassifier>
std::invoke_result_t<F&> CallAsync(AdaptiveLimit& limit, const Clock&& clock, F fn,
                                   Classifier classify = {}) = delete;

}  // namespace assay

#endif  // ASSAY_PATTERNS_ADAPTIVE_LIMIT_CALL_H_
