#include "assay/patterns/retry_budget.h"

#include <gtest/gtest.h>

#include <limits>

#include "assay/core/hash.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr TimePoint kStart{hours(1)};

std::int64_t WithdrawAll(RetryBudget& budget, TimePoint now) {
  std::int64_t granted = 0;
  while (budget.Withdraw(now)) ++granted;
  return granted;
}

void Deposit(RetryBudget& budget, int successes, TimePoint now) {
  for (int i = 0; i < successes; ++i) budget.Deposit(now);
}

TEST(TokenBudget, GrantsWhileMoreThanHalfIsThere) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 0.1});
  EXPECT_TRUE(budget.Allows(kStart));
  EXPECT_EQ(budget.Snapshot(kStart).available, 5);
  EXPECT_EQ(WithdrawAll(budget, kStart), 5);
  EXPECT_FALSE(budget.Allows(kStart));
  EXPECT_EQ(budget.Snapshot(kStart), (RetryBudgetSnapshot{.granted = 5, .refused = 1}));
}

TEST(TokenBudget, SuccessesFillItAndNothingElseDoes) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 0.3});
  WithdrawAll(budget, kStart);  // 4 are left: the refused wish has cost one, too
  Deposit(budget, 3, kStart + hours(100));
  EXPECT_FALSE(budget.Allows(kStart + hours(100)));  // 4.9
  Deposit(budget, 1, kStart);
  EXPECT_EQ(WithdrawAll(budget, kStart), 1);  // 5.2
}

TEST(TokenBudget, NeverHoldsMoreThanItsMost) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 0.7});
  ASSERT_TRUE(budget.Withdraw(kStart));
  Deposit(budget, 1'000, kStart);
  EXPECT_EQ(WithdrawAll(budget, kStart), 5);
}

TEST(TokenBudget, AnOutageEmptiesItToTheGround) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 1});
  for (int i = 0; i < 100; ++i) budget.Withdraw(kStart);
  Deposit(budget, 5, kStart);
  EXPECT_FALSE(budget.Allows(kStart));  // 5 of 10: not more than half
  Deposit(budget, 1, kStart);
  EXPECT_TRUE(budget.Allows(kStart));
}

TEST(TokenBudget, AWishThatIsRefusedBeforehandCostsATokenToo) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 4, .token_ratio = 1});
  budget.Refuse();
  EXPECT_EQ(budget.Snapshot(kStart), (RetryBudgetSnapshot{.available = 1, .refused = 1}));
  for (int i = 0; i < 9; ++i) budget.Refuse();
  Deposit(budget, 2, kStart);
  EXPECT_FALSE(budget.Allows(kStart));
  Deposit(budget, 1, kStart);
  EXPECT_TRUE(budget.Allows(kStart));
}

TEST(TokenBudget, NeedsNoTime) {
  EXPECT_FALSE(RetryBudget().needs_time());
  EXPECT_TRUE(RetryBudget(RatioBudgetOptions{}).needs_time());
}

constexpr RatioBudgetOptions kTenPercent{.ratio = 0.1, .floor = 0, .window = seconds(10)};

TEST(RatioBudget, GrantsAPartOfTheSuccesses) {
  RetryBudget budget(kTenPercent);
  EXPECT_FALSE(budget.Allows(kStart));
  Deposit(budget, 9, kStart);
  EXPECT_FALSE(budget.Withdraw(kStart));
  Deposit(budget, 21, kStart);
  EXPECT_EQ(budget.Snapshot(kStart).available, 3);
  EXPECT_EQ(WithdrawAll(budget, kStart), 3);
  EXPECT_EQ(budget.Snapshot(kStart), (RetryBudgetSnapshot{.granted = 3, .refused = 2}));
}

TEST(RatioBudget, ForgetsWhatWasEarnedTooLongAgo) {
  RetryBudget budget(kTenPercent);
  Deposit(budget, 20, kStart);
  Deposit(budget, 10, kStart + seconds(5));
  EXPECT_EQ(budget.Snapshot(kStart + seconds(5)).available, 3);
  EXPECT_EQ(budget.Snapshot(kStart + seconds(10)).available, 1);
  EXPECT_EQ(budget.Snapshot(kStart + seconds(15)).available, 0);
  EXPECT_EQ(budget.Snapshot(kStart + hours(1'000)).available, 0);
}

TEST(RatioBudget, SpendsTheOldestFirst) {
  RetryBudget budget(kTenPercent);
  Deposit(budget, 10, kStart);
  Deposit(budget, 10, kStart + seconds(5));
  ASSERT_TRUE(budget.Withdraw(kStart + seconds(5)));
  EXPECT_TRUE(budget.Withdraw(kStart + seconds(10)));  // what was earned second is still there
  EXPECT_FALSE(budget.Withdraw(kStart + seconds(10)));
}

TEST(RatioBudget, TheFloorIsThereInEveryWindow) {
  RetryBudget budget(RatioBudgetOptions{.ratio = 0.1, .floor = 10, .window = seconds(10)});
  EXPECT_EQ(WithdrawAll(budget, kStart), 10);
  EXPECT_EQ(WithdrawAll(budget, kStart + seconds(5)), 5);
  EXPECT_EQ(WithdrawAll(budget, kStart + seconds(15)), 10);
  EXPECT_EQ(WithdrawAll(budget, kStart + hours(24 * 365)), 10);
}

TEST(RatioBudget, AWishThatIsRefusedBeforehandIsCountedOnly) {
  RetryBudget budget(kTenPercent);
  Deposit(budget, 10, kStart);
  budget.Refuse();
  EXPECT_EQ(budget.Snapshot(kStart), (RetryBudgetSnapshot{.available = 1, .refused = 1}));
}

TEST(RatioBudget, AnOldNowChangesNothing) {
  RetryBudget budget(RatioBudgetOptions{.ratio = 0.1, .floor = 10, .window = seconds(10)});
  EXPECT_EQ(WithdrawAll(budget, kStart), 10);
  EXPECT_FALSE(budget.Withdraw(kStart - seconds(60)));
  EXPECT_FALSE(budget.Withdraw(kStart));
}

TEST(RatioBudget, SavesNoMoreThanFits) {
  RetryBudget budget(RatioBudgetOptions{.ratio = 10, .floor = 10'000, .window = seconds(10)});
  Deposit(budget, 10'000, kStart);
  EXPECT_EQ(budget.Snapshot(kStart).available, 46'943);  // 41943.03 and half of the floor
}

// Over any history: no more granted than earned.
TEST(RetryBudgetProperty, GrantsNoMoreThanIsEarned) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    auto random = [&, draws = std::uint64_t{0}](std::uint64_t below) mutable {
      return static_cast<std::int64_t>(Draw(seed, "budget", 0, draws++) % below);
    };
    const std::int64_t most = 1 + random(50);
    const std::int64_t percent = 1 + random(60);
    RetryBudget tokens(
        TokenBudgetOptions{.max_tokens = most, .token_ratio = static_cast<double>(percent) / 100});
    RetryBudget ratio(RatioBudgetOptions{
        .ratio = static_cast<double>(percent) / 100, .floor = 0, .window = seconds(2)});
    std::int64_t successes = 0, by_tokens = 0, by_ratio = 0;
    TimePoint now = kStart;
    for (int i = 0; i < 500; ++i) {
      now += std::chrono::milliseconds(random(100));
      if (random(3) != 0) {
        tokens.Deposit(now);
        ratio.Deposit(now);
        ++successes;
      } else {
        by_tokens += tokens.Withdraw(now) ? 1 : 0;
        by_ratio += ratio.Withdraw(now) ? 1 : 0;
      }
      // The last one may be paid with a part of a token.
      ASSERT_LE(by_tokens * 100, most * 50 + successes * percent + 100) << seed;
      ASSERT_LE(by_ratio * 100, successes * percent) << seed;
    }
  }
}

TEST(RetryBudgetOptions, EveryOptionOutOfRangeIsNamedWithItsRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const auto tokens = [](const TokenBudgetOptions& options) {
    return InvalidArgumentOf([&] { RetryBudget budget(options); });
  };
  EXPECT_EQ(tokens({.max_tokens = 0}), "retry budget max_tokens: 0 is not within 1 to 1000000");
  EXPECT_EQ(tokens({.max_tokens = -1}), "retry budget max_tokens: -1 is not within 1 to 1000000");
  EXPECT_EQ(tokens({.max_tokens = 1'000'001}),
            "retry budget max_tokens: 1000001 is not within 1 to 1000000");
  EXPECT_EQ(tokens({.token_ratio = 0}), "retry budget token_ratio: 0 is not within 0.001 to 1000");
  EXPECT_EQ(tokens({.token_ratio = -1}),
            "retry budget token_ratio: -1 is not within 0.001 to 1000");
  EXPECT_EQ(tokens({.token_ratio = nan}),
            "retry budget token_ratio: nan is not within 0.001 to 1000");
  EXPECT_EQ(tokens({.token_ratio = infinity}),
            "retry budget token_ratio: inf is not within 0.001 to 1000");
  const auto ratio = [](const RatioBudgetOptions& options) {
    return InvalidArgumentOf([&] { RetryBudget budget(options); });
  };
  EXPECT_EQ(ratio({.ratio = 0}), "retry budget ratio: 0 is not within 0.01 to 10");
  EXPECT_EQ(ratio({.ratio = nan}), "retry budget ratio: nan is not within 0.01 to 10");
  EXPECT_EQ(ratio({.ratio = infinity}), "retry budget ratio: inf is not within 0.01 to 10");
  EXPECT_EQ(ratio({.floor = -1}), "retry budget floor: -1 is not within 0 to 10000");
  EXPECT_EQ(ratio({.floor = 10'001}), "retry budget floor: 10001 is not within 0 to 10000");
  EXPECT_EQ(ratio({.window = Duration(-1)}),
            "retry budget window: -1 ns is not within 1 ms to 86400 s");
  EXPECT_EQ(ratio({.window = hours(25)}),
            "retry budget window: 90000000000000 ns is not within 1 ms to 86400 s");
}

// What would be rounded is refused: 0.0015 would be a third less, or more.
TEST(RetryBudgetOptions, DecimalsThatAreNotKeptAreRefused) {
  const auto tokens = [](double ratio) {
    return InvalidArgumentOf([&] { RetryBudget budget(TokenBudgetOptions{.token_ratio = ratio}); });
  };
  EXPECT_EQ(tokens(0.0015), "retry budget token_ratio: 0.0015 has more than 3 decimals");
  EXPECT_EQ(tokens(0.0019), "retry budget token_ratio: 0.0019 has more than 3 decimals");
  EXPECT_EQ(tokens(999.9995), "retry budget token_ratio: 999.9995 has more than 3 decimals");
  EXPECT_EQ(tokens(1.0 / 3), "retry budget token_ratio: 0.333333333333 has more than 3 decimals");
  const auto of_time = [](double ratio) {
    return InvalidArgumentOf([&] { RetryBudget budget(RatioBudgetOptions{.ratio = ratio}); });
  };
  EXPECT_EQ(of_time(0.019), "retry budget ratio: 0.019 has more than 2 decimals");
  EXPECT_EQ(of_time(0.011), "retry budget ratio: 0.011 has more than 2 decimals");
  for (int thousandths = 1; thousandths <= 1'000'000; thousandths += 7) {
    ASSERT_EQ(tokens(thousandths / 1000.0), "");
  }
  for (int hundredths = 1; hundredths <= 1'000; ++hundredths) {
    ASSERT_EQ(of_time(hundredths / 100.0), "");
  }
}

TEST(RetryBudgetOptions, TheEndsOfEveryRangeAreAccepted) {
  RetryBudget least(TokenBudgetOptions{.max_tokens = 1, .token_ratio = 0.001});
  EXPECT_EQ(WithdrawAll(least, kStart), 1);
  RetryBudget most(TokenBudgetOptions{.max_tokens = 1'000'000, .token_ratio = 1000});
  EXPECT_EQ(WithdrawAll(most, kStart), 500'000);
  RetryBudget shortest(
      RatioBudgetOptions{.ratio = 0.01, .floor = 0, .window = std::chrono::milliseconds(1)});
  Deposit(shortest, 100, kStart);
  EXPECT_EQ(WithdrawAll(shortest, kStart), 1);
  RetryBudget longest(RatioBudgetOptions{.ratio = 10, .floor = 10'000, .window = hours(24)});
  EXPECT_EQ(WithdrawAll(longest, kStart), 10'000);
}

}  // namespace
}  // namespace assay
