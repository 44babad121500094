// A stack's coroutine that is cancelled, or destroyed, wherever it waits.
#include <gtest/gtest.h>

#include <vector>

#include "tests/stack/stack_scene.h"

namespace assay {
namespace {

using namespace stack_scene;

class StackAsyncCancel : public StackScene {};

TEST_F(StackAsyncCancel, CancelledWhileItWaitsForTheRateItGivesTheTokensBack) {
  ASSERT_TRUE(limiter_.TryTake(Now(), 3));
  Start(all_, {{}});
  time_.RunFor(seconds(1));
  EXPECT_EQ(limiter_.Snapshot(Now()).waiting, 1);
  Cancel();
  EXPECT_EQ(limiter_.Snapshot(Now()).waiting, 0);
  EXPECT_EQ(limiter_.Snapshot(Now()).cancelled, 1u);
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 0u);
}

TEST_F(StackAsyncCancel, CancelledInTheQueueItLeavesIt) {
  {
    const auto held = TryPermit(semaphore_);
    Start(all_, {{}});
    time_.RunFor(seconds(1));
    EXPECT_EQ(semaphore_.Snapshot().queued, 1);
    Cancel();
    EXPECT_EQ(begun_, 0u);
    EXPECT_EQ(semaphore_.Snapshot().queued, 0);
  }
  ExpectNothingHeld();
}

TEST_F(StackAsyncCancel, CancelledDuringTheAttemptItGivesBackThePermit) {
  Start(all_, {{.needed = seconds(1)}});
  time_.RunFor(milliseconds(500));
  EXPECT_EQ(semaphore_.Snapshot().active, 1);
  Cancel();
  EXPECT_EQ(cancelled_at_, milliseconds(500));
  ExpectNothingHeld();
  EXPECT_EQ(per_try_.Snapshot().expired, 0u);
  EXPECT_EQ(retry_.Snapshot().retries, 0u);
  Start(untimed_, {{.needed = seconds(1)}});
  time_.RunFor(milliseconds(500));
  EXPECT_EQ(semaphore_.Snapshot().active, 1);
  Cancel();
  EXPECT_EQ(cancelled_at_, seconds(1));
  ExpectNothingHeld();
}

TEST_F(StackAsyncCancel, CancelledBetweenTriesItHoldsNothing) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10});
  Retry paid({.backoff = {.growth = Growth::kConstant, .base = seconds(1)}}, &budget);
  Stack stack{limiter_, total_, paid, per_try_, breaker_, semaphore_};
  Start(stack, {{.result = kDown}, {}});
  time_.RunFor(milliseconds(11));
  EXPECT_EQ(begun_, 1u);
  Cancel();
  EXPECT_EQ(begun_, 1u);
  EXPECT_EQ(semaphore_.Snapshot().active, 0);
  EXPECT_EQ(paid.Snapshot().retries, 0u);
}

// One admission to a half-open breaker: whoever is cancelled leaves it to the next.
TEST_F(StackAsyncCancel, CancelledInAHalfOpenBreakerItGivesTheAdmissionBack) {
  CircuitBreaker breaker({.failure_threshold = 1,
                          .open_duration = seconds(1),
                          .success_threshold = 1,
                          .half_open_limit = std::chrono::hours(1)});
  Stack timed{off, off, off, per_try_, breaker, semaphore_};
  Stack untimed{off, off, off, off, breaker, semaphore_};
  (void)Do(timed, {{.result = kDown}});
  time_.RunFor(seconds(2));
  const auto cancel_in = [&](const auto& stack, bool queued) {
    const auto held = queued ? TryPermit(semaphore_) : Permit<Semaphore>();
    Start(stack, {{.needed = milliseconds(100)}});
    time_.RunFor(milliseconds(50));
    EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
    EXPECT_EQ(semaphore_.Snapshot().queued, queued ? 1 : 0);
    Cancel();
    EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  };
  cancel_in(timed, true);
  cancel_in(timed, false);
  cancel_in(untimed, true);
  cancel_in(untimed, false);
  EXPECT_EQ(*Do(timed, {{}}), 7);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
}

// As when a program ends, at each place in turn where a call waits.
TEST_F(StackAsyncCancel, DestroyedCoroutinesLeaveNothingBehind) {
  CircuitBreaker breaker;
  Semaphore semaphore({.limit = 1});
  const auto run = [&](RateLimiter& limiter, auto& total, auto& per_try) {
    const Stack stack{limiter, total, off, per_try, breaker, semaphore};
    asio::io_context context;
    VirtualTime time(context);
    const auto forever = [&](const Try&) -> awaitable<Result<int>> {
      VirtualTime::Nap nap(time);
      co_await nap.Until(Deadline::Never());
      co_return 1;
    };
    const auto call = [&]() -> awaitable<void> {
      (void)co_await CallAsync(stack, time, {}, forever);
    };
    for (int i = 0; i < 3; ++i) asio::co_spawn(context, call(), asio::detached);
    time.RunFor(milliseconds(10));
    EXPECT_EQ(semaphore.active(), 1);
    EXPECT_EQ(semaphore.Snapshot().queued, 1);
    EXPECT_EQ(limiter.Snapshot(time.Now()).waiting, 1);
  };
  const auto check = [&](auto& total, auto& per_try) {
    RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 2});
    run(limiter, total, per_try);
    EXPECT_EQ(limiter.Snapshot(begin_).cancelled, 1u);
    EXPECT_EQ(semaphore.Snapshot().active, 0);
    EXPECT_EQ(semaphore.Snapshot().queued, 0);
  };
  check(total_, per_try_);
  check(off, off);
}

}  // namespace
}  // namespace assay
