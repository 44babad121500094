// All patterns around a call in a coroutine: what each layer sees of it, in virtual time.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "assay/patterns/hedge/call.h"
#include "tests/stack/stack_scene.h"

namespace assay {
namespace {

using namespace stack_scene;

class StackAsync : public StackScene {};

TEST_F(StackAsync, ACalmCallReadsTheClockOnce) {
  EXPECT_EQ(*Do(all_, {{}}), 7);
  EXPECT_EQ(time_.reads, 1);
  EXPECT_EQ(deadlines_, std::vector{At(seconds(2))});
  EXPECT_EQ(active_in_tries_, std::vector{1});
  EXPECT_EQ(semaphore_.Snapshot().active, 0);
  EXPECT_EQ(limiter_.Snapshot(Now()).granted, 1u);
  EXPECT_EQ(ended_at_, milliseconds(10));
}

TEST_F(StackAsync, TheTightestDeadlineReachesTheCall) {
  EXPECT_EQ(*Do(all_, {{}}, {.repeatable = true, .deadline = At(seconds(1))}), 7);
  EXPECT_EQ(*Do(untimed_, {{}}, {.repeatable = true, .deadline = At(seconds(9))}), 7);
  EXPECT_EQ(deadlines_, (std::vector{At(seconds(1)), At(seconds(9))}));
}

TEST_F(StackAsync, EachTryPassesTheBreakerAndHoldsAPermitOfItsOwn) {
  const Planned fails{.result = kDown};
  EXPECT_EQ(*Do(all_, {fails, fails, {}}), 7);
  EXPECT_EQ(attempts_, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(active_in_tries_, (std::vector{1, 1, 1}));
  EXPECT_EQ(active_in_waits_, (std::vector{0, 0}));
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 3u);
  EXPECT_EQ(retry_.Snapshot().recovered, 1u);
  // The rate is that of calls.
  EXPECT_EQ(limiter_.Snapshot(Now()).granted, 1u);
  // Each try has its own two seconds, from when it begins.
  EXPECT_EQ(deadlines_,
            (std::vector{At(seconds(2)), At(milliseconds(3'010)), At(milliseconds(4'020))}));
}

TEST_F(StackAsync, TheBreakerOpensDuringOneCallsRetriesAndEndsThem) {
  CircuitBreaker early({.failure_threshold = 2});
  Stack stack{off, off, retry_, off, early, off};
  const Planned fails{.result = kDown};
  EXPECT_EQ(Do(stack, {fails, fails, {}}).error().code, ErrorCode::kCircuitOpen);
  EXPECT_EQ(early.state(), CircuitState::kOpen);
  EXPECT_EQ(begun_, 2u);
  EXPECT_EQ(Do(stack, {{}}).error().code, ErrorCode::kCircuitOpen);
  EXPECT_EQ(begun_, 0u);
  EXPECT_EQ(retry_.Snapshot().retries, 2u);  // of the first call
}

TEST_F(StackAsync, ARefusalOfTheSemaphoreIsNoEvidenceAndNotRepeated) {
  Semaphore none({.limit = 1, .queue_limit = 0});
  const auto held = TryPermit(none);
  Stack stack{off, total_, retry_, per_try_, breaker_, none};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Do(stack, {}).error(), SemaphoreFull());
  }
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(retry_.Snapshot().retries, 0u);
  EXPECT_EQ(none.Snapshot().rejected, 3u);
}

TEST_F(StackAsync, AboveTheRateNothingElseIsAsked) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Do(untimed_, {{}}).ok());
  const auto refused = Do(all_, {}, {.deadline = Deadline::After(Now(), seconds(1))});
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 3u);
}

// The wait for the rate is not the total time-out's, and time that passed there is known.
TEST_F(StackAsync, WhoWaitedForTheRateBeginsThen) {
  ASSERT_TRUE(limiter_.TryTake(Now(), 3));
  EXPECT_EQ(*Do(all_, {{}}), 7);
  EXPECT_EQ(ended_at_, seconds(100) + milliseconds(10));
  EXPECT_EQ(deadlines_, std::vector{At(seconds(102))});
  EXPECT_EQ(limiter_.Snapshot(Now()).waiting, 0);
}

TEST_F(StackAsync, WhoWaitsForAPermitGetsItWithinItsTime) {
  ASSERT_TRUE(semaphore_.TryAcquire());
  Start(all_, {{}});
  time_.RunFor(seconds(1));
  EXPECT_EQ(semaphore_.Snapshot().queued, 1);
  semaphore_.Release();
  time_.Run();
  EXPECT_EQ(**got_, 7);
  EXPECT_EQ(deadlines_, std::vector{At(seconds(2))});  // the wait is part of the try
  EXPECT_EQ(ended_at_, milliseconds(1'010));
}

TEST_F(StackAsync, OrNotAtAll) {
  const auto held = TryPermit(semaphore_);
  const auto refused = Do(all_, {});
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::kLimitReached, "semaphore: 1 of 1 permits not free within 2 s"}));
  EXPECT_EQ(ended_at_, seconds(2));
  EXPECT_EQ(retry_.Snapshot().retries, 0u);
}

TEST_F(StackAsync, APerTryTimeoutCancelsTheTryWhichIsTriedAgain) {
  EXPECT_EQ(*Do(all_, {{.needed = seconds(9)}, {}}), 7);
  EXPECT_EQ(cancelled_at_, seconds(2));
  EXPECT_EQ(ended_at_, milliseconds(3'010));
  EXPECT_EQ(per_try_.Snapshot().expired, 1u);
}

TEST_F(StackAsync, APerTryTimeoutIsAFailureOfTheServer) {
  CircuitBreaker once({.failure_threshold = 1});
  Stack stack{off, off, off, per_try_, once, off};
  const auto late = Do(stack, {{.needed = seconds(9)}});
  EXPECT_EQ(late.error(), (Error{ErrorCode::kTimeout, "per-try timeout: not done within 2 s"}));
  EXPECT_EQ(once.state(), CircuitState::kOpen);
}

// Also without a time-out of its own for a try: the wait between tries, and the second try.
TEST_F(StackAsync, TheTotalTimeoutEndsAllTries) {
  Timeout total({.limit = seconds(5), .name = "total timeout"});
  Stack stack{off, total, retry_, off, breaker_, semaphore_};
  const auto late = Do(stack, {{.result = kDown}, {.needed = seconds(60)}});
  EXPECT_EQ(late.error(), (Error{ErrorCode::kTimeout, "total timeout: not done within 5 s"}));
  EXPECT_EQ(ended_at_, seconds(5));
  EXPECT_EQ(cancelled_at_, seconds(5));
  EXPECT_EQ(deadlines_, (std::vector{At(seconds(5)), At(seconds(5))}));
  EXPECT_EQ(retry_.Snapshot().too_late, 1u);
  EXPECT_EQ(breaker_.Snapshot(Now()).consecutive_failures, 2u);
  EXPECT_EQ(semaphore_.Snapshot().active, 0);
}

TEST_F(StackAsync, NoWaitForAnotherTryGoesPastTheEnd) {
  Timeout total({.limit = milliseconds(1'005), .name = "total timeout"});
  Stack stack{off, total, retry_, off, off, off};
  EXPECT_EQ(Do(stack, {{.result = kDown}}).error(), kDown);  // the real one
  EXPECT_EQ(ended_at_, milliseconds(10));
}

TEST_F(StackAsync, BothTimeoutsSaySo) {
  Timeout total({.limit = seconds(1), .name = "total timeout"});
  Stack stack{off, total, off, per_try_, off, off};
  EXPECT_EQ(Do(stack, {{.needed = seconds(9)}}).error().message,
            "total timeout: not done within 1 s; per-try timeout: not done before the caller's "
            "deadline");
}

TEST_F(StackAsync, ASlowCallIsSeenToBeSlow) {
  CircuitBreaker slow(
      {.failure_threshold = 1,
       .slow_calls = SlowCallOptions{.longer_than = milliseconds(9), .count_as_failures = true}});
  Stack timed{off, off, off, per_try_, slow, off};
  Stack untimed{off, off, off, off, slow, off};
  EXPECT_TRUE(Do(timed, {{.needed = milliseconds(9)}}).ok());
  EXPECT_TRUE(Do(untimed, {{.needed = milliseconds(9)}}).ok());
  EXPECT_EQ(slow.state(), CircuitState::kClosed);
  EXPECT_TRUE(Do(timed, {{.needed = milliseconds(10)}}).ok());
  EXPECT_EQ(slow.state(), CircuitState::kOpen);
  slow.Reset(Now());
  EXPECT_TRUE(Do(untimed, {{.needed = milliseconds(10)}}).ok());
  EXPECT_EQ(slow.state(), CircuitState::kOpen);
}

TEST_F(StackAsync, TheWaitForAPermitDoesNotMakeTheServerSlow) {
  CircuitBreaker slow({.window = CircuitWindowOptions{.calls = 10},
                       .slow_calls = SlowCallOptions{.longer_than = seconds(2)}});
  const auto check = [&](const auto& stack, Duration takes) {
    ASSERT_TRUE(semaphore_.TryAcquire());
    Start(stack, {{.needed = takes}});
    time_.RunFor(seconds(3));
    semaphore_.Release();
    time_.Run();
    EXPECT_TRUE(got_ && got_->ok());
  };
  Timeout patient({.limit = seconds(60)});
  Stack timed{off, off, off, patient, slow, semaphore_};
  Stack untimed{off, off, off, off, slow, semaphore_};
  check(timed, seconds(2));
  check(untimed, seconds(2));
  EXPECT_EQ(slow.Snapshot(Now()).window, (WindowCounts{.calls = 2}));
  check(timed, seconds(2) + Duration(1));
  check(untimed, seconds(2) + Duration(1));
  EXPECT_EQ(slow.Snapshot(Now()).window, (WindowCounts{.calls = 4, .slow = 2}));
}

TEST_F(StackAsync, ASuccessThatOpensACountWindowDoesSoNow) {
  CircuitBreaker counting({.window = CircuitWindowOptions{.calls = 20, .minimum_calls = 2}});
  Stack stack{off, off, off, off, counting, off};
  (void)Do(stack, {{.result = kDown}});
  EXPECT_TRUE(Do(stack, {{}}).ok());
  ASSERT_EQ(counting.state(), CircuitState::kOpen);
  EXPECT_EQ(counting.Transitions().at(0).when, Now());
  EXPECT_FALSE(counting.Admit(Now()).admitted);
}

TEST_F(StackAsync, WhatItThrowsIsAFailureAndGoesOnToTheCaller) {
  CircuitBreaker once({.failure_threshold = 1});
  (void)Do(Stack{off, off, retry_, off, once, semaphore_}, {{.throws = true}});
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
  EXPECT_EQ(once.state(), CircuitState::kOpen);
  once.Reset(Now());
  (void)Do(Stack{off, off, retry_, per_try_, once, semaphore_}, {{.throws = true}});
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
  EXPECT_EQ(once.state(), CircuitState::kOpen);
  EXPECT_EQ(retry_.Snapshot().retries, 0u);
  ExpectNothingHeld();
}

TEST_F(StackAsync, WhatIsOffIsNotThere) {
  Stack nothing{off, off, off, off, off, off};
  EXPECT_EQ(*Do(nothing, {{}}, {.deadline = At(seconds(1))}), 7);
  EXPECT_EQ(time_.reads, 0);
  EXPECT_EQ(attempts_, std::vector<std::int64_t>{1});
  EXPECT_EQ(deadlines_, std::vector{At(seconds(1))});
}

TEST_F(StackAsync, TheKeyOfTheRequestNamesTheCall) {
  std::vector<Duration> waits;
  Retry jittery(
      {.max_attempts = 2,
       .backoff = {.growth = Growth::kConstant, .base = seconds(1), .jitter = Jitter::kFull},
       .before_wait = [&](const RetryWait& wait) { waits.push_back(wait.delay); }});
  Stack stack{off, off, jittery, off, off, off};
  for (const std::uint64_t key : {1u, 1u, 2u}) {
    (void)Do(stack, {{.result = kDown}, {}}, {.repeatable = true, .key = key});
  }
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_EQ(waits[0], waits[1]);
  EXPECT_NE(waits[0], waits[2]);
  (void)Do(stack, {{.result = kDown}}, {.repeatable = false});
  EXPECT_EQ(waits.size(), 3u);
}

TEST_F(StackAsync, AHedgeStandsBetweenTwoStacks) {
  Hedge hedge({.delay = seconds(1)});
  Semaphore two({.limit = 2});
  const Stack around{limiter_, total_, retry_, off, off, off};
  const Stack within{off, off, off, per_try_, breaker_, two};
  const auto call = [&]() -> awaitable<void> {
    const auto one_try = [&](const Try& current) {
      const RetryRequest once{.deadline = current.deadline};
      return CallAsync(hedge, time_,
                       [&, once](int) { return CallAsync(within, time_, once, Attempts()); });
    };
    got_ = co_await CallAsync(around, time_, {.repeatable = true}, one_try);
  };
  // Both attempts of the first try fail, the hedge of the second one wins.
  Spawn(call(), {{.needed = milliseconds(1'500), .result = kDown},
                 {.needed = milliseconds(600), .result = kDown},
                 {.needed = seconds(60)},
                 {.needed = milliseconds(100)}});
  time_.Run();
  ASSERT_TRUE(got_ && got_->ok());
  EXPECT_EQ(ended_at_, milliseconds(1'600 + 1'000 + 1'100));
  EXPECT_EQ(cancelled_at_, ended_at_);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 2, .won = 1}));
  EXPECT_EQ(two.Snapshot().peak, 2);
  EXPECT_EQ(two.Snapshot().active, 0);
  EXPECT_EQ(deadlines_, (std::vector{At(seconds(2)), At(seconds(3)), At(milliseconds(4'600)),
                                     At(milliseconds(5'600))}));
}

}  // namespace
}  // namespace assay
