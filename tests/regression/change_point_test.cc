#include "tools/regression/history/change_point.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {
namespace {

double Normal(std::uint64_t trial, std::size_t i) {
  const double radius = std::sqrt(-2 * std::log(1 - UnitInterval(Draw(7, "radius", trial, i))));
  return radius * std::cos(2 * std::numbers::pi * UnitInterval(Draw(7, "angle", trial, i)));
}

std::vector<double> Noise(std::size_t n, std::uint64_t trial, double correlation = 0) {
  std::vector<double> values(n);
  double state = Normal(trial, n);
  for (std::size_t i = 0; i < n; ++i) {
    state = correlation * state + std::sqrt(1 - correlation * correlation) * Normal(trial, i);
    values[i] = 0.02 * state;
  }
  return values;
}

std::vector<double> WithStep(std::vector<double> values, std::size_t at, double step) {
  for (std::size_t i = at; i < values.size(); ++i) values[i] += std::log1p(step);
  return values;
}

TEST(FindChanges, OfNothingIsNothing) {
  EXPECT_TRUE(FindChanges({}).segments.empty());
  EXPECT_TRUE(FindChanges({}).points.empty());
}

TEST(FindChanges, AConstantSeriesIsOneSegment) {
  const auto changes = FindChanges(std::vector<double>(50, 3.5));
  ASSERT_EQ(changes.segments.size(), 1u);
  EXPECT_EQ(changes.segments[0].begin, 0u);
  EXPECT_EQ(changes.segments[0].end, 50u);
  EXPECT_EQ(changes.segments[0].centre, 3.5);
}

TEST(FindChanges, AnExactStepIsPlacedExactlyAndMeasured) {
  const auto changes = FindChanges(WithStep(std::vector<double>(40, 2.0), 25, 0.1));
  ASSERT_EQ(changes.points.size(), 1u);
  EXPECT_EQ(changes.points[0].index, 25u);
  EXPECT_EQ(changes.points[0].last_good, 24u);
  EXPECT_EQ(changes.points[0].first_bad, 25u);
  EXPECT_NEAR(changes.points[0].effect, 0.1, 1e-12);
  EXPECT_LE(changes.points[0].p, 0.001);
}

TEST(FindChanges, StepsUpAndDownAreToldApartAndInOrder) {
  const auto changes = FindChanges(WithStep(WithStep(Noise(150, 1), 50, 0.2), 100, -0.1));
  ASSERT_EQ(changes.points.size(), 2u);
  EXPECT_EQ(changes.points[0].index, 50u);
  EXPECT_EQ(changes.points[1].index, 100u);
  EXPECT_NEAR(changes.points[0].effect, 0.2, 0.02);
  EXPECT_NEAR(changes.points[1].effect, -0.1, 0.02);
  ASSERT_EQ(changes.segments.size(), 3u);
  EXPECT_EQ(changes.segments[1].begin, 50u);
  EXPECT_EQ(changes.segments[2].end, 150u);
}

TEST(FindChanges, TwoSlowCommitsAreNoChange) {
  auto values = Noise(120, 2);
  values[60] += 0.5;
  values[61] += 0.5;
  EXPECT_TRUE(FindChanges(values).points.empty());
}

TEST(FindChanges, TwoSlowCommitsAtTheEndAreNoChangeYet) {
  EXPECT_TRUE(FindChanges(WithStep(Noise(102, 2), 100, 0.5)).points.empty());
  EXPECT_EQ(FindChanges(WithStep(Noise(103, 2), 100, 0.5)).points.size(), 1u);
}

TEST(FindChanges, AChangeSmallerThanTheLeastEffectIsNotReported) {
  const auto exact = WithStep(std::vector<double>(200, 1.0), 100, 0.004);
  EXPECT_TRUE(FindChanges(exact).points.empty());
  ChangePointOptions options;
  options.min_effect = 0.001;
  EXPECT_EQ(FindChanges(exact, {}, options).points.size(), 1u);
}

TEST(FindChanges, TheUnitOfTheValuesDoesNotMatter) {
  const auto values = WithStep(Noise(120, 3), 70, 0.05);
  auto shifted = values;
  for (double& value : shifted) value += std::log(1e6);
  const auto a = FindChanges(values);
  const auto b = FindChanges(shifted);
  ASSERT_EQ(a.points.size(), 1u);
  ASSERT_EQ(b.points.size(), 1u);
  EXPECT_EQ(a.points[0].index, b.points[0].index);
  EXPECT_EQ(a.points[0].p, b.points[0].p);
  EXPECT_NEAR(a.points[0].effect, b.points[0].effect, 1e-9);
}

TEST(FindChanges, TheMirroredSeriesChangesTheOtherWay) {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const auto values = WithStep(Noise(101, trial), 60, 0.08);
    auto mirrored = values;
    for (double& value : mirrored) value = -value;
    const auto a = FindChanges(values).points;
    const auto b = FindChanges(mirrored).points;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].index, b[i].index);
      EXPECT_LT(a[i].effect * b[i].effect, 0);
    }
  }
}

TEST(FindChanges, TheReversedSeriesChangesAtTheSamePlace) {
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    const auto values = WithStep(Noise(100, trial), 60, 0.15);
    const std::vector<double> reversed(values.rbegin(), values.rend());
    const auto a = FindChanges(values).points;
    const auto b = FindChanges(reversed).points;
    ASSERT_EQ(a.size(), 1u);
    ASSERT_EQ(b.size(), 1u);
    EXPECT_EQ(a[0].index, 100 - b[0].index);
  }
}

TEST(FindChanges, GivesTheSameAnswerAgain) {
  const auto values = WithStep(Noise(100, 4), 60, 0.04);
  const auto a = FindChanges(values);
  const auto b = FindChanges(values);
  ASSERT_EQ(a.points.size(), b.points.size());
  for (std::size_t i = 0; i < a.points.size(); ++i) EXPECT_EQ(a.points[i].p, b.points[i].p);
}

TEST(FindChanges, LightPointsDoNotMakeALevel) {
  const auto values = WithStep(Noise(60, 5), 56, 0.1);
  std::vector<double> weights(60, 1.0);
  ASSERT_EQ(FindChanges(values, weights).points.size(), 1u);
  std::fill(weights.begin() + 56, weights.end(), 0.01);
  EXPECT_TRUE(FindChanges(values, weights).points.empty());
}

TEST(FindChanges, EqualWeightsAreNoWeights) {
  const auto values = WithStep(Noise(100, 6), 60, 0.06);
  const auto a = FindChanges(values).points;
  const auto b = FindChanges(values, std::vector<double>(100, 1.0)).points;
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].p, b[i].p);
}

TEST(FindChanges, LooksAtTheNewestFiveThousand) {
  std::vector<double> values(kMaxPoints + 30, 1.0);
  for (std::size_t i = 0; i < 15; ++i) values[i] = 2;  // before what is looked at
  const auto changes = FindChanges(WithStep(values, 5020, 0.1));
  ASSERT_EQ(changes.points.size(), 1u);
  EXPECT_EQ(changes.points[0].index, 5020u);
  EXPECT_EQ(changes.segments.front().begin, 30u);
}

TEST(FindChanges, RefusesWhatIsNotASeries) {
  const std::vector<double> values(10, 1.0);
  const std::vector<double> bad = {1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THROW(FindChanges(bad), std::invalid_argument);
  EXPECT_THROW(FindChanges(values, std::vector<double>(9, 1.0)), std::invalid_argument);
  EXPECT_THROW(FindChanges(values, std::vector<double>(10, 0.0)), std::invalid_argument);
  ChangePointOptions options;
  options.alpha = 0;
  EXPECT_THROW(FindChanges(values, {}, options), std::invalid_argument);
}

// Small versions of bench/regression/change_points.cc.
TEST(FindChanges, InventsHardlyAnyPointInNoise) {
  std::size_t independent = 0;
  std::size_t correlated = 0;
  for (std::uint64_t trial = 0; trial < 80; ++trial) {
    independent += FindChanges(Noise(100, trial)).points.size();
    correlated += FindChanges(Noise(100, trial, 0.3)).points.size();
  }
  EXPECT_LE(independent, 3u);  // of 8,000 points
  EXPECT_LE(correlated, 8u);
}

TEST(FindChanges, FindsFivePerCentWithinEightCommits) {
  int found = 0;
  int covered = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial) {
    const auto points = FindChanges(WithStep(Noise(108, trial), 100, 0.05)).points;
    if (points.size() != 1 || points[0].effect < 0) continue;
    ++found;
    covered += points[0].last_good < 100 && 100 <= points[0].first_bad ? 1 : 0;
  }
  EXPECT_GE(found, 96);
  EXPECT_GE(covered, found * 94 / 100);
}

}  // namespace
}  // namespace assay::regression
