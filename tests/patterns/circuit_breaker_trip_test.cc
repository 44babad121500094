// Which windows of calls open a breaker, and which do not.
#include <gtest/gtest.h>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/circuit_breaker.h"
#include "assay/patterns/circuit_breaker/presets.h"

namespace assay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kSlow = seconds(2);

class Tripped {
 public:
  explicit Tripped(CircuitBreakerOptions options) : breaker_(Cleared(options)) {}

  Recorded Go(Outcome outcome, Duration took = Duration(0)) {
    return breaker_.Record(breaker_.Admit(clock_.Now()), outcome, clock_.Now(), took);
  }
  void Go(int times, Outcome outcome, Duration took = Duration(0)) {
    for (int i = 0; i < times; ++i) Go(outcome, took);
  }
  bool open() const { return breaker_.state() == CircuitState::kOpen; }
  CircuitCause why() const { return breaker_.Transitions().back().why; }
  CircuitBreakerSnapshot Snapshot() const { return breaker_.Snapshot(clock_.Now()); }
  fixture::ManualClock& clock() { return clock_; }
  CircuitBreaker& breaker() { return breaker_; }

 private:
  // One failure in a row would do, if windows did not replace that rule.
  static CircuitBreakerOptions Cleared(CircuitBreakerOptions options) {
    if (options.window) options.failure_threshold = 1;
    return options;
  }
  fixture::ManualClock clock_;
  CircuitBreaker breaker_;
};

// Every kind of window keeps the rules: a word, a ring, buckets.
class EveryWindowTest : public testing::TestWithParam<int> {
 protected:
  static CircuitBreakerOptions Options() {
    CircuitWindowOptions window{.calls = 20, .minimum_calls = 10, .failure_rate = 0.4};
    if (GetParam() == 1) window.calls = 200;
    if (GetParam() == 2) window.over = WindowOver::kTime;
    return {.open_duration = seconds(10),
            .half_open_permits = 1,
            .success_threshold = 1,
            .window = window};
  }
  static CircuitBreakerOptions SlowOptions() {
    CircuitBreakerOptions options = Options();
    options.window->failure_rate = 1;
    options.slow_calls = SlowCallOptions{.longer_than = kSlow, .rate = 0.4};
    return options;
  }
};

INSTANTIATE_TEST_SUITE_P(Windows, EveryWindowTest, testing::Values(0, 1, 2));

TEST_P(EveryWindowTest, OpensAtTheRateAndNotBelow) {
  Tripped it(Options());
  it.Go(7, Outcome::kSuccess);
  it.Go(4, Outcome::kFailure);  // 4 of 11
  EXPECT_FALSE(it.open());
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 11, .failures = 4}));
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
  EXPECT_EQ(it.why(), CircuitCause::kFailureRate);
  EXPECT_EQ(it.Snapshot().opened, 1u);
  EXPECT_EQ(it.Snapshot().window, WindowCounts{}) << "of this generation";
}

TEST_P(EveryWindowTest, JudgesNothingBelowTheMinimum) {
  Tripped it(Options());
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
}

TEST_P(EveryWindowTest, ASuccessThatMakesTheCallsEnoughOpens) {
  Tripped it(Options());
  it.Go(5, Outcome::kFailure);
  it.Go(4, Outcome::kSuccess);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kSuccess);
  EXPECT_TRUE(it.open());
}

TEST_P(EveryWindowTest, IgnoredCallsAreNotInIt) {
  Tripped it(Options());
  it.Go(9, Outcome::kFailure);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(it.Go(Outcome::kIgnored), Recorded::kIgnored);
  EXPECT_EQ(it.Snapshot().window.calls, 9u);
  EXPECT_FALSE(it.open());
}

TEST_P(EveryWindowTest, SlowCallsOpenByThemselves) {
  Tripped it(SlowOptions());
  it.Go(6, Outcome::kSuccess, kSlow);  // not above
  it.Go(3, Outcome::kSuccess, kSlow + Duration(1));
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kFailure, kSlow + Duration(1));
  EXPECT_TRUE(it.open());
  EXPECT_EQ(it.why(), CircuitCause::kSlowCallRate);
}

TEST_P(EveryWindowTest, ASlowFailureIsOneCall) {
  Tripped it(SlowOptions());
  it.Go(3, Outcome::kFailure, kSlow * 2);
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 3, .failures = 3, .slow = 3}));
  EXPECT_EQ(it.Snapshot().window.slow_rate(), 1.0);
}

TEST_P(EveryWindowTest, SlowCallsCountAsFailuresIfAskedTo) {
  CircuitBreakerOptions options = Options();
  options.slow_calls = SlowCallOptions{.longer_than = kSlow, .rate = 1, .count_as_failures = true};
  Tripped it(options);
  it.Go(6, Outcome::kSuccess);
  it.Go(3, Outcome::kSuccess, kSlow * 2);
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 9, .failures = 3, .slow = 3}));
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
  EXPECT_EQ(it.why(), CircuitCause::kFailureRate);
}

TEST_P(EveryWindowTest, AFailureCountOpensWithoutTheMinimum) {
  CircuitBreakerOptions options = Options();
  options.window->failure_count = 3;
  Tripped it(options);
  it.Go(2, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
  EXPECT_EQ(it.why(), CircuitCause::kFailureCount);
}

TEST_P(EveryWindowTest, ASlowProbeIsAFailedOne) {
  Tripped it(SlowOptions());
  it.Go(10, Outcome::kFailure);
  it.clock().Advance(seconds(10));
  EXPECT_EQ(it.Go(Outcome::kSuccess, kSlow + Duration(1)), Recorded::kCounted);
  EXPECT_TRUE(it.open());
  EXPECT_EQ(it.why(), CircuitCause::kProbesFailed);
}

TEST_P(EveryWindowTest, ClosesWithAnEmptyWindow) {
  Tripped it(Options());
  const Admission early = it.breaker().Admit(it.clock().Now());
  it.Go(10, Outcome::kFailure);
  it.clock().Advance(seconds(10));
  it.Go(Outcome::kSuccess);
  EXPECT_EQ(it.breaker().state(), CircuitState::kClosed);
  EXPECT_EQ(it.Snapshot().window, WindowCounts{});
  EXPECT_EQ(it.breaker().Record(early, Outcome::kFailure, it.clock().Now()), Recorded::kStale);
  it.Go(9, Outcome::kFailure);
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 9, .failures = 9}));
  EXPECT_FALSE(it.open());
}

TEST_P(EveryWindowTest, ResetEmptiesTheWindow) {
  Tripped it(Options());
  it.Go(9, Outcome::kFailure);
  it.breaker().Reset(it.clock().Now());
  EXPECT_EQ(it.Snapshot().window, WindowCounts{});
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
}

TEST_P(EveryWindowTest, MetricsOnlyCountsAndNeverOpens) {
  Tripped it(Options());
  it.breaker().MetricsOnly(it.clock().Now());
  it.Go(15, Outcome::kFailure);
  EXPECT_EQ(it.breaker().state(), CircuitState::kMetricsOnly);
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 15, .failures = 15}));
}

TEST_P(EveryWindowTest, DisabledCountsNothing) {
  Tripped it(Options());
  it.breaker().Disable(it.clock().Now());
  EXPECT_EQ(it.Go(Outcome::kFailure), Recorded::kIgnored);
  EXPECT_EQ(it.Snapshot().window, WindowCounts{});
}

TEST_P(EveryWindowTest, WhatIsNotAdmittedIsNotCounted) {
  Tripped it(Options());
  const Admission refused{.generation = it.Snapshot().generation};
  EXPECT_EQ(it.breaker().Record(refused, Outcome::kFailure, it.clock().Now()), Recorded::kIgnored);
  EXPECT_EQ(it.Snapshot().window, WindowCounts{});
}

TEST(CountWindowTest, OldCallsLeaveIt) {
  Tripped it({.window = CircuitWindowOptions{.calls = 10, .failure_rate = 0.5}});
  it.Go(4, Outcome::kFailure);
  it.Go(7, Outcome::kSuccess);  // 3 failures left
  it.Go(1, Outcome::kFailure);  // 3 again
  EXPECT_EQ(it.Snapshot().window, (WindowCounts{.calls = 10, .failures = 3}));
  EXPECT_FALSE(it.open());
}

TEST(TimeWindowBreakerTest, OldCallsLeaveIt) {
  Tripped it({.window = CircuitWindowOptions{
                  .over = WindowOver::kTime, .duration = seconds(10), .failure_rate = 0.5}});
  it.Go(9, Outcome::kFailure);
  it.clock().Advance(seconds(10));
  EXPECT_EQ(it.Snapshot().window, WindowCounts{});
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  EXPECT_EQ(it.breaker().Record(it.breaker().Admit(it.clock().Now()), Outcome::kFailure,
                                it.clock().Now() - seconds(32)),
            Recorded::kStale)
      << "ended before the window began";
}

// More good calls in a bucket than the minimum: the rate still needs no more than a failure.
TEST(TimeWindowBreakerTest, ABusyBucketIsJudgedAtEveryFailure) {
  Tripped it({.window = CircuitWindowOptions{
                  .over = WindowOver::kTime, .minimum_calls = 10, .failure_rate = 0.2}});
  it.Go(40, Outcome::kSuccess);
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
}

TEST(CircuitBreakerPresetTest, AsyncPatternsOpensAtTenFailuresOfManyCalls) {
  Tripped it(AsyncPatternsCircuit());
  it.Go(1'000, Outcome::kSuccess, milliseconds(300));
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kSuccess, milliseconds(301));
  EXPECT_EQ(it.why(), CircuitCause::kFailureCount);
  it.clock().Advance(seconds(60) - Duration(1));
  EXPECT_FALSE(it.breaker().Admit(it.clock().Now()).admitted);
  it.clock().Advance(Duration(1));
  it.Go(2, Outcome::kSuccess);
  EXPECT_EQ(it.breaker().state(), CircuitState::kHalfOpen);
  it.Go(Outcome::kSuccess);
  EXPECT_EQ(it.breaker().state(), CircuitState::kClosed);
}

TEST(CircuitBreakerPresetTest, AsyncPatternsOpensAtATenthOfTenCalls) {
  Tripped it(AsyncPatternsCircuit());
  it.Go(Outcome::kFailure);
  it.Go(8, Outcome::kSuccess);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kSuccess);
  EXPECT_EQ(it.why(), CircuitCause::kFailureRate);
}

TEST(CircuitBreakerPresetTest, AsyncPatternsForgetsAfterThirtySeconds) {
  Tripped it(AsyncPatternsCircuit());
  it.Go(9, Outcome::kFailure);
  it.clock().Advance(seconds(30));
  it.Go(9, Outcome::kFailure);
  EXPECT_FALSE(it.open());
}

TEST(CircuitBreakerPresetTest, DspuOpensAtFiveInARowForAMinute) {
  Tripped it(DspuCircuit());
  it.Go(4, Outcome::kFailure);
  EXPECT_FALSE(it.open());
  it.Go(Outcome::kFailure);
  EXPECT_TRUE(it.open());
  it.clock().Advance(seconds(60) - Duration(1));
  EXPECT_FALSE(it.breaker().Admit(it.clock().Now()).admitted);
  it.clock().Advance(Duration(1));
  it.Go(Outcome::kSuccess);
  EXPECT_EQ(it.breaker().state(), CircuitState::kHalfOpen);
  it.Go(Outcome::kSuccess);
  EXPECT_EQ(it.breaker().state(), CircuitState::kClosed);
}

}  // namespace
}  // namespace assay
