// What holds for every grade.
#include "tools/regression/decide/decide.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/regression/decide_evidence.h"

namespace assay::regression {
namespace {

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
