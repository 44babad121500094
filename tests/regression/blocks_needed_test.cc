#include "tools/regression/decide/blocks_needed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace assay::regression {
namespace {

std::vector<double> Alternating(double center, double spread, int n) {
  std::vector<double> blocks;
  for (int i = 0; i < n; ++i) blocks.push_back(center + (i % 2 == 0 ? spread : -spread));
  return blocks;
}

std::optional<int> More(double center, double spread, int n, double family) {
  return BlocksNeeded(Alternating(center, spread, n), {.center = center,
                                                     .margin = std::log1p(0.03),
                                                     .alarm_level = 0.05 / family,
                                                     .interval_level = 0.025});
}

TEST(BlocksNeeded, ALargeChangeIsDecidedAtTheFirstLookItsFamilyAllows) {
  EXPECT_EQ(More(0.2, 0.01, 4, 1), 5);      // 2^-9 against 0.04 of 0.05
  EXPECT_EQ(More(0.2, 0.01, 4, 20), 10);    // 2^-9 is below 0.0025 but not below its share
  EXPECT_EQ(More(0.2, 0.01, 4, 50), 10);    // 2^-14 against 0.125 of 0.001
  EXPECT_EQ(More(0.2, 0.01, 4, 5000), 19);  // 2^-23 against 0.09 of 0.00001
}

TEST(BlocksNeeded, MoreNoiseNeedsMoreBlocks) {
  EXPECT_LT(More(0.0, 0.01, 10, 50), More(0.0, 0.04, 10, 50));
  EXPECT_LT(More(0.06, 0.01, 10, 50), More(0.06, 0.03, 10, 50));
}

TEST(BlocksNeeded, AChangeOnTheToleranceIsNeverDecided) {
  EXPECT_EQ(More(std::log1p(0.03), 0.01, 10, 50), std::nullopt);
  EXPECT_EQ(More(0.031, 0.2, 10, 50), std::nullopt);
}

TEST(BlocksNeeded, BlocksThatAllAgreeNeedOnlyTheNextLook) {
  EXPECT_EQ(More(0.0, 0.0, 3, 50), 6);
  EXPECT_EQ(BlocksNeeded({}, {.margin = 0.03, .alarm_level = 0.05, .interval_level = 0.025}), 9);
}

}  // namespace
}  // namespace assay::regression
