#include <gtest/gtest.h>

#include <cmath>

#include "bench/resilience/amplification.h"

namespace assay::bench {
namespace {

TEST(Amplification, IsASumOfPowers) {
  EXPECT_EQ(ExpectedAmplification(0, 3), 1);
  EXPECT_DOUBLE_EQ(ExpectedAmplification(0.1, 3), 1.11);
  EXPECT_DOUBLE_EQ(ExpectedAmplification(0.5, 3), 1.75);
  EXPECT_EQ(ExpectedAmplification(1, 3), 3);
  EXPECT_EQ(ExpectedAmplification(0.5, 1), 1);
}

// Of three attempts with 1/2: one with 1/2, two with 1/4, three with 1/4. Mean 7/4, variance 11/16.
TEST(Amplification, IsToleratedWithinFiveStandardErrors) {
  EXPECT_NEAR(AmplificationTolerance(0.5, 3, 100), 5 * std::sqrt(11.0 / 16 / 100), 1e-6);
  EXPECT_NEAR(AmplificationTolerance(0.5, 3, 10'000), 5 * std::sqrt(11.0 / 16 / 10'000), 1e-6);
}

TEST(Amplification, IsExactWhereNothingIsLeftToChance) {
  EXPECT_LT(AmplificationTolerance(0, 3, 1), 1e-6);
  EXPECT_LT(AmplificationTolerance(1, 3, 1), 1e-6);
  EXPECT_LT(AmplificationTolerance(0.5, 1, 1), 1e-6);
  EXPECT_GT(AmplificationTolerance(1, 3, 1), 0);  // a rounded sum is not an error
}

TEST(Amplification, BuysSuccesses) {
  EXPECT_EQ(ExpectedSuccess(0, 3), 1);
  EXPECT_DOUBLE_EQ(ExpectedSuccess(0.5, 3), 0.875);
  EXPECT_DOUBLE_EQ(ExpectedSuccess(0.5, 1), 0.5);
  EXPECT_EQ(ExpectedSuccess(1, 3), 0);
}

TEST(Amplification, IsLimitedByWhatTokensThereAreAndWhatSuccessesAdd) {
  const TokenBudgetOptions tokens{.max_tokens = 10, .token_ratio = 0.1};
  EXPECT_DOUBLE_EQ(MostAmplification(tokens, 100, 0), 1.06);
  EXPECT_DOUBLE_EQ(MostAmplification(tokens, 100, 50), 1.11);
}

TEST(Amplification, IsLimitedByTheFloorAndAPartOfTheSuccesses) {
  EXPECT_DOUBLE_EQ(MostAmplification(RatioBudgetOptions{.ratio = 0.2, .floor = 0}, 100, 50), 1.1);
  EXPECT_DOUBLE_EQ(MostAmplification(RatioBudgetOptions{.ratio = 0.2, .floor = 0}, 100, 0), 1);
  EXPECT_DOUBLE_EQ(MostAmplification(RatioBudgetOptions{.ratio = 0.2, .floor = 10}, 100, 50), 1.25);
}

// The limits hold for the budgets themselves, and by not much more than is needed.
template <class Options>
void ExpectKept(const Options& options) {
  RetryBudget budget(options);
  const TimePoint now{std::chrono::hours(1)};
  constexpr std::uint64_t kCalls = 1000, kSuccesses = 400;
  double extra = 0;
  for (std::uint64_t call = 0; call < kCalls; ++call) {
    if (call < kSuccesses) budget.Deposit(now);
    while (budget.Allows(now) && budget.Withdraw(now)) ++extra;
  }
  const double most = MostAmplification(options, kCalls, kSuccesses);
  EXPECT_LE(1 + extra / kCalls, most);
  EXPECT_GT(1 + (extra + 7) / kCalls, most);
}

TEST(Amplification, IsWhatBudgetsKeepTo) {
  ExpectKept(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 0.1});
  ExpectKept(TokenBudgetOptions{.max_tokens = 1, .token_ratio = 0.5});
  ExpectKept(RatioBudgetOptions{.ratio = 0.2, .floor = 0});
  ExpectKept(RatioBudgetOptions{.ratio = 0.2, .floor = 10});
}

}  // namespace
}  // namespace assay::bench
