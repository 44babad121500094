#include "tools/selftest/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace assay::selftest {
namespace {

using Values = std::vector<double>;

TEST(Percentiles, AreNearestRanks) {
  Values values(200);
  std::iota(values.rbegin(), values.rend(), 1.0);  // 200 … 1
  const Percentiles found = PercentilesOf(values);
  EXPECT_EQ(found.count, 200u);
  EXPECT_EQ(found.p50_ns, 100);
  EXPECT_EQ(found.p99_ns, 198);
  EXPECT_EQ(found.max_ns, 200);
}

TEST(Percentiles, OfOneValueAreThatValueAndOfNoneZero) {
  const Percentiles one = PercentilesOf({7});
  EXPECT_EQ(one.p50_ns, 7);
  EXPECT_EQ(one.p99_ns, 7);
  EXPECT_EQ(one.max_ns, 7);
  EXPECT_EQ(PercentilesOf({}).count, 0u);
}

TEST(ClockSteps, CountOnlyStepsForwardAndThoseBackwards) {
  const std::vector<std::int64_t> readings = {100, 100, 125, 120, 119, 150, 160};
  const ClockSteps steps = StepsOf(readings);
  EXPECT_EQ(steps.reads, 7u);
  EXPECT_EQ(steps.smallest_ns, 10);
  EXPECT_EQ(steps.backwards, 2u);
}

TEST(ClockSteps, AClockThatStandsStillHasNone) {
  const std::vector<std::int64_t> readings = {100, 100, 100};
  EXPECT_EQ(StepsOf(readings).smallest_ns, std::nullopt);
  EXPECT_EQ(StepsOf(readings).backwards, 0u);
  EXPECT_EQ(StepsOf({}).reads, 0u);
}

TEST(StandardDeviation, IsTheOneOfASample) {
  const Values values = {1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(StandardDeviation(values).value(), std::sqrt(5.0 / 3));
  EXPECT_EQ(StandardDeviation(Values{1}), std::nullopt);
}

TEST(DifferentPairs, AreAllPairsAndBothDirections) {
  const std::vector<Values> launches = {{10, 11, 12, 13}, {20, 21, 22, 23}, {10.5, 11.5, 12.5, 9}};
  const PairCount count = CountDifferentPairs(launches);
  EXPECT_EQ(count.pairs, 3u);
  EXPECT_EQ(count.different, 2u);  // p = 2 ÷ 70 for those that do not overlap
}

TEST(DifferentPairs, TheTestHasTwoSides) {
  // Complete separation of 3 and 4: one-sided 1 ÷ 35 is below 0.05, two-sided is not.
  EXPECT_EQ(CountDifferentPairs(std::vector<Values>{{1, 2, 3}, {4, 5, 6, 7}}).different, 0u);
}

TEST(DifferentPairs, LaunchesWithoutRepetitionsMakeNone) {
  EXPECT_EQ(CountDifferentPairs(std::vector<Values>{{}, {1, 2}}).pairs, 0u);
  EXPECT_EQ(CountDifferentPairs(std::vector<Values>{{1, 2}, {}}).pairs, 0u);
}

}  // namespace
}  // namespace assay::selftest
