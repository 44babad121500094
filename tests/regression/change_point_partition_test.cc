#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/history/partition.h"
#include "tools/regression/history/split_test.h"

namespace assay::regression {
namespace {

using Starts = std::vector<std::size_t>;

double CostOf(const std::vector<double>& values, const std::vector<double>& weights,
              const Starts& starts, double penalty) {
  double cost = 0;
  std::size_t begin = 0;
  for (std::size_t segment = 0; segment <= starts.size(); ++segment) {
    const std::size_t end = segment < starts.size() ? starts[segment] : values.size();
    const std::span<const double> all(values);
    const double centre = WeightedMedian(all.subspan(begin, end - begin),
                                         std::span(weights).subspan(begin, end - begin));
    for (std::size_t i = begin; i < end; ++i) cost += weights[i] * std::abs(values[i] - centre);
    cost += penalty;
    begin = end;
  }
  return cost;
}

TEST(WeightedMedian, IsTheLowerOneAndFollowsWeight) {
  const std::vector<double> ones(4, 1.0);
  EXPECT_EQ(WeightedMedian(std::vector<double>{4, 1, 3, 2}, ones), 2);
  EXPECT_EQ(WeightedMedian(std::vector<double>{1, 2, 3}, std::vector<double>{1, 1, 5}), 3);
  EXPECT_EQ(WeightedMedian({}, {}), 0);
}

TEST(Partition, IsAsCheapAsTheBestOfAllPartitions) {
  constexpr std::size_t kSize = 11;
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    std::vector<double> values;
    std::vector<double> weights;
    for (std::size_t i = 0; i < kSize; ++i) {
      // Few distinct values: ties are where a running median goes wrong.
      values.push_back(std::floor(6 * UnitInterval(Draw(1, "value", trial, i))));
      weights.push_back(trial % 2 == 0 ? 1 : 0.1 + UnitInterval(Draw(1, "weight", trial, i)));
    }
    double best = std::numeric_limits<double>::infinity();
    for (std::uint32_t cuts = 0; cuts < 1u << (kSize - 1); ++cuts) {
      Starts starts;
      std::size_t begin = 0;
      bool allowed = true;
      for (std::size_t i = 1; i < kSize; ++i) {
        if ((cuts >> (i - 1) & 1u) == 0) continue;
        allowed = allowed && i - begin >= 2;
        starts.push_back(i);
        begin = i;
      }
      if (!allowed || kSize - begin < 2) continue;
      best = std::min(best, CostOf(values, weights, starts, 2));
    }
    const auto found = Partition(values, weights, 2, 2);
    EXPECT_NEAR(CostOf(values, weights, found, 2), best, 1e-9) << "trial " << trial;
  }
}

TEST(Partition, KeepsStretchesLongEnough) {
  const std::vector<double> values = {0, 0, 0, 9, 9, 0, 0, 0};
  const std::vector<double> ones(values.size(), 1.0);
  EXPECT_EQ(Partition(values, ones, 1, 2), (Starts{3, 5}));
  EXPECT_EQ(Partition(values, ones, 1, 4), Starts{});
  EXPECT_EQ(Partition(std::vector<double>{1, 9}, std::vector<double>{1, 1}, 0.1, 2), Starts{});
}

TEST(TestForSplit, IsCalibratedAlthoughItSearches) {
  int below = 0;
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    std::vector<double> values;
    for (std::size_t i = 0; i < 24; ++i) values.push_back(UnitInterval(Draw(2, "x", trial, i)));
    SplitTestOptions options;
    options.permutations = 199;
    below += TestForSplit(values, std::vector<double>(24, 1.0), options) <= 0.05 ? 1 : 0;
  }
  EXPECT_GE(below, 25);  // 50 expected, SD 7
  EXPECT_LE(below, 75);
}

TEST(TestForSplit, CountsTheObservedArrangementItself) {
  const std::vector<double> values = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  SplitTestOptions options;
  options.permutations = 999;
  const double p = TestForSplit(values, std::vector<double>(values.size(), 1.0), options);
  EXPECT_GE(p, 0.001);
  EXPECT_LE(p, 0.003);
}

TEST(TestForSplit, StopsAtTheTwentiethExceedance) {
  std::vector<double> noise;
  for (std::size_t i = 0; i < 24; ++i) noise.push_back(UnitInterval(Draw(2, "x", 3, i)));
  const std::vector<double> ones(noise.size(), 1.0);
  SplitTestOptions options;
  options.permutations = 9999;
  const double p = TestForSplit(noise, ones, options);
  ASSERT_GT(p, 0.02);  // so that the twentieth came early
  EXPECT_LT(p, 1);
  EXPECT_DOUBLE_EQ(20 / p, std::round(20 / p));
  // Rounds that were not needed cannot change it.
  options.permutations = static_cast<int>(std::round(20 / p));
  EXPECT_EQ(TestForSplit(noise, ones, options), p);
  // One round too few to get there: the observed arrangement counts as well.
  --options.permutations;
  EXPECT_DOUBLE_EQ(TestForSplit(noise, ones, options), 20.0 / (options.permutations + 1));
}

TEST(TestForSplit, SeesNothingWhereNothingDiffersOrFits) {
  EXPECT_EQ(TestForSplit(std::vector<double>(20, 1.0), std::vector<double>(20, 1.0), {}), 1);
  EXPECT_EQ(TestForSplit(std::vector<double>{1, 9}, std::vector<double>{1, 1}, {}), 1);
}

}  // namespace
}  // namespace assay::regression
