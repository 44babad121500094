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

#include "assay/core/deadline.h"
#include "assay/patterns/hedge/hedge.h"
#include "assay/patterns/outcome.h"
#include "assay/patterns/waiting.h"

namespace assay {

// The attempts of one call, beside each other. For CallAsync.
template <ConcurrentTime Time, class F, class R, class Classifier>
class HedgedCall {
 public:
  using Children = typename Time::Children;
  template <class T>
  using Task = typename Time::template Task<T>;

  HedgedCall(Hedge& hedge, Time& time, F& fn, Classifier& classify)
      : hedge_(hedge), time_(time), fn_(fn), classify_(classify) {}

  // Begins attempts until one has won, or none is left to hope for.
  Task<bool> Run(Children& children) {
    Deadline next = Deadline::At(time_.Now());
    for (;;) {
      // Both before Begin(): an attempt may end within it, as one that need not wait does.
      nap_.emplace(time_);
      const int failed = failed_;
      if (next.Expired(time_.Now())) next = Begin(children);
      if (running_ > 0) co_await nap_->Until(next);
      if (winner_.Get()) co_return true;
      const bool at_once = hedge_.at_failure() && failed_ != failed && !closed_;
      if (at_once) next = Deadline::At(time_.Now());
      if (running_ == 0 && !at_once) co_return false;
    }
  }

  // After Run() and all attempts have ended.
  R Result() && {
    if (result_) return std::move(*result_);
    if (failure_) return std::move(*failure_);
    std::rethrow_exception(thrown_);
  }

 private:
  // When the next one after this is due, unless this is the last or has been refused.
  Deadline Begin(Children& children) {
    const TimePoint now = time_.Now();
    const bool begins = hedge_.Begin(attempts_, now);
    closed_ = !begins || attempts_ + 1 == hedge_.max_attempts();
    if (begins) {
      ++running_;
      children.Spawn(Attempt(attempts_++));
    }
    return closed_ ? Deadline::Never() : Deadline::After(now, hedge_.Delay());
  }

  Task<void> Attempt(int number) {
    const TimePoint begun = time_.Now();
    if (number == 0) first_out_since_ = begun;
    try {
      R result = co_await fn_(number);
      if (classify_(std::as_const(result)) == Outcome::kSuccess) {
        if (winner_.Claim(number)) Win(number, begun, std::move(result));
      } else if (!failure_ || number == 0) {
        failure_ = std::move(result);
      }
    } catch (...) {
      if (!thrown_) thrown_ = std::current_exception();
    }
    if (number == 0) first_out_since_.reset();
    --running_;
    ++failed_;
    nap_->Wake();
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
  std::exception_ptr thrown_{};
  std::optional<typename Time::Nap> nap_{};
  std::optional<TimePoint> first_out_since_{};
  int attempts_ = 0, running_ = 0, failed_ = 0;
  bool closed_ = false;  // no more attempts begin
};

template <ConcurrentTime Time, class F, class Classifier = DefaultClassifier,
          class R = typename std::invoke_result_t<F&, int>::value_type>
typename Time::template Task<R> CallAsync(Hedge& hedge, Time& time, F fn,
                                          Classifier classify = {}) {
  HedgedCall<Time, F, R, Classifier> call(hedge, time, fn, classify);
  const auto body = [&call](typename Time::Children& children) { return call.Run(children); };
  co_await time.template WithChildren<bool>(body);
  co_return std::move(call).Result();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_HEDGE_CALL_H_
