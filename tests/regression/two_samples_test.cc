#include "tools/regression/decide/two_samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace assay::regression {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// 1 of C(6, 3) = 20 orders separates the sides.
TEST(TwoSamples, SeparatedSidesHaveThePOfOneOrder) {
  TailCache tails;
  const TwoSamples samples(std::vector{1.0, 2.0, 3.0}, std::vector{4.0, 5.0, 6.0}, tails);
  EXPECT_DOUBLE_EQ(samples.PAbove(0), 1.0 / 20);
  EXPECT_DOUBLE_EQ(samples.PBelow(0), 1);
  EXPECT_DOUBLE_EQ(samples.center(), 3);
}

TEST(TwoSamples, AShiftEqualToTheMarginCountsAgainstBothSides) {
  TailCache tails;
  const TwoSamples samples(std::vector{1.0, 1.0, 1.0}, std::vector{2.0, 2.0, 2.0}, tails);
  EXPECT_EQ(samples.PAbove(1), 1);
  EXPECT_EQ(samples.PBelow(1), 1);
}

TEST(TwoSamples, BoundsAreTheMarginsAtWhichTheTestTurns) {
  TailCache tails;
  const std::vector<double> base{0.1, 0.4, 0.2, 0.9, 0.5, 0.3};
  const std::vector<double> head{0.3, 0.8, 0.6, 1.4, 0.7};
  const TwoSamples samples(base, head, tails);
  const double low = samples.LowerBound(0.05);
  const double high = samples.UpperBound(0.05);
  EXPECT_LE(samples.PAbove(low - 1e-9), 0.05);
  EXPECT_GT(samples.PAbove(low), 0.05);
  EXPECT_LE(samples.PBelow(high + 1e-9), 0.05);
  EXPECT_GT(samples.PBelow(high), 0.05);
}

TEST(TwoSamples, TooFewValuesBoundNothing) {
  TailCache tails;
  const TwoSamples samples(std::vector{1.0, 2.0}, std::vector{3.0, 4.0}, tails);
  EXPECT_EQ(samples.LowerBound(0.05), -kInfinity);
  EXPECT_EQ(samples.UpperBound(0.05), kInfinity);
}

TEST(Median, IsTheMiddle) {
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(Median({}), 0);
}

TEST(Usable, RefusesWhatHasNoLogarithmOrNoOrder) {
  EXPECT_TRUE(Usable(std::vector{0.0, 1.0}));
  EXPECT_FALSE(Usable(std::vector{1.0, -1.0}));
  EXPECT_FALSE(Usable(std::vector{1.0, kInfinity}));
  EXPECT_FALSE(Usable(std::vector{std::nan("")}));
}

TEST(Logarithms, OfManyValuesKeepsSomeOfEveryPart) {
  std::vector<double> values;
  for (int i = 0; i < 100'000; ++i) values.push_back(std::exp(i / 1e5));
  const std::vector<double> logarithms = Logarithms(values);
  EXPECT_LE(logarithms.size(), 500U);
  EXPECT_NEAR(Median(logarithms), 0.5, 0.01);
}

}  // namespace
}  // namespace assay::regression
