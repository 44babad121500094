// A call whose late answer is hedged.
//
// `fn` takes the number of the attempt, from 0, and returns a task of a Result; attempts run beside
// each other, so what they refer to has to stand that. The first success wins; `classify` says what
// is one. The others are cancelled and waited for before CallAsync returns, so nothing of
// theirs is left behind; what they throw is dropped. Where no attempt succeeds the caller gets what
// the first one returned, or if it threw what another one returned, or else what it threw.
#ifndef ASSAY_PATTERNS_HEDGE_CALL_H_
#define ASSAY_PATTERNS_HEDGE_CALL_H_

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/cancellation.h"
#include "assay/core/deadline.h"
#include "assay/patterns/hedge/hedge.h"
#include "assay/patterns/outcome.h"
#include "assay/patterns/waiting.h"

namespace assay {

// The attempts of one call, beside each other. For coroutines: where Begin() says so they await
// Join(), and then ask for the result.
template <ConcurrentTime Time, class F, class R, class Classifier>
class HedgedCall {
 public:
  template <class T>
  using Task = typename Time::template Task<T>;

  // All must outlive it.
  HedgedCall(Hedge& hedge, Time& time, F& fn, Classifier& classify)
      : hedge_(hedge), time_(time), fn_(fn), classify_(classify), next_(time), attempts_(time) {}

  // False where the call has ended already: no timer has been touched then.
  bool Begin() {
    BeginNext();
    return attempts_.running() > 0;
  }
  auto Join() { return attempts_.Join(); }

  // After its end.
  R Result() && {
    if (result_) return std::move(*result_);
    if (cancelled_) std::rethrow_exception(cancelled_);
    if (failure_) return std::move(*failure_);
    std::rethrow_exception(thrown_);
  }

 private:
  // The next attempt, and the alarm for the one after it, unless it is the last or is refused.
  void BeginNext() {
    next_.Off();
    if (attempts_.cancelled()) return;
    const TimePoint now = time_.Now();
    const int number = begun_;
    const bool begins = hedge_.Begin(number, now);
    closed_ = !begins || number + 1 == hedge_.max_attempts();
    if (!begins) return;
    ++begun_;
    ++running_;
    attempts_.Spawn(Attempt(number, now));
    // An attempt may end within Spawn(), and others begin.
    if (running_ > 0 && !closed_ && begun_ == number + 1) {
      next_.Set(Deadline::After(now, hedge_.Delay()), [this] { BeginNext(); });
    }
  }

  Task<void> Attempt(int number, TimePoint begun) {
    if (number == 0) first_out_since_ = begun;
    try {
      R result = co_await fn_(number);
      if (classify_(std::as_const(result)) == Outcome::kSuccess) {
        if (winner_.Claim(number)) Win(number, begun, std::move(result));
      } else if (!failure_ || number == 0) {
        failure_ = std::move(result);
      }
    } catch (...) {
      const auto thrown = std::current_exception();
      const bool told = Cancellation<std::invoke_result_t<F&, int>>::Is(thrown);
      auto& kept = attempts_.cancelled() && told ? cancelled_ : thrown_;
      if (!kept || number == 0) kept = thrown;
    }
    if (number == 0) first_out_since_.reset();
    --running_;
    End();
  }

  // An attempt has: the call is over, or the next one begins.
  void End() {
    const bool at_once = hedge_.at_failure() && !closed_;
    if (winner_.Get()) {
      // Once: who is winding up is not to be told again.
      if (!attempts_.cancelled()) attempts_.Cancel();
    } else if (at_once) {
      BeginNext();
    } else if (running_ == 0) {
      next_.Off();
    }
  }

  void Win(int number, TimePoint begun, R result) {
    const TimePoint now = time_.Now();
    hedge_.Won(number, now - begun, now);
    if (number > 0 && first_out_since_) hedge_.Overtaken(now - *first_out_since_);
    result_ = std::move(result);
  }

  Hedge& hedge_;
  Time& time_;
  F& fn_;
  Classifier& classify_;
  Winner winner_{};
  std::optional<R> result_{}, failure_{};
  std::exception_ptr thrown_{}, cancelled_{};
  std::optional<TimePoint> first_out_since_{};
  int begun_ = 0, running_ = 0;
  bool closed_ = false;  // no more attempts begin
  typename Time::Alarm next_;
  typename Time::Children attempts_;
};

template <ConcurrentTime Time, class F, class Classifier = DefaultClassifier,
          class R = typename std::invoke_result_t<F&, int>::value_type>
typename Time::template Task<R> CallAsync(Hedge& hedge, Time& time, F fn,
                                          Classifier classify = {}) {
  HedgedCall<Time, F, R, Classifier> call(hedge, time, fn, classify);
  if (call.Begin()) co_await call.Join();
  co_return std::move(call).Result();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_HEDGE_CALL_H_
