// When a call through a breaker reads the clock, and which time is remembered.
#include <gtest/gtest.h>

#include "tests/patterns/circuit_breaker_call_fixture.h"

namespace assay {
namespace {

using std::chrono::seconds;

class CircuitBreakerCallClockTest : public CircuitBreakerCallTest {};

TEST_F(CircuitBreakerCallClockTest, ReadsTheClockOnlyWhenTheAnswerDependsOnIt) {
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 0) << "closed, success";
  EXPECT_FALSE(Call(breaker_, clock_, Fail).ok());
  EXPECT_EQ(clock_.reads(), 1) << "closed, failure";
  EXPECT_FALSE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 2) << "open";
  clock_.Advance(seconds(10));
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 4) << "half-open: once to ask, once for the log";
}

TEST_F(CircuitBreakerCallClockTest, ATimeWindowReadsTheClockOnceACall) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.over = WindowOver::kTime}});
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 1);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window.calls, 1u);
}

TEST_F(CircuitBreakerCallClockTest, ACountWindowFullOfSuccessesDoesNotReadTheClock) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 2, .minimum_calls = 2}});
  const auto reads = [&](auto fn) {
    const int before = clock_.reads();
    (void)Call(breaker, clock_, fn);
    return clock_.reads() - before;
  };
  EXPECT_EQ(reads(Answer), 1) << "it may be the one that makes the calls enough";
  EXPECT_EQ(reads(Answer), 1);
  EXPECT_EQ(reads(Answer), 0);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window, (WindowCounts{.calls = 2}));
  EXPECT_EQ(reads(Fail), 1);
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallClockTest, ASuccessThatOpensACountWindowDoesSoNow) {
  for (const int calls : {20, 100}) {  // one word, and a ring
    CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = calls, .minimum_calls = 10}});
    for (int i = 0; i < 9; ++i) (void)Call(breaker, clock_, Fail);
    clock_.Advance(seconds(1));
    EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
    ASSERT_EQ(breaker.state(), CircuitState::kOpen);
    EXPECT_EQ(breaker.Transitions().at(0).when, clock_.Now());
    EXPECT_EQ(breaker.Snapshot(clock_.Now()).retry_after, seconds(60));
    EXPECT_EQ(Call(breaker, clock_, Answer).error().code, ErrorCode::kCircuitOpen);
  }
}

TEST_F(CircuitBreakerCallClockTest, WhatIsIgnoredDoesNotReadTheClock) {
  const auto ignore = [](const Result<int>&) { return Outcome::kIgnored; };
  CircuitBreaker breaker({.window = CircuitWindowOptions{.over = WindowOver::kTime}});
  EXPECT_TRUE(Call(breaker, clock_, Answer, ignore).ok());
  EXPECT_EQ(clock_.reads(), 0);
  OpenAndWait();
  EXPECT_TRUE(Call(breaker_, clock_, Answer, ignore).ok());
  EXPECT_EQ(clock_.reads(), 2) << "the failure, and whether the time is over";
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerCallClockTest, ADisabledBreakerDoesNotReadTheClock) {
  breaker_.Disable(clock_.Now());
  const int before = clock_.reads();
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_FALSE(Call(breaker_, clock_, Fail).ok());
  EXPECT_EQ(clock_.reads(), before);
}

TEST_F(CircuitBreakerCallClockTest, SlowCallsReadTheClockBeforeAndAfter) {
  CircuitBreaker breaker(
      {.failure_threshold = 1,
       .slow_calls = SlowCallOptions{.longer_than = seconds(2), .count_as_failures = true}});
  const auto take = [&](Duration duration) {
    return Call(breaker, clock_, [&, duration]() -> Result<int> {
      clock_.Advance(duration);
      return 1;
    });
  };
  EXPECT_TRUE(take(seconds(2)).ok());
  EXPECT_EQ(clock_.reads(), 2);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  EXPECT_TRUE(take(seconds(2) + Duration(1)).ok());
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_FALSE(take(Duration(0)).ok());
  EXPECT_EQ(clock_.reads(), 5) << "a refused call has no end";
}

TEST_F(CircuitBreakerCallClockTest, ACallMayBeginLaterThanItsPass) {
  CircuitBreaker breaker(
      {.window = CircuitWindowOptions{}, .slow_calls = SlowCallOptions{.longer_than = seconds(2)}});
  CircuitPass pass(breaker, clock_);
  clock_.Advance(seconds(9));
  pass.Begin();
  clock_.Advance(seconds(2));
  pass.Report(Outcome::kSuccess);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window, (WindowCounts{.calls = 1}));
  const int before = clock_.reads();
  CircuitPass(breaker_, clock_).Begin();
  EXPECT_EQ(clock_.reads(), before) << "nobody asks how long it takes";
}

TEST_F(CircuitBreakerCallClockTest, ASlowSuccessCountsInAWindowFullOfFastOnes) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 2, .minimum_calls = 2},
                          .slow_calls = SlowCallOptions{.longer_than = seconds(2), .rate = 0.5}});
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  (void)Call(breaker, clock_, [&] {
    clock_.Advance(seconds(3));
    return Answer();
  });
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallClockTest, ASuccessInACoroutineDoesSo) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 20, .minimum_calls = 2}});
  for (auto* later : {FailLater, AnswerLater}) {
    IntTask task = CallAsync(breaker, clock_, later);
    EXPECT_TRUE(task.Run());
  }
  ASSERT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker.Transitions().at(0).when, clock_.Now());
  EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
}

}  // namespace
}  // namespace assay
