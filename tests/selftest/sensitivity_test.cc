#include "tools/selftest/sensitivity.h"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>

namespace assay::selftest {
namespace {

using Values = std::vector<double>;

// Evenly spaced quantiles of normal noise.
Values Normal(double sd, double center = 0) {
  const boost::math::normal normal(center, sd);
  Values values;
  for (int i = 0; i < 99; ++i) values.push_back(boost::math::quantile(normal, (i + 0.5) / 99));
  return values;
}

std::optional<double> Smallest(const Values& blocks, const SensitivityOptions& options,
                               int planned = 32) {
  return Sensitivity(blocks, options).SmallestFound(planned);
}

TEST(Sensitivity, WithoutNoiseEverythingBeyondTheToleranceIsFound) {
  const auto found = Smallest({0, 0, 0, 0, 0}, {.tolerance = 0.03});
  EXPECT_GT(found.value(), 0.03);
  EXPECT_LE(found.value(), 0.0305);
}

// The figure that the looks were chosen by: threshold 0.001, noise of 2 %, 32 blocks.
TEST(Sensitivity, AgreesWithTheMonteCarloOfTheLooks) {
  const auto found = Smallest(Normal(0.02), {.tolerance = 0.03, .family = 50});
  EXPECT_NEAR(found.value(), 0.05, 0.002);
}

TEST(Sensitivity, MoreNoiseMoreRowsAndFewerBlocksHideMore) {
  const double usual = Smallest(Normal(0.02), {}).value();
  EXPECT_GT(Smallest(Normal(0.06), {}).value(), usual + 0.02);
  EXPECT_GT(Smallest(Normal(0.02), {.family = 100}).value(), usual + 0.002);
  EXPECT_GT(Smallest(Normal(0.02), {}, 14).value(), usual + 0.005);
  EXPECT_GT(Smallest(Normal(0.02), {.tolerance = 0.1}).value(), 0.1);
  EXPECT_LT(Smallest(Normal(0.02), {.power = 0.5}).value(), usual - 0.002);
}

TEST(Sensitivity, ABiasOfTheRunItCameFromIsNoNoise) {
  const double centred = Smallest(Normal(0.02), {}).value();
  EXPECT_NEAR(Smallest(Normal(0.02, 0.5), {}).value(), centred, 1e-6);
}

// The order of a block gives its noise a random sign: skewness has no direction.
TEST(Sensitivity, NoiseCountsWithBothSigns) {
  Values up(20, 0.0);
  for (std::size_t i = 0; i < 8; ++i) up[i] = 0.3;
  Values down = up;
  for (double& value : down) value = -value;
  const double found = Smallest(up, {}).value();
  EXPECT_NEAR(Smallest(down, {}).value(), found, 0.02);
  EXPECT_GT(found, 0.06);
}

TEST(Sensitivity, TheSameSeedGivesTheSameAnswer) {
  const auto found = [](std::uint64_t seed) {
    return Smallest(Normal(0.02), {.runs = 40, .seed = seed});
  };
  EXPECT_EQ(found(3), found(3));
  EXPECT_NE(found(3), found(4));
}

TEST(Sensitivity, NoiseWithoutBoundHidesEverything) {
  EXPECT_EQ(Smallest(Normal(10), {}), std::nullopt);
}

TEST(Sensitivity, FewestBlocksAreALookThatTheFamilyAllows) {
  const Values still(5, 0.0);
  EXPECT_EQ(Sensitivity(still, {.family = 1}).BlocksFor(0.05), 9);
  EXPECT_EQ(Sensitivity(still, {.family = 10}).BlocksFor(0.05), 14);
  EXPECT_EQ(Sensitivity(still, {.family = 10}).BlocksFor(0.029), std::nullopt);
  EXPECT_EQ(Sensitivity(Normal(0.02), {.family = 50}).BlocksFor(0.053), 32);
  EXPECT_EQ(Sensitivity(Normal(0.1), {}).BlocksFor(0.05), std::nullopt);
}

TEST(Sensitivity, MoreThanTheMostBlocksAreNotTried) {
  // Found in 192 blocks, but not in 128.
  Sensitivity sensitivity(Normal(0.055), {.runs = 100});
  EXPECT_TRUE(sensitivity.Finds(0.05, 256));
  EXPECT_EQ(sensitivity.BlocksFor(0.05), std::nullopt);
}

}  // namespace
}  // namespace assay::selftest
