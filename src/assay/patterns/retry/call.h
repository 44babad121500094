// A call with retries: try, decide, wait, try again.
//
// `fn` takes a `const Try&` and returns (CallAsync: a task of) a Result. The caller gets the Result
// of the last try, never an error of the policy's own. The first try is always made; another one
// only if the wait before it ends before the deadline. Enforcing the deadline of a try is up to
// `fn`. What it throws is not retried and goes on to the caller.
//
// `describe` tells the policy what a Result means; DescribeTry knows errors and responses. Safe to
// use from any number of threads with one Retry, which must outlive the calls.
//
// The clock is read only when the answer depends on it: not at all for a first try that succeeds,
// unless max_elapsed, try_timeout or a budget of the ratio form ask for it.
#ifndef ASSAY_PATTERNS_RETRY_CALL_H_
#define ASSAY_PATTERNS_RETRY_CALL_H_

#include <chrono>
#include <coroutine>
#include <functional>
#include <type_traits>
#include <utility>

#include "assay/core/result.h"
#include "assay/http/response.h"
#include "assay/patterns/retry/retry.h"
#include "assay/patterns/waiting.h"

namespace assay {

struct Try {
  std::int64_t attempt = 1;               // 1 for the first
  Deadline deadline = Deadline::Never();  // of this try: try_timeout, and that of the whole call
};

struct DescribeTry {
  template <class T>
  TryOutcome operator()(const Result<T>& result) const {
    TryOutcome outcome;
    if (!result.ok()) outcome.error = result.error().code;
    return outcome;
  }
  TryOutcome operator()(const Result<Response>& result) const {
    if (!result.ok()) return {.error = result.error().code};
    return {.status = result.value().status, .headers = &result.value().headers};
  }
};

// The deadlines of a call: of all its tries, and of the first.
struct RetryStart {
  Deadline end = Deadline::Never();
  Try first{};
};

template <class Threads, ClockSource Clock>
RetryStart StartRetry(const BasicRetry<Threads>& retry, const Clock& clock,
                      const RetryRequest& request) {
  const RetryRules& rules = retry.rules();
  if (!rules.timed()) return {request.deadline, {1, request.deadline}};
  const TimePoint now = request.now ? *request.now : clock.Now();
  const Deadline end = rules.EndOf(request, now);
  return {end, {1, rules.TryEnd(end, now)}};
}

// Whether `outcome` is the last one, whatever the limits; a success fills the budget.
template <class Threads, ClockSource Clock>
bool EndsRetry(BasicRetry<Threads>& retry, const Clock& clock, const TryOutcome& outcome,
               std::int64_t attempt) {
  if (retry.rules().Retried(outcome)) return false;
  if (outcome.error) return true;
  if (auto* const budget = retry.filled(); budget != nullptr && !budget->full()) {
    budget->Deposit(budget->needs_time() ? clock.Now() : TimePoint{});
  }
  if (attempt > 1) retry.CountRecovered();
  return true;
}

// A call on its way from its first failure on. All that it is made of must outlive it.
template <class Threads, ClockSource Clock>
class RetryRun {
 public:
  RetryRun(BasicRetry<Threads>& retry, const Clock& clock, const RetryRequest& request,
           const RetryStart& start)
      : retry_(retry),
        clock_(clock),
        request_(request),
        key_(request.key ? *request.key : retry.NextKey()),
        progress_{.end = start.end} {}

  const Try& current() const noexcept { return current_; }

  // After a try: whether to wait until next_try() for another one.
  bool GoesOn(const TryOutcome& outcome) {
    return !EndsRetry(retry_, clock_, outcome, progress_.attempt) && GoesOnAfterFailure(outcome);
  }

  Deadline next_try() const noexcept { return next_try_; }

  // After the wait: whether to try. The budget is charged here, when nothing can come between.
  bool Starts() {
    const TimePoint now = clock_.Now();
    if (progress_.end.Expired(now)) return GiveUp(RetryVerdict::kTooLate);
    auto* const budget = retry_.budget();
    if (budget != nullptr && !budget->Withdraw(now)) return GiveUp(RetryVerdict::kNoBudget);
    retry_.CountRetry();
    ++progress_.attempt;
    current_ = {progress_.attempt, retry_.rules().TryEnd(progress_.end, now)};
    return true;
  }

 private:
  bool GoesOnAfterFailure(const TryOutcome& outcome) {
    const RetryOptions& options = retry_.rules().options();
    const RetryMoment moment{.now = clock_.Now(),
                             .wall = outcome.headers != nullptr ? Wall(options) : WallTime(),
                             .random = retry_.Random(key_, progress_.attempt)};
    const RetryDecision decision =
        retry_.rules().Decide(outcome, request_.repeatable, progress_, moment);
    if (decision.verdict != RetryVerdict::kRetry) return GiveUp(decision.verdict);
    auto* const budget = retry_.budget();
    // Without hope there is no wait. The wish costs a token all the same (retry_budget.h).
    if (budget != nullptr && !budget->Allows(moment.now)) {
      budget->Refuse();
      return GiveUp(RetryVerdict::kNoBudget);
    }
    if (options.before_wait) {
      options.before_wait({progress_.attempt, outcome, decision.delay, decision.source});
    }
    progress_.previous = decision.backoff;
    next_try_ = Deadline::After(moment.now, decision.delay);
    return true;
  }

  static WallTime Wall(const RetryOptions& options) {
    return options.wall_clock ? options.wall_clock() : std::chrono::system_clock::now();
  }
  bool GiveUp(RetryVerdict why) noexcept {
    retry_.CountGivenUp(why);
    return false;
  }

  BasicRetry<Threads>& retry_;
  const Clock& clock_;
  const RetryRequest& request_;
  const std::uint64_t key_;
  RetryProgress progress_;
  Try current_{};
  Deadline next_try_ = Deadline::Never();
};

// After a first try that failed: replaces `result` by that of the last one. Not inlined, so that a
// call that goes well carries nothing of it.
template <class Threads, ThreadTime Time, class F, class Describe, class Outcome>
[[gnu::noinline]] void TryAgain(BasicRetry<Threads>& retry, const Time& time,
                                const RetryRequest& request, const RetryStart& start, F& fn,
                                Describe& describe, Outcome& result) {
  RetryRun<Threads, Time> run(retry, time, request, start);
  while (run.GoesOn(describe(std::as_const(result)))) {
    typename Time::Nap nap(time);
    nap.Until(run.next_try());
    if (!run.Starts()) return;
    result = std::invoke(fn, run.current());
  }
}

// Blocks the calling thread while it waits.
template <class Threads, ThreadTime Time, class F, class Describe = DescribeTry>
std::invoke_result_t<F&, const Try&> Call(BasicRetry<Threads>& retry, const Time& time,
                                          const RetryRequest& request, F&& fn,
                                          Describe describe = {}) {
  const RetryStart start = StartRetry(retry, time, request);
  auto result = std::invoke(fn, start.first);
  if (!EndsRetry(retry, time, describe(std::as_const(result)), 1)) {
    TryAgain(retry, time, request, start, fn, describe, result);
  }
  return result;
}

// The same as a coroutine of whatever task type fn() returns, provided that awaiting it yields a
// Result and that its `co_return` accepts that Result. `fn` and `describe` are copied or moved into
// the coroutine; retry and time must outlive it. Cancelled while it waits, it has taken nothing
// from the budget.
template <class Threads, CoroutineTime Time, class F, class Describe = DescribeTry>
std::invoke_result_t<F&, const Try&> CallAsync(BasicRetry<Threads>& retry, Time& time,
                                               RetryRequest request, F fn, Describe describe = {}) {
  const RetryStart start = StartRetry(retry, time, request);
  auto result = co_await std::invoke(fn, start.first);
  if (EndsRetry(retry, time, describe(std::as_const(result)), 1)) co_return result;
  RetryRun<Threads, Time> run(retry, time, request, start);
  while (run.GoesOn(describe(std::as_const(result)))) {
    typename Time::Nap nap(time);
    co_await nap.Until(run.next_try());
    if (!run.Starts()) break;
    result = co_await std::invoke(fn, run.current());
  }
  co_return result;
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_CALL_H_
