#include "tools/regression/decide/decide.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "assay/core/hash.h"

namespace assay::regression {
namespace {

std::vector<double> Around(double center, double spread, std::size_t n, std::uint64_t key) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < n; ++i) {
    values.push_back(center + spread * (2 * UnitInterval(Draw(9, "decide", key, i)) - 1));
  }
  return values;
}

Evidence Blocks(double center, double spread, std::size_t n, std::uint64_t key = 1) {
  Evidence evidence;
  evidence.grade = Grade::kA;
  evidence.blocks = Around(center, spread, n, key);
  return evidence;
}

Evidence Values(Grade grade, std::vector<double> base, std::vector<double> head) {
  Evidence evidence;
  evidence.grade = grade;
  evidence.base = std::move(base);
  evidence.head = std::move(head);
  return evidence;
}

// n values a side, 1 % around 100 and around 100 × ratio.
Evidence Sides(Grade grade, double ratio, std::size_t n) {
  return Values(grade, Around(100, 1, n, 1), Around(100 * ratio, ratio, n, 2));
}

Decision Only(const Evidence& evidence, const DecideOptions& options = {}) {
  return Decide({&evidence, 1}, options).at(0);
}

void ExpectDefined(const Decision& decision) {
  EXPECT_TRUE(std::isfinite(decision.effect));
  EXPECT_FALSE(std::isnan(decision.low));
  EXPECT_FALSE(std::isnan(decision.high));
  EXPECT_LE(decision.low, decision.effect);
  EXPECT_GE(decision.high, decision.effect);
  EXPECT_GE(decision.p_regressed, 0);
  EXPECT_LE(decision.p_regressed, 1);
  EXPECT_GE(decision.p_improved, 0);
  EXPECT_LE(decision.p_improved, 1);
}

// --- Grade A ------------------------------------------------------------------------------------

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

// --- Grade B ------------------------------------------------------------------------------------

TEST(DecideProcesses, FiveFilesASideDecideOneBenchmark) {
  EXPECT_EQ(Only(Sides(Grade::kB, 1.1, 5)).verdict, Verdict::kRegressed);
  EXPECT_EQ(Only(Sides(Grade::kB, 0.9, 5)).verdict, Verdict::kImproved);
  EXPECT_EQ(Only(Sides(Grade::kB, 1.0, 5)).verdict, Verdict::kEquivalent);
  EXPECT_EQ(Only(Sides(Grade::kB, 1.03, 5)).verdict, Verdict::kInconclusive);
  EXPECT_NEAR(Only(Sides(Grade::kB, 1.1, 5)).p_regressed, 1.0 / 252, 1e-12);
}

TEST(DecideProcesses, FiveFilesASideAreNotEnoughForOneOfFifty) {
  std::vector<Evidence> family(50, Sides(Grade::kB, 1, 5));
  family[3] = Sides(Grade::kB, 1.1, 5);
  const Decision decision = Decide(family, {})[3];
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_NE(decision.reason.find("more files"), std::string::npos);
  EXPECT_EQ(decision.more_blocks, std::nullopt);
  family[3] = Sides(Grade::kB, 1.1, 8);
  EXPECT_EQ(Decide(family, {})[3].verdict, Verdict::kRegressed);
}

TEST(DecideProcesses, FewerThanFiveAreNotDecided) {
  const Decision decision = Only(Sides(Grade::kB, 2, 4));
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_EQ(decision.reason, "fewer than five values per side: give five files per side");
}

// --- Grade C ------------------------------------------------------------------------------------

TEST(DecideOneFile, OnlyBeyondTheGuardBandAndNeverEquivalent) {
  EXPECT_EQ(Only(Sides(Grade::kC, 2, 10)).verdict, Verdict::kRegressed);
  EXPECT_EQ(Only(Sides(Grade::kC, 2, 3)).verdict, Verdict::kRegressed);
  EXPECT_EQ(Only(Sides(Grade::kC, 0.5, 10)).verdict, Verdict::kImproved);
  EXPECT_EQ(Only(Sides(Grade::kC, 1.5, 10)).verdict, Verdict::kInconclusive);
  EXPECT_EQ(Only(Sides(Grade::kC, 1, 10)).verdict, Verdict::kInconclusive);
}

TEST(DecideOneFile, SaysHowToGetProof) {
  EXPECT_EQ(Only(Sides(Grade::kC, 1.2, 10)).reason,
            "one file per side rarely proves anything: give two executables or five files per "
            "side");
}

TEST(DecideOneFile, RepetitionsThatOverlapDoNotConvict) {
  const std::vector<double> scattered{100, 400, 90, 500, 110, 450, 95};
  EXPECT_EQ(Only(Values(Grade::kC, scattered, {400, 100, 500, 90, 450, 410, 95})).verdict,
            Verdict::kInconclusive);
}

TEST(DecideOneFile, TheNumberOfBenchmarksDoesNotMatter) {
  std::vector<Evidence> family(10'000, Sides(Grade::kC, 1, 10));
  family[5] = Sides(Grade::kC, 2, 10);
  EXPECT_EQ(Decide(family, {})[5].verdict, Verdict::kRegressed);
}

TEST(DecideOneFile, DoesNotDiluteTheFamilyOfTheOthers) {
  std::vector<Evidence> family(1000, Sides(Grade::kC, 1, 10));
  family[5] = Sides(Grade::kB, 1.1, 5);
  EXPECT_EQ(Decide(family, {})[5].verdict, Verdict::kRegressed);
}

TEST(DecideOneFile, TooFewRepetitionsAreOnlyReported) {
  const Decision decision = Only(Sides(Grade::kC, 2, 2));
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_NEAR(decision.effect, 1, 0.1);
}

// --- Grade D and bad values
// -----------------------------------------------------------------------

TEST(DecideSingleValues, AreReportedAndNotDecided) {
  const Decision decision = Only(Values(Grade::kD, {10}, {30}));
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_NEAR(decision.effect, 2, 1e-12);
  EXPECT_EQ(decision.low, -1);
  EXPECT_EQ(decision.high, std::numeric_limits<double>::infinity());
  EXPECT_FALSE(decision.reason.empty());
}

TEST(Decide, EveryKindOfBadValueGivesADefinedAnswerWithAReason) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Grade grade : {Grade::kB, Grade::kC, Grade::kD}) {
    for (const double bad : {std::nan(""), infinity, -infinity, -1.0}) {
      Evidence evidence = Sides(grade, 3, 6);
      evidence.head[2] = bad;
      const Decision decision = Only(evidence);
      ExpectDefined(decision);
      EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
      EXPECT_FALSE(decision.reason.empty());
    }
    for (const Evidence& evidence :
         {Values(grade, {}, {}), Values(grade, {1, 2, 3, 4, 5}, {}), Values(grade, {}, {1})}) {
      ExpectDefined(Only(evidence));
      EXPECT_FALSE(Only(evidence).reason.empty());
    }
  }
  EXPECT_TRUE(Decide({}, {}).empty());
}

TEST(Decide, ZerosAreEqualToEachOtherAndFarBelowAnythingElse) {
  const std::vector<double> zeros(6, 0.0);
  const std::vector<double> ones(6, 1.0);
  for (const Grade grade : {Grade::kB, Grade::kC}) {
    EXPECT_EQ(Only(Values(grade, zeros, ones)).verdict, Verdict::kRegressed);
    EXPECT_EQ(Only(Values(grade, ones, zeros)).verdict, Verdict::kImproved);
    ExpectDefined(Only(Values(grade, zeros, ones)));
    ExpectDefined(Only(Values(grade, ones, zeros)));
    EXPECT_EQ(Only(Values(grade, zeros, zeros)).effect, 0);
  }
  EXPECT_EQ(Only(Values(Grade::kB, zeros, zeros)).verdict, Verdict::kEquivalent);
}

TEST(Decide, AToleranceThatIsNotOneIsRefused) {
  for (const double tolerance :
       {0.0, -0.1, std::nan(""), std::numeric_limits<double>::infinity()}) {
    for (Evidence evidence : {Sides(Grade::kB, 2, 6), Blocks(0.5, 0.01, 32)}) {
      evidence.tolerance = tolerance;
      EXPECT_EQ(Only(evidence).verdict, Verdict::kInconclusive);
      EXPECT_EQ(Only(evidence).reason, "the tolerance is not a number above 0");
      ExpectDefined(Only(evidence));
    }
  }
}

// --- Of every grade
// -------------------------------------------------------------------------------

TEST(Decide, SwappingBaseAndHeadMirrorsTheVerdictAndTheInterval) {
  for (const Grade grade : {Grade::kB, Grade::kC}) {
    for (const double ratio : {1.0, 1.02, 1.1, 2.5}) {
      const Evidence evidence = Sides(grade, ratio, 7);
      const Decision one = Only(evidence);
      const Decision other = Only(Values(grade, evidence.head, evidence.base));
      EXPECT_EQ(one.verdict == Verdict::kRegressed, other.verdict == Verdict::kImproved);
      EXPECT_EQ(one.verdict == Verdict::kEquivalent, other.verdict == Verdict::kEquivalent);
      EXPECT_NEAR((1 + one.effect) * (1 + other.effect), 1, 1e-9);
      EXPECT_NEAR((1 + one.low) * (1 + other.high), 1, 1e-9);
      EXPECT_NEAR((1 + one.high) * (1 + other.low), 1, 1e-9);
    }
  }
}

TEST(Decide, TheUnitOfTimeDoesNotMatter) {
  for (const Grade grade : {Grade::kB, Grade::kC}) {
    Evidence evidence = Sides(grade, 1.04, 7);
    const Decision one = Only(evidence);
    for (std::vector<double>* side : {&evidence.base, &evidence.head}) {
      for (double& value : *side) value *= 1e-6;
    }
    const Decision other = Only(evidence);
    EXPECT_EQ(one.verdict, other.verdict);
    EXPECT_NEAR(one.effect, other.effect, 1e-9);
    EXPECT_NEAR(one.low, other.low, 1e-9);
    EXPECT_NEAR(one.high, other.high, 1e-9);
  }
}

TEST(Decide, TheOrderOfFilesDoesNotMatter) {
  for (const Grade grade : {Grade::kB, Grade::kC}) {
    const Evidence evidence = Sides(grade, 1.04, 7);
    const std::vector<double> reversed(evidence.head.rbegin(), evidence.head.rend());
    const Decision one = Only(evidence);
    const Decision other = Only(Values(grade, evidence.base, reversed));
    EXPECT_EQ(one.effect, other.effect);
    EXPECT_EQ(one.low, other.low);
    EXPECT_EQ(one.p_regressed, other.p_regressed);
  }
}

TEST(ToString, IsWhatReportsPrint) {
  EXPECT_EQ(ToString(Grade::kA), "A");
  EXPECT_EQ(ToString(Grade::kD), "D");
  EXPECT_EQ(ToString(Verdict::kRegressed), "REGRESSED");
  EXPECT_EQ(ToString(Verdict::kNotComparable), "NOT COMPARABLE");
}

}  // namespace
}  // namespace assay::regression
