#include <gtest/gtest.h>

#include "tests/patterns/retry_scene.h"

namespace assay {
namespace {

using namespace retry_scene;

class RetryCall : public RetryScene {};

TEST_F(RetryCall, ASuccessIsPassedOn) {
  Retry retry;
  Flaky call(clock_, 0);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).value(), 42);
  EXPECT_EQ(call.tries().size(), 1u);
  EXPECT_EQ(retry.Snapshot(), RetrySnapshot{});
}

TEST_F(RetryCall, TriesAgainAfterTheDelay) {
  Retry retry(Every(seconds(5)));
  Flaky call(clock_, 2);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).value(), 42);
  EXPECT_EQ(call.times(),
            (std::vector<TimePoint>{start_, start_ + seconds(5), start_ + seconds(10)}));
  EXPECT_EQ(call.tries()[0].attempt, 1);
  EXPECT_EQ(call.tries()[2].attempt, 3);
  EXPECT_TRUE(call.tries()[0].deadline.never());
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.retries = 2, .recovered = 1}));
}

TEST_F(RetryCall, TheLastErrorIsTheRealOne) {
  Retry retry(Every(seconds(5)));
  Flaky call(clock_);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).error(), TimedOut(3));
  EXPECT_EQ(call.tries().size(), 3u);
  EXPECT_EQ(clock_.Now(), start_ + seconds(10));  // no wait after the last
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.retries = 2, .attempts_spent = 1}));
}

TEST_F(RetryCall, WhatMightDoItsWorkTwiceIsTriedOnce) {
  Retry retry(Every(seconds(5)));
  Flaky call(clock_);
  EXPECT_EQ(Call(retry, clock_, {}, call).error(), TimedOut(1));
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.not_repeatable = 1}));
}

TEST_F(RetryCall, NeverWaitsPastTheDeadline) {
  Retry retry(Every(seconds(5), 100));
  Flaky call(clock_);
  const RetryRequest request{.repeatable = true, .deadline = Deadline::After(start_, seconds(12))};
  EXPECT_EQ(Call(retry, clock_, request, call).error(), TimedOut(3));
  EXPECT_EQ(clock_.Now(), start_ + seconds(10));
  EXPECT_EQ(call.tries()[2].deadline, request.deadline);
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.retries = 2, .too_late = 1}));
}

TEST_F(RetryCall, MaxElapsedIsADeadlineFromTheFirstTryOn) {
  RetryOptions options = Every(seconds(5), 100);
  options.max_elapsed = seconds(12);
  Retry retry(options);
  Flaky call(clock_);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).error(), TimedOut(3));
  EXPECT_EQ(call.tries()[0].deadline, Deadline::After(start_, seconds(12)));
}

TEST_F(RetryCall, EachTryHasItsOwnDeadline) {
  RetryOptions options = Every(seconds(5));
  options.try_timeout = seconds(3);
  Retry retry(options);
  Flaky call(clock_);
  const RetryRequest request{.repeatable = true, .deadline = Deadline::After(start_, seconds(11))};
  ASSERT_FALSE(Call(retry, clock_, request, call).ok());
  EXPECT_EQ(call.tries()[0].deadline, Deadline::After(start_, seconds(3)));
  EXPECT_EQ(call.tries()[1].deadline, Deadline::After(start_, seconds(8)));
  EXPECT_EQ(call.tries()[2].deadline, request.deadline);
}

TEST_F(RetryCall, TakesTheCallersReadingOfTheClock) {
  RetryOptions options = Every(seconds(5));
  options.try_timeout = seconds(3);
  Retry retry(options);
  Flaky call(clock_, 0);
  const TimePoint before = start_ - seconds(1);
  ASSERT_TRUE(Call(retry, clock_, {.now = before}, call).ok());
  EXPECT_EQ(call.tries()[0].deadline, Deadline::After(before, seconds(3)));
}

// A wait that took longer than it should.
struct OversleepingTime {
  TimePoint Now() const { return clock.Now(); }
  struct Nap {
    explicit Nap(const OversleepingTime& time) : nap(time.clock) {}
    bool Until(Deadline deadline) { return nap.Until(Deadline::After(deadline.at(), seconds(10))); }
    void Wake() noexcept {}
    ManualClock::Nap nap;
  };
  const ManualClock& clock;
};

TEST_F(RetryCall, DoesNotTryAfterTheDeadlineEither) {
  RetryBudget budget;
  Retry retry(Every(seconds(5)), &budget);
  Flaky call(clock_);
  const RetryRequest request{.repeatable = true, .deadline = Deadline::After(start_, seconds(15))};
  EXPECT_EQ(Call(retry, OversleepingTime{clock_}, request, call).error(), TimedOut(1));
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.too_late = 1}));
  EXPECT_EQ(budget.Snapshot(start_), (RetryBudgetSnapshot{.available = 50}));
}

TEST_F(RetryCall, AnOpenBreakerIsNotAskedAgainAndCostsNothing) {
  RetryBudget budget;
  Retry retry({}, &budget);
  int calls = 0;
  const auto refused = [&](const Try&) -> Result<int> {
    ++calls;
    return Error{ErrorCode::kCircuitOpen, ""};
  };
  EXPECT_FALSE(Call(retry, clock_, kRepeatable, refused).ok());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(budget.Snapshot(start_), (RetryBudgetSnapshot{.available = 50}));
  EXPECT_EQ(retry.Snapshot(), RetrySnapshot{});
}

TEST_F(RetryCall, TellsBeforeEachWait) {
  RetryOptions options = Every(seconds(5));
  std::vector<std::string> told;
  options.before_wait = [&](const RetryWait& wait) {
    EXPECT_EQ(wait.outcome.error, ErrorCode::kTimeout);
    EXPECT_EQ(wait.source, DelaySource::kBackoff);
    told.push_back(std::to_string(wait.attempt) + " of " + std::to_string(wait.delay.count()) +
                   " at " + std::to_string((clock_.Now() - start_).count()));
  };
  Retry retry(options);
  Flaky call(clock_);
  static_cast<void>(Call(retry, clock_, kRepeatable, call));
  EXPECT_EQ(told,
            (std::vector<std::string>{"1 of 5000000000 at 0", "2 of 5000000000 at 5000000000"}));
}

TEST_F(RetryCall, AResponseIsJudgedByItsStatusAndRetryAfter) {
  RetryOptions options = Every(seconds(1));
  options.retry_after_jitter = 0;
  options.wall_clock = [] { return std::chrono::sys_seconds(seconds(784'111'777 - 20)); };
  std::vector<DelaySource> sources;
  options.before_wait = [&](const RetryWait& wait) { sources.push_back(wait.source); };
  Retry retry(options);
  const auto server = [&](const Try& attempt) -> Result<Response> {
    Response response;
    response.status = attempt.attempt == 3 ? 404 : 503;
    if (attempt.attempt == 1) response.headers.Add("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT");
    return response;
  };
  EXPECT_EQ(Call(retry, clock_, kRepeatable, server).value().status, 404);
  EXPECT_EQ(clock_.Now(), start_ + seconds(21));
  EXPECT_EQ(sources, (std::vector<DelaySource>{DelaySource::kRetryAfter, DelaySource::kBackoff}));
  EXPECT_EQ(retry.Snapshot().recovered, 1u);  // 404 is an answer
}

TEST_F(RetryCall, AnErrorInsteadOfAResponseIsRetriedToo) {
  Retry retry(Every(seconds(1), 2));
  const auto broken = [](const Try&) -> Result<Response> {
    return Error{ErrorCode::kConnectRefused, ""};
  };
  EXPECT_EQ(Call(retry, clock_, kRepeatable, broken).error().code, ErrorCode::kConnectRefused);
  EXPECT_EQ(retry.Snapshot().retries, 1u);
}

TEST_F(RetryCall, TheDescriptionIsYours) {
  Retry retry(Every(seconds(1)));
  int calls = 0;
  const auto count = [&](const Try&) -> Result<int> { return ++calls; };
  const auto describe = [](const Result<int>& result) {
    return TryOutcome{.status = result.value() < 3 ? 500 : 200};
  };
  EXPECT_EQ(Call(retry, clock_, kRepeatable, count, describe).value(), 3);
}

TEST_F(RetryCall, AnExceptionGoesOnToTheCaller) {
  Retry retry(Every(seconds(1)));
  const auto throws = [](const Try&) -> Result<int> { throw std::runtime_error("broken"); };
  EXPECT_THROW(static_cast<void>(Call(retry, clock_, kRepeatable, throws)), std::runtime_error);
  EXPECT_EQ(retry.Snapshot(), RetrySnapshot{});
}

}  // namespace
}  // namespace assay
