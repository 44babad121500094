#include <gtest/gtest.h>

#include "bench/fixture/spread.h"

namespace assay::bench {
namespace {

TEST(FixtureQuantile, IsTheSmallestThatTheShareDoesNotExceed) {
  const std::vector<double> values{4, 1, 3, 2};
  EXPECT_EQ(Quantile(values, 0.25), 1);
  EXPECT_EQ(Quantile(values, 0.26), 2);
  EXPECT_EQ(Quantile(values, 0.5), 2);
  EXPECT_EQ(Quantile(values, 0.99), 4);
  EXPECT_EQ(Quantile(values, 1), 4);
  EXPECT_EQ(Quantile(values, 1e-9), 1);
  EXPECT_EQ(Quantile({}, 0.5), 0);
}

TEST(FixtureQuantile, CountsEqualValuesEach) { EXPECT_EQ(Quantile({7, 7, 7, 9}, 0.75), 7); }

TEST(FixtureTimes, KeepFractions) {
  EXPECT_DOUBLE_EQ(ToMilliseconds(std::chrono::microseconds(1500)), 1.5);
  EXPECT_DOUBLE_EQ(ToMicroseconds(Duration(1500)), 1.5);
}

TEST(FixtureSpread, RoundsToDecimals) {
  EXPECT_EQ(Decimals(1.26, 1), "1.3");
  EXPECT_EQ(Decimals(12.5e9, 0), "12500000000");
}

TEST(FixtureSpread, IsTheMedianAndTheRange) {
  EXPECT_EQ(SpreadText({3, 1, 2}, 1), "2.0 (1.0 to 3.0)");
  EXPECT_EQ(SpreadText({0.25}, 3), "0.250 (0.250 to 0.250)");
  EXPECT_EQ(SpreadText({}, 3), "nothing");
}

TEST(FixtureVerdict, IsMetUpToTheLimit) {
  EXPECT_EQ(JudgeBeside(10, 99, 10), Verdict::kMet);
  EXPECT_EQ(JudgeBeside(10.1, 10, 10), Verdict::kNotMet);
}

TEST(FixtureVerdict, FailsATableUnlessNothingWasRequired) {
  EXPECT_FALSE(Fails(Verdict::kMet));
  EXPECT_FALSE(Fails(Verdict::kNone));
  EXPECT_TRUE(Fails(Verdict::kNotMet));
  EXPECT_TRUE(Fails(Verdict::kTooNoisy));
}

TEST(FixtureVerdict, BlamesTheMachineOnlyIfABareWaitIsTooLongToo) {
  EXPECT_EQ(JudgeBeside(11, 10.1, 10), Verdict::kTooNoisy);
  EXPECT_EQ(ToString(Verdict::kMet), "met");
  EXPECT_EQ(ToString(Verdict::kNotMet), "NOT met");
  EXPECT_EQ(ToString(Verdict::kTooNoisy), "too noisy");
  EXPECT_EQ(ToString(Verdict::kNone), "-");
}

}  // namespace
}  // namespace assay::bench
