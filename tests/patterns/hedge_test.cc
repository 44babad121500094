#include "assay/patterns/hedge/hedge.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "assay/core/number_text.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::hours(1)};

TEST(Hedge, OptionsAreChecked) {
  const auto complaint = [](HedgeOptions options) {
    return InvalidArgumentOf([&] { Hedge hedge(options); });
  };
  EXPECT_EQ(complaint({.max_attempts = 0}), "hedge max_attempts: 0 is not within 1 to 10");
  EXPECT_EQ(complaint({.max_attempts = 11}), "hedge max_attempts: 11 is not within 1 to 10");
  EXPECT_EQ(complaint({.delay = Duration(-1)}), "hedge delay: -1 ns is below 0");
  for (const double quantile : {0.0, 1.0, -0.5, std::nan("")}) {
    EXPECT_EQ(complaint({.latency = LatencyQuantileOptions{.quantile = quantile}}),
              "latency quantile: " + NumberText(quantile) + " is not above 0 and below 1");
  }
  EXPECT_EQ(complaint({.latency = LatencyQuantileOptions{.min_samples = 0}}),
            "latency quantile min_samples: 0 is not within 1 to 1000000");
  EXPECT_EQ(complaint({.latency = LatencyQuantileOptions{.min_samples = 50, .window = 49}}),
            "latency quantile window: 49 is not within 50 to 1000000");
  EXPECT_EQ(complaint({.max_attempts = 10, .delay = Duration(0)}), "");
}

TEST(Hedge, NoMoreAttemptsBeginThanAllowed) {
  Hedge hedge({.max_attempts = 3});
  EXPECT_TRUE(hedge.Begin(0, kNow));
  EXPECT_EQ(hedge.Snapshot().hedges, 0u);
  EXPECT_TRUE(hedge.Begin(1, kNow));
  EXPECT_TRUE(hedge.Begin(2, kNow));
  EXPECT_FALSE(hedge.Begin(3, kNow));
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 2}));
}

// Inside of a retry with the same budget, which fills it: one success counts once.
TEST(Hedge, TheBudgetIsFilledByOneOfTwo) {
  for (const bool fills : {true, false}) {
    RetryBudget budget(TokenBudgetOptions{.max_tokens = 2, .token_ratio = 1});
    Hedge hedge({.fills_budget = fills}, &budget);
    while (budget.Withdraw(kNow)) {
    }
    hedge.Won(0, Duration(1), kNow);
    hedge.Won(0, Duration(1), kNow);
    EXPECT_EQ(budget.Withdraw(kNow), fills);
  }
}

TEST(Hedge, TheBudgetIsAskedForHedgesAlone) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 2, .token_ratio = 1});
  Hedge hedge({.max_attempts = 3}, &budget);
  EXPECT_TRUE(hedge.Begin(0, kNow));
  EXPECT_TRUE(hedge.Begin(1, kNow));
  EXPECT_FALSE(hedge.Begin(2, kNow));
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .refused = 1}));
  hedge.Won(0, milliseconds(1), kNow);
  hedge.Won(1, milliseconds(1), kNow);
  EXPECT_TRUE(hedge.Begin(1, kNow));
  EXPECT_EQ(hedge.Snapshot().won, 1u);
}

TEST(Hedge, TheDelayIsFixedUntilThereAreEnoughSamples) {
  Hedge hedge({.delay = milliseconds(100),
               .latency = LatencyQuantileOptions{.quantile = 0.5, .min_samples = 3}});
  hedge.Won(0, microseconds(64), kNow);
  hedge.Won(0, microseconds(64), kNow);
  EXPECT_EQ(hedge.Delay(), milliseconds(100));
  hedge.Won(0, microseconds(64), kNow);
  EXPECT_GE(hedge.Delay(), microseconds(64));
  EXPECT_LE(hedge.Delay(), microseconds(72));
  EXPECT_EQ(Hedge({.delay = milliseconds(7)}).Delay(), milliseconds(7));
}

TEST(Hedge, TheDelayIsLearntFromFirstAttemptsAlone) {
  Hedge hedge({.delay = milliseconds(100),
               .latency = LatencyQuantileOptions{.quantile = 0.5, .min_samples = 1}});
  hedge.Won(1, microseconds(1), kNow);
  EXPECT_EQ(hedge.Delay(), milliseconds(100));
  hedge.Overtaken(microseconds(64));
  EXPECT_GE(hedge.Delay(), microseconds(64));
  EXPECT_LE(hedge.Delay(), microseconds(72));
}

// Within an eighth above the true one, for any distribution.
TEST(LatencyQuantile, IsAtMostAnEighthAboveTheTrueOne) {
  for (const double quantile : {0.01, 0.5, 0.9, 0.99}) {
    for (const std::int64_t unit : {1, 7, 1'000, 1'000'003}) {
      LatencyQuantile latencies({.quantile = quantile, .min_samples = 1, .window = 100'000});
      constexpr int kSamples = 3'200;
      for (int i = 0; i < kSamples; ++i) latencies.Record(Duration(unit * (i * 7 % kSamples)));
      const auto exact = static_cast<double>(unit) * std::floor(quantile * kSamples);
      const auto got = static_cast<double>(latencies.Get().count());
      EXPECT_GE(got, exact) << quantile << " of " << unit;
      EXPECT_LE(got, exact * 1.125 + 1) << quantile << " of " << unit;
    }
  }
}

TEST(LatencyQuantile, TakesTheShortestAndTheLongest) {
  LatencyQuantile latencies({.quantile = 0.5, .min_samples = 1});
  latencies.Record(Duration(-5));
  EXPECT_EQ(latencies.Get(), Duration(0));
  LatencyQuantile longest({.quantile = 0.5, .min_samples = 1});
  longest.Record(Duration::max());
  EXPECT_EQ(longest.Get(), Duration::max());
}

TEST(LatencyQuantile, IsKeptUpToDateWithEvery32ndSample) {
  LatencyQuantile latencies({.quantile = 0.9, .min_samples = 1, .window = 1'000});
  latencies.Record(Duration(1));
  for (int i = 0; i < 30; ++i) latencies.Record(Duration(1'000));
  EXPECT_EQ(latencies.Get(), Duration(1));
  latencies.Record(Duration(1'000));
  EXPECT_GE(latencies.Get(), Duration(1'000));
}

// After a window of slow ones and two of fast ones, the slow ones are less than a tenth.
TEST(LatencyQuantile, ForgetsWhatWasLongAgo) {
  LatencyQuantile latencies({.quantile = 0.8, .min_samples = 32, .window = 320});
  for (int i = 0; i < 320; ++i) latencies.Record(milliseconds(100));
  EXPECT_GE(latencies.Get(), milliseconds(100));
  for (int i = 0; i < 320; ++i) latencies.Record(milliseconds(1));
  EXPECT_GE(latencies.Get(), milliseconds(100));  // 160 of 480 are slow
  for (int i = 0; i < 320; ++i) latencies.Record(milliseconds(1));
  EXPECT_LE(latencies.Get(), microseconds(1'125));  // 80 of 560
}

TEST(Winner, TheFirstWhoClaimsItIsTheWinner) {
  Winner winner;
  EXPECT_EQ(winner.Get(), std::nullopt);
  EXPECT_TRUE(winner.Claim(1));
  EXPECT_FALSE(winner.Claim(0));
  EXPECT_EQ(winner.Get(), 1);
}

}  // namespace
}  // namespace assay
