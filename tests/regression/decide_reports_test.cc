// Grades B to D: reports of processes, repetitions, single values.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/regression/decide_evidence.h"
#include "tools/regression/decide/decide.h"

namespace assay::regression {
namespace {

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

TEST(DecideSingleValues, AreReportedAndNotDecided) {
  const Decision decision = Only(Values(Grade::kD, {10}, {30}));
  EXPECT_EQ(decision.verdict, Verdict::kInconclusive);
  EXPECT_NEAR(decision.effect, 2, 1e-12);
  EXPECT_EQ(decision.low, -1);
  EXPECT_EQ(decision.high, std::numeric_limits<double>::infinity());
  EXPECT_FALSE(decision.reason.empty());
}

}  // namespace
}  // namespace assay::regression
