// Hedged calls in virtual time: who begins when, who wins, and that nobody is left behind.
#include <gtest/gtest.h>

#include "tests/patterns/hedge_scene.h"

namespace assay {
namespace {

using namespace hedge_scene;

class HedgeAsync : public HedgeScene {};

TEST_F(HedgeAsync, AnAnswerInTimeIsNotHedged) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{2, 7}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 end0@2 ");
  EXPECT_EQ(hedge.Snapshot(), HedgeSnapshot{});
}

TEST_F(HedgeAsync, ALateAnswerIsAskedForAgainAndTheLoserIsCancelled) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{9, 7}, {2, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 begin1@3 end1@5 cancelled0@5 ");
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .won = 1}));
}

TEST_F(HedgeAsync, TheFirstMayStillWin) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{8, 7}, {9, 8}, {9, 9}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 begin1@3 begin2@6 end0@8 cancelled1@8 cancelled2@8 ");
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 2}));
}

TEST_F(HedgeAsync, WithoutADelayAllBeginAtOnce) {
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)});
  Run(hedge, {{8, 7}, {2, 8}, {9, 9}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 begin1@0 begin2@0 end1@2 cancelled0@2 cancelled2@2 ");
}

TEST_F(HedgeAsync, AFailureIsFollowedByTheNextAtOnce) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{1, kDown}, {2, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 end0@1 begin1@1 end1@3 ");
}

TEST_F(HedgeAsync, OrIsTheEndWhereOnlyLatenessCounts) {
  Hedge hedge({.delay = seconds(3), .at_failure = false});
  Run(hedge, {{1, kDown}, {2, 8}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(log_, "begin0@0 end0@1 ");
}

TEST_F(HedgeAsync, WhileAnotherRunsAFailureIsNotTheEnd) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3), .at_failure = false});
  Run(hedge, {{4, kDown}, {4, 8}, {9, 9}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 begin1@3 end0@4 begin2@6 end1@7 cancelled2@7 ");
}

TEST_F(HedgeAsync, WhenAllFailTheErrorIsThatOfTheFirst) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{4, kDown}, {2, kLate}, {1, kLate}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(log_, "begin0@0 begin1@3 end0@4 begin2@4 end1@5 end2@5 ");
}

TEST_F(HedgeAsync, AnAttemptThatThrowsHasFailed) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{1, 0, true}, {1, 8}});
  EXPECT_EQ(*got_, 8);
  log_.clear();
  Run(hedge, {{1, 0, true}, {1, kLate}});
  EXPECT_EQ(got_.error(), kLate);
  Run(hedge, {{1, 0, true}, {1, 0, true}});
  try {
    std::rethrow_exception(thrown_);
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "attempt 0");
  }
}

// Nor is the budget asked again.
TEST_F(HedgeAsync, ARefusedHedgeIsNotAskedForAgainWhenTheFirstFails) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  ASSERT_TRUE(budget.Withdraw(time_.Now()));
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)}, &budget);
  Run(hedge, {{9, kDown}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.refused = 1}));
}

TEST_F(HedgeAsync, AnEmptyBudgetDoesNotFailTheCall) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  ASSERT_TRUE(budget.Withdraw(time_.Now()));
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)}, &budget);
  Run(hedge, {{9, 7}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 end0@9 ");
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.refused = 1}));
}

TEST_F(HedgeAsync, TheDelayIsLearnt) {
  Hedge hedge({.delay = seconds(100), .latency = LatencyQuantileOptions{.min_samples = 1}});
  Run(hedge, {{8, 7}});
  const TimePoint begun = time_.Now();
  Run(hedge, {{100, 7}, {1, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(hedge.Snapshot().won, 1u);
  EXPECT_TRUE(ended_);
  EXPECT_GE(time_.Now(), begun + seconds(9));
}

// A first attempt that has failed by then is no sample, however short it was.
TEST_F(HedgeAsync, AFailedFirstAttemptTeachesNothing) {
  Hedge hedge({.delay = seconds(3), .latency = LatencyQuantileOptions{.min_samples = 1}});
  Run(hedge, {{1, kDown}, {2, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(hedge.Delay(), seconds(3));
}

// With a delay that is the quantile q of what first attempts take, 1 - q of all calls are hedged,
// however heavy the tail is: also the attempts that were overtaken tell how long they take.
TEST_F(HedgeAsync, AsManyCallsAreHedgedAsTheQuantileLeaves) {
  constexpr std::uint64_t kSeed = 11;
  for (const double quantile : {0.9, 0.95}) {
    Hedge hedge({.delay = seconds(1),
                 .latency = LatencyQuantileOptions{.quantile = quantile, .min_samples = 200}});
    std::uint64_t draws = 0;
    // Pareto: 10 ms at least, a tail of the power 1.5.
    const auto attempt = [&](int) -> asio::awaitable<Result<int>> {
      const double u = 1 - UnitInterval(Draw(kSeed, "latency", ++draws, 0));
      VirtualTime::Nap nap(time_);
      const std::chrono::duration<double> needed(0.01 * std::pow(u, -1 / 1.5));
      const auto at = time_.Now() + std::chrono::duration_cast<Duration>(needed);
      co_await nap.Until(Deadline::At(at));
      co_return 7;
    };
    const auto calls = [&](int count) -> asio::awaitable<void> {
      for (int i = 0; i < count; ++i) (void)co_await CallAsync(hedge, time_, attempt);
    };
    asio::co_spawn(context_, calls(1'000), asio::detached);
    time_.Run();
    const auto before = hedge.Snapshot().hedges;
    asio::co_spawn(context_, calls(5'000), asio::detached);
    time_.Run();
    const double share = static_cast<double>(hedge.Snapshot().hedges - before) / 5'000;
    EXPECT_NEAR(share, 1 - quantile, 0.015);
  }
}

// That it was cancelled is what the caller hears, whatever came before.
// Attempts that do not listen when they are told to end.
// Two losers, of which one ends at once and the other one takes its time.
TEST_F(HedgeAsync, WhatTheFirstThrewGoesOnAlsoWhereItWasNotTheFirstToThrow) {
  Hedge hedge({.delay = seconds(1)});
  Run(hedge, {{5, 0, true}, {1, 0, true}});
  try {
    std::rethrow_exception(thrown_);
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "attempt 0");
  }
}

// At that instant, too.
TEST_F(HedgeAsync, AfterTheEndNoneBegins) {
  Hedge hedge({.delay = seconds(3), .at_failure = false});
  Run(hedge, {{3, kDown}, {1, 8}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(log_, "begin0@0 end0@3 ");
}

TEST_F(HedgeAsync, ABudgetThatRefusesAfterAFailureIsNotAskedAgainWhenTheDelayIsOver) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 4});
  ASSERT_TRUE(budget.Withdraw(time_.Now()));
  Hedge hedge({.max_attempts = 4, .delay = seconds(3)}, &budget);
  Run(hedge, {{20, 7}, {1, kDown}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .refused = 1}));
}

TEST_F(HedgeAsync, AFirstAttemptThatWinsIsOneSample) {
  Hedge hedge({.delay = seconds(3), .latency = LatencyQuantileOptions{.min_samples = 2}});
  Run(hedge, {{1, 7}});
  EXPECT_EQ(hedge.Delay(), seconds(3));
}

// As where its socket has been closed: a failure like others, when nobody has cancelled the call.

}  // namespace
}  // namespace assay
