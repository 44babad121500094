#include "tools/regression/decide/block_evidence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/decide/looks.h"

namespace assay::regression {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const BlockLevels kLevels{.margin = std::log1p(0.03), .alpha = 0.05, .alpha_equal = 0.05};

// Uniform around `center`, by at most `spread` either way.
std::vector<double> Around(double center, double spread, std::size_t n, std::uint64_t key) {
  std::vector<double> blocks;
  for (std::uint64_t i = 0; i < n; ++i) {
    blocks.push_back(center + spread * (2 * UnitInterval(Draw(5, "blocks", key, i)) - 1));
  }
  return blocks;
}

BlockEvidence Weigh(std::span<const double> blocks) {
  TailCache tails;
  return WeighBlocks(blocks, kLevels, tails);
}

TEST(BlockEvidence, KnowsNothingBeforeTheFirstLook) {
  const BlockEvidence evidence = Weigh(Around(0.5, 0.01, kAlarmLooks.front().blocks - 1, 1));
  EXPECT_EQ(evidence.conclusion, Conclusion::kNone);
  EXPECT_EQ(evidence.low, -kInfinity);
  EXPECT_EQ(evidence.high, kInfinity);
  EXPECT_EQ(evidence.p_regressed, 1);
  EXPECT_NEAR(evidence.center, 0.5, 0.01);
}

// All signs agree: p = 2^-n, divided by the share of the look.
TEST(BlockEvidence, AgreeingBlocksGiveTheSmallestPOfTheLook) {
  const BlockEvidence nine = Weigh(Around(0.5, 0.01, 9, 1));
  EXPECT_EQ(nine.p_regressed, std::ldexp(1.0, -9) / 0.04);
  EXPECT_EQ(Weigh(Around(0.5, 0.01, 13, 1)).p_regressed, nine.p_regressed);
  EXPECT_EQ(Weigh(Around(0.5, 0.01, 14, 1)).p_regressed, std::ldexp(1.0, -14) / 0.125);
}

TEST(BlockEvidence, OneContraryBlockOfTheSmallestSizeCostsOneRank) {
  std::vector<double> blocks(9, 0.1);
  blocks[4] = kLevels.margin - 0.001;  // rank 1 with the wrong sign
  EXPECT_EQ(Weigh(blocks).p_regressed, std::ldexp(2.0, -9) / 0.04);
}

// Rank 14 has the wrong sign: 91 of 105. As many assignments reach 91 as there are
// sets of different ranks with a sum of at most 14.
TEST(BlockEvidence, OneContraryBlockOfTheLargestSizeCostsTheHighestRank) {
  std::vector<double> blocks(14, 0.1);
  blocks[4] = -10;
  EXPECT_DOUBLE_EQ(Weigh(blocks).p_regressed, SignedRankTail(14)[91] / 0.125);
}

TEST(BlockEvidence, BlocksOnTheMarginNeverReject) {
  const BlockEvidence evidence = Weigh(std::vector<double>(32, kLevels.margin));
  EXPECT_EQ(evidence.p_regressed, 1);
  EXPECT_EQ(evidence.conclusion, Conclusion::kNone);
}

TEST(BlockEvidence, ExactlyEqualBlocksAreEquivalentAtTheFirstLook) {
  const BlockEvidence evidence = Weigh(std::vector<double>(9, 0.0));
  EXPECT_EQ(evidence.conclusion, Conclusion::kEquivalent);
  EXPECT_EQ(evidence.low, 0);
  EXPECT_EQ(evidence.high, 0);
}

TEST(BlockEvidence, SwappingTheSidesMirrorsEverything) {
  for (std::uint64_t key = 0; key < 50; ++key) {
    std::vector<double> blocks = Around(0.03, 0.06, 9 + key % 40, key);
    const BlockEvidence one = Weigh(blocks);
    for (double& block : blocks) block = -block;
    const BlockEvidence other = Weigh(blocks);
    EXPECT_EQ(one.p_regressed, other.p_improved);
    EXPECT_EQ(one.p_improved, other.p_regressed);
    EXPECT_EQ(one.low, -other.high);
    EXPECT_EQ(one.high, -other.low);
    EXPECT_EQ(one.center, -other.center);
    EXPECT_EQ(one.conclusion == Conclusion::kRegressed, other.conclusion == Conclusion::kImproved);
    EXPECT_EQ(one.conclusion == Conclusion::kEquivalent,
              other.conclusion == Conclusion::kEquivalent);
  }
}

TEST(BlockEvidence, PValuesNeverRiseAndTheIntervalNeverWidens) {
  for (std::uint64_t key = 0; key < 20; ++key) {
    const std::vector<double> blocks = Around(0.02, 0.08, 70, key);
    BlockEvidence before = Weigh({});
    for (std::size_t n = 1; n <= blocks.size(); ++n) {
      const BlockEvidence now = Weigh(std::span(blocks).first(n));
      EXPECT_LE(now.p_regressed, before.p_regressed);
      EXPECT_LE(now.p_improved, before.p_improved);
      EXPECT_GE(now.low, before.low);
      EXPECT_LE(now.high, before.high);
      before = now;
    }
  }
}

// The centre jumps at block 20, from well inside the tolerance to well outside or back.
TEST(BlockEvidence, ADirectionOnceShownNeverTurns) {
  for (std::uint64_t key = 0; key < 40; ++key) {
    std::vector<double> blocks = Around(key % 2 == 0 ? 0.0 : 0.08, 0.02, 20, key);
    const std::vector<double> later = Around(key % 2 == 0 ? 0.20 : -0.2, 0.02, 80, key + 100);
    blocks.insert(blocks.end(), later.begin(), later.end());
    const BlockEvidence early = Weigh(std::span(blocks).first(20));
    ASSERT_EQ(early.conclusion, key % 2 == 0 ? Conclusion::kEquivalent : Conclusion::kRegressed);
    const BlockEvidence late = Weigh(blocks);
    EXPECT_EQ(late.conclusion, early.conclusion);
    EXPECT_GT(key % 2 == 0 ? late.p_regressed : late.p_improved, kLevels.alpha);
    EXPECT_TRUE(late.drifts);
    EXPECT_LE(late.low, late.high);
  }
}

TEST(BlockEvidence, OrderWithinALookDoesNotMatter) {
  std::vector<double> blocks = Around(0.03, 0.06, 9, 3);
  const BlockEvidence one = Weigh(blocks);
  std::sort(blocks.begin(), blocks.end());
  const BlockEvidence other = Weigh(blocks);
  EXPECT_EQ(one.p_regressed, other.p_regressed);
  EXPECT_EQ(one.low, other.low);
  EXPECT_EQ(one.high, other.high);
}

TEST(BlockEvidence, ABlockThatIsNotANumberCountsAgainstEveryConclusion) {
  std::vector<double> slower = Around(0.1, 0.01, 14, 1);
  std::vector<double> same = Around(0, 0.01, 14, 1);
  const double p = Weigh(slower).p_regressed;
  const double width = Weigh(same).high - Weigh(same).low;
  slower[3] = same[3] = std::nan("");
  EXPECT_GT(Weigh(slower).p_regressed, p);
  EXPECT_GE(Weigh(same).high - Weigh(same).low, width);
  EXPECT_NEAR(Weigh(same).center, 0, 0.01);
  const BlockEvidence none = Weigh(std::vector<double>(40, std::nan("")));
  EXPECT_EQ(none.conclusion, Conclusion::kNone);
  EXPECT_EQ(none.low, -kInfinity);
  EXPECT_EQ(none.high, kInfinity);
  EXPECT_EQ(none.center, 0);
}

TEST(BlockEvidence, AnInfiniteBlockIsAVeryLargeOne) {
  std::vector<double> blocks = Around(0.1, 0.01, 14, 1);
  const double p = Weigh(blocks).p_regressed;
  blocks[0] = kInfinity;
  EXPECT_EQ(Weigh(blocks).p_regressed, p);
  blocks[0] = -kInfinity;
  EXPECT_GT(Weigh(blocks).p_regressed, p);
}

TEST(BlockEvidence, BlocksBeyondTheLastLookAreNotUsed) {
  std::vector<double> blocks = Around(0.03, 0.2, kMostBlocks, 1);
  const BlockEvidence one = Weigh(blocks);
  blocks.insert(blocks.end(), 50, 9.0);
  const BlockEvidence other = Weigh(blocks);
  EXPECT_EQ(one.center, other.center);
  EXPECT_EQ(one.p_regressed, other.p_regressed);
}

}  // namespace
}  // namespace assay::regression
