// The layers of a stack as steps of one coroutine: call_async.h needs them, nobody else.
//
// A step decides and remembers; it never waits itself, because what waits is a coroutine of its own
// and that allocates. Steps are never used of a layer that is off, but for BeginTime() and
// ExplainTime().
#ifndef ASSAY_STACK_ASYNC_LAYERS_H_
#define ASSAY_STACK_ASYNC_LAYERS_H_

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "assay/core/cancellation.h"
#include "assay/core/deadline.h"
#include "assay/core/result.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/outcome.h"
#include "assay/patterns/rate_limiter/call.h"
#include "assay/patterns/retry/call.h"
#include "assay/patterns/semaphore/call.h"
#include "assay/patterns/timeout/timeout.h"
#include "assay/stack/shared_now.h"
#include "assay/stack/stack.h"

namespace assay {

template <class Layer>
inline constexpr bool kLayerIsOn = !std::is_same_v<std::remove_const_t<Layer>, Off>;

template <class Now>
Deadline BeginTime(const Off&, const Now&, Deadline outer) {
  return outer;
}
template <class Now>
Deadline BeginTime(Timeout& timeout, const Now& now, Deadline outer) {
  return timeout.Begin(now.Now(), outer);
}

template <class R, class Now>
R ExplainTime(const Off&, const Now&, Deadline, Deadline, R result) {
  return result;
}
template <class R, class Now>
R ExplainTime(Timeout& timeout, const Now& now, Deadline deadline, Deadline outer, R result) {
  if (result.ok()) return result;
  return timeout.Explain(std::move(result).error(), deadline, outer, now.Now());
}

// A call's tokens, and the wait for them.
template <class Limiter, class Now>
class LimiterTurn {
 public:
  LimiterTurn(Limiter& limiter, const Now& now, Deadline deadline)
      : turn_(limiter, {.deadline = deadline}, now.Now()) {}
  bool refused() const noexcept { return !turn_.granted(); }
  Error error() const { return turn_.error({}); }
  bool must_wait() const noexcept { return turn_.must_wait(); }
  Deadline due() const noexcept { return turn_.due(); }
  void Use() noexcept { turn_.Use(); }

 private:
  decltype(RateTurn(std::declval<Limiter&>(), {}, TimePoint())) turn_;
};

// The tries of a call.
template <class Retrying, class Now>
class Tries {
 public:
  Tries(Retrying& retry, const Now& now, const RetryRequest& request)
      : retry_(retry), now_(now), request_(request), start_(StartRetry(retry, now, request)) {}

  const Try& current() const noexcept { return run_ ? run_->current() : start_.first; }

  // After a try: whether to wait until next() and to ask Starts() then.
  template <class R>
  bool GoesOn(const R& result) {
    const TryOutcome outcome = DescribeTry()(result);
    if (!run_) {
      if (EndsRetry(retry_, now_, outcome, 1)) return false;
      run_.emplace(retry_, now_, request_, start_);
    }
    return run_->GoesOn(outcome);
  }
  Deadline next() const noexcept { return run_->next_try(); }
  bool Starts() { return run_->Starts(); }

 private:
  using Run =
      decltype(RetryRun(std::declval<Retrying&>(), std::declval<const Now&>(),
                        std::declval<const RetryRequest&>(), std::declval<const RetryStart&>()));

  Retrying& retry_;
  const Now& now_;
  const RetryRequest& request_;
  const RetryStart start_;
  std::optional<Run> run_{};  // from the first failure on
};

template <class Now>
class Tries<const Off, Now> {
 public:
  Tries(const Off&, const Now&, const RetryRequest& request)
      : current_{.deadline = request.deadline} {}
  const Try& current() const noexcept { return current_; }

 private:
  const Try current_;
};

// One try's way through the breaker. What a task throws because it is cancelled says nothing about
// the server; all else that it throws is a failure.
template <class Breaker, class Time>
class BreakerTurn {
 public:
  BreakerTurn(Breaker& breaker, const SharedNow<Time>& now) : pass_(breaker, now) {}

  bool refused() const noexcept { return !pass_.admitted(); }
  Error error() const { return CircuitOpen(pass_.admission()); }
  // After a wait: the call itself begins.
  void Begin() { pass_.Begin(); }
  template <class R>
  void Report(const R& result) {
    pass_.Report(Classify(result));
  }
  // In a handler, where what threw was a `Task`.
  template <class Task>
  void ReportThrown() {
    const bool cancelled = Cancellation<Task>::Is(std::current_exception());
    pass_.Report(cancelled ? Outcome::kIgnored : Outcome::kFailure);
  }

 private:
  CircuitPass<SharedNow<Time>> pass_;
};

template <class Time>
class BreakerTurn<const Off, Time> {
 public:
  BreakerTurn(const Off&, const SharedNow<Time>&) {}
  static constexpr bool refused() noexcept { return false; }
  static Error error() { return {}; }
  void Begin() {}
  template <class R>
  void Report(const R&) {}
  template <class Task>
  void ReportThrown() {}
};

// One try's permit, and the wait for it.
template <class Bulkhead, class Time>
class PermitTurn {
 public:
  PermitTurn(Bulkhead& semaphore, Time& time, const SharedNow<Time>& now, Deadline deadline) {
    if (semaphore.TakeIfFree(1)) {
      permit_ = Permit<Bulkhead>(semaphore, 1);
      return;
    }
    auto wait = MayWait(semaphore, now, deadline, 1);
    if (!wait.ok()) {
      permit_ = std::move(wait).error();
      return;
    }
    wait_ = *wait;
    place_.emplace(semaphore, time, 1);
    if (!place_->queued()) Take();
  }

  // In nap(), until until().
  bool must_wait() const noexcept { return place_.has_value(); }
  typename Time::Nap& nap() noexcept { return place_->nap(); }
  Deadline until() const noexcept { return wait_.until; }
  void AfterNap(bool time_is_over) {
    place_->AfterNap(time_is_over);
    Take();
  }

  bool refused() const noexcept { return !permit_.ok(); }
  Error error() { return std::move(permit_).error(); }

 private:
  void Take() {
    permit_ = place_->Take(wait_.longest);
    place_.reset();
  }

  Result<Permit<Bulkhead>> permit_{Permit<Bulkhead>()};
  std::optional<SemaphorePlace<Bulkhead, typename Time::Nap>> place_{};
  SemaphoreWait wait_{Duration::zero(), Deadline::Never()};
};

template <class Time>
class PermitTurn<const Off, Time> {
 public:
  PermitTurn(const Off&, Time&, const SharedNow<Time>&, Deadline) {}
  static constexpr bool refused() noexcept { return false; }
  static Error error() { return {}; }
};

}  // namespace assay

#endif  // ASSAY_STACK_ASYNC_LAYERS_H_
