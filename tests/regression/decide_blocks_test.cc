// Grade A: interleaved blocks.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/regression/decide_evidence.h"
#include "tools/regression/decide/decide.h"

namespace assay::regression {
namespace {

TEST(DecideBlocks, SaysWhichWayOrNeither) {
  EXPECT_EQ(Only(Blocks(0.1, 0.02, 14)).verdict, Verdict::kRegressed);
  EXPECT_EQ(Only(Blocks(-0.1, 0.02, 14)).verdict, Verdict::kImproved);
  EXPECT_EQ(Only(Blocks(0, 0.02, 14)).verdict, Verdict::kEquivalent);
  EXPECT_EQ(Only(Blocks(0.03, 0.02, 32)).verdict, Verdict::kInconclusive);
}

TEST(DecideBlocks, ReportsARatioAndNotALogarithm) {
  const Decision decision = Only(Blocks(std::log(2), 0, 14));
  EXPECT_NEAR(decision.effect, 1, 1e-12);
  EXPECT_NEAR(decision.low, 1, 1e-12);
  EXPECT_NEAR(decision.high, 1, 1e-12);
}

TEST(DecideBlocks, AFamilyNeedsMoreThanOneBenchmarkAlone) {
  std::vector<Evidence> family(50, Blocks(0, 0.001, 9));
  family[7] = Blocks(0.1, 0.01, 9);
  EXPECT_EQ(Only(family[7]).verdict, Verdict::kRegressed);
  Decision decision = Decide(family, {})[7];
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_EQ(decision.more_blocks, 5);
  EXPECT_EQ(decision.reason, "not yet sure among so many benchmarks");
  family[7] = Blocks(0.1, 0.01, 14);
  EXPECT_EQ(Decide(family, {})[7].verdict, Verdict::kRegressed);
}

// What changes after block 20 may be anything; the family may grow surer meanwhile.
TEST(DecideBlocks, AVerdictIsNeverReplacedByAnother) {
  for (std::uint64_t key = 0; key < 24; ++key) {
    const double first = 0.02 * static_cast<double>(key % 6) - 0.05;
    std::vector<double> blocks = Around(first, 0.05, 20, key);
    const std::vector<double> later = Around(key % 2 == 0 ? 0.15 : -0.1, 0.05, 50, key + 100);
    blocks.insert(blocks.end(), later.begin(), later.end());
    Verdict shown = Verdict::kInconclusive;
    for (std::size_t n = 1; n <= blocks.size(); ++n) {
      std::vector<Evidence> family(3, Blocks(0.2, 0.01, n, 3));
      family[0].blocks.assign(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(n));
      const Verdict now = Decide(family, {})[0].verdict;
      ASSERT_TRUE(shown == Verdict::kInconclusive || now == shown) << key << " at " << n;
      shown = now;
    }
  }
}

TEST(DecideBlocks, EquivalentIffTheIntervalLiesWithinTheTolerance) {
  for (std::uint64_t key = 0; key < 200; ++key) {
    const double center = 0.03 * UnitInterval(Draw(3, "center", key, 0));
    const Decision decision = Only(Blocks(center, 0.05, 9 + key % 24, key));
    const bool inside = decision.low > 1 / 1.03 - 1 && decision.high < 0.03;
    EXPECT_EQ(decision.verdict == Verdict::kEquivalent, inside);
    ExpectDefined(decision);
  }
}

TEST(DecideBlocks, AfterADriftTheEffectStaysWithinTheIntervalAndTheReasonSaysSo) {
  Evidence evidence = Blocks(0, 0.02, 20);
  const std::vector<double> later = Around(0.2, 0.02, 80, 2);
  evidence.blocks.insert(evidence.blocks.end(), later.begin(), later.end());
  const Decision decision = Only(evidence);
  EXPECT_EQ(decision.verdict, Verdict::kEquivalent);
  EXPECT_LT(decision.high, 0.03);
  EXPECT_LE(decision.effect, decision.high);
  EXPECT_EQ(decision.reason, "the difference changed during the run");
}

TEST(DecideBlocks, AnUndecidedOneSaysHowManyMore) {
  EXPECT_EQ(Only(Blocks(0, 0.02, 3)).more_blocks, 6);
  EXPECT_EQ(Only(Blocks(0, 0.02, 3)).reason, "3 of at least 9 blocks");
  EXPECT_EQ(Only(Blocks(0, 0.02, 14)).more_blocks, std::nullopt);
}

TEST(DecideBlocks, EqualCountsAreEquivalentAndOneMoreAllocationInTenIsNot) {
  EXPECT_EQ(Only(Blocks(0, 0, 9)).verdict, Verdict::kEquivalent);
  EXPECT_EQ(Only(Blocks(std::log(1.1), 0, 9)).verdict, Verdict::kRegressed);
}

TEST(DecideBlocks, BadBlocksAreNeverDecidedOn) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    for (const std::size_t n : {0, 1, 9, 40}) {
      Evidence evidence = Blocks(0, 0, 0);
      evidence.blocks.assign(n, bad);
      ExpectDefined(Only(evidence));
      if (!std::isnan(bad)) continue;
      EXPECT_EQ(Only(evidence).verdict, Verdict::kInconclusive);
      EXPECT_FALSE(Only(evidence).reason.empty());
    }
  }
}

}  // namespace
}  // namespace assay::regression
