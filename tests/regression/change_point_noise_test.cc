#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/history/noise.h"

namespace assay::regression {
namespace {

// Noise in which each value keeps that share of the one before.
std::vector<double> Following(double share, std::size_t n, std::uint64_t trial = 0) {
  std::vector<double> values;
  double state = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    state = share * state + UnitInterval(Draw(5, "noise", trial, i)) - 0.5;
    values.push_back(state);
  }
  return values;
}

TEST(Spread, IsTheSdThatTheMedianDeviationStandsFor) {
  EXPECT_DOUBLE_EQ(Spread({-1, 2, 3, -4, 1000}), 1.4826 * 3);
}

TEST(Spread, OfMostlyZerosIsTakenFromTheMean) {
  EXPECT_DOUBLE_EQ(Spread({0, 0, 0, -5}), 1.2533 * 5 / 4);
}

TEST(Spread, IsNeverZero) {
  EXPECT_EQ(Spread({}), kLeastNoise);
  EXPECT_EQ(Spread({0, 0, 0}), kLeastNoise);
}

TEST(SpreadOfNeighbours, HardlySeesAStepOfTheLevel) {
  const std::vector<double> flat = Following(0, 400);
  std::vector<double> stepped = flat;
  for (std::size_t i = 200; i < stepped.size(); ++i) stepped[i] += 100;
  EXPECT_NEAR(SpreadOfNeighbours(stepped), SpreadOfNeighbours(flat), 0.01);
  EXPECT_NEAR(SpreadOfNeighbours({std::vector<double>{0, 2, 0, 2}}), 1.4826 * 2 / std::sqrt(2.0),
              1e-12);
}

TEST(Correlation, IsThatOfTheNoise) {
  EXPECT_NEAR(Correlation(Following(0.5, 4000), {}), 0.5, 0.05);
  EXPECT_EQ(Correlation(Following(-0.5, 4000), {}), 0);
}

TEST(Correlation, IsMostlyNoneWhereThereIsNone) {
  int none = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    none += Correlation(Following(0, 100, trial), {}) == 0 ? 1 : 0;
  }
  EXPECT_GT(none, 70);  // 84 expected: an SD above 0 is taken for correlation
  EXPECT_LT(none, 95);
}

TEST(Correlation, DoesNotSeeAcrossSegments) {
  // Within a segment of two, neighbours are opposites; from one to the next they are equal.
  std::vector<double> values;
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < 40; ++i) {
    if (i > 0) starts.push_back(values.size());
    const double side = i % 2 == 0 ? 1 : -1;
    values.insert(values.end(), {side, side});
  }
  EXPECT_DOUBLE_EQ(Correlation(values, starts), 0.9);  // the most that is believed
  for (std::size_t i = 0; i < values.size(); i += 2) values[i] = -values[i];
  EXPECT_EQ(Correlation(values, starts), 0);
}

TEST(Correlation, NeedsEightPairs) {
  EXPECT_EQ(Correlation(std::vector<double>(8, 1.0), {}), 0);
  EXPECT_GT(Correlation(std::vector<double>(9, 1.0), {}), 0);
  EXPECT_EQ(Correlation(std::vector<double>(9, 1.0), {5}), 0);
  EXPECT_EQ(Correlation(std::vector<double>(9, 0.0), {}), 0);
  EXPECT_EQ(Correlation({}, {}), 0);
}

}  // namespace
}  // namespace assay::regression
