#include <gtest/gtest.h>

#include <cmath>

#include "tools/regression/compare/candidate.h"

namespace assay::regression {
namespace {

using Values = std::vector<double>;

constexpr const char* kName = "a";

std::optional<Candidate> Of(const GatedMetric& metric, Values base, Values head) {
  return CandidateOf(
      kName, metric,
      {.grade = Grade::kB, .tolerance = 0.1, .base = std::move(base), .head = std::move(head)});
}

std::string Settled(const GatedMetric& metric, Values base, Values head) {
  const auto candidate = Of(metric, std::move(base), std::move(head));
  if (!candidate) return "nothing";
  if (candidate->evidence) return "evidence";
  const Decision& decision = candidate->row.decision;
  return std::string(ToString(decision.verdict)) + ": " + decision.reason;
}

Row Decided(const GatedMetric& metric, const Values& base, const Values& head) {
  return DecideRows({*Of(metric, base, head)}, {}).front();
}

Values Around(double value) {
  Values values;
  for (int i = -3; i <= 3; ++i) values.push_back(value * (1 + 0.002 * i));
  return values;
}

TEST(CandidateOf, HasTheMediansAndTheMarksOfTheRow) {
  const auto candidate = Of({"rps", true}, {1, 2, 9}, {4, 5, 6});
  EXPECT_EQ(candidate->row.benchmark, kName);
  EXPECT_EQ(candidate->row.metric, "rps");
  EXPECT_EQ(candidate->row.grade, Grade::kB);
  EXPECT_EQ(candidate->row.tolerance, 0.1);
  EXPECT_EQ(candidate->row.base, 2);
  EXPECT_EQ(candidate->row.head, 5);
}

TEST(CandidateOf, WhatOneSideLacksIsMissingOrNew) {
  const GatedMetric errors{"errors"};
  EXPECT_EQ(Settled(errors, {1}, {}), "MISSING: errors is only on the base side");
  EXPECT_EQ(Settled(errors, {1, 1}, {NAN, NAN}), "MISSING: errors is only on the base side");
  EXPECT_EQ(Settled(errors, {}, {1}), "NEW: errors is only on the head side");
  EXPECT_EQ(Settled(errors, {}, {}), "nothing");
  EXPECT_EQ(Settled(errors, {NAN}, {NAN}), "nothing");
  EXPECT_EQ(Of(errors, {7}, {})->row.base, 7);
}

TEST(CandidateOf, AClockThatOneSideLacksIsNotComparable) {
  EXPECT_EQ(Settled({"cpu_time"}, {1}, {}), "NOT COMPARABLE: cpu_time is only on the base side");
  EXPECT_EQ(Settled({"cpu_time"}, {}, {1}), "NOT COMPARABLE: cpu_time is only on the head side");
  // Before the first block nobody has one, and the row is there all the same.
  EXPECT_EQ(Settled({"cpu_time"}, {}, {}), "evidence");
  EXPECT_EQ(Settled({"real_time"}, {}, {}), "nothing");
}

TEST(CandidateOf, WhatHasNoRatioIsNotComparable) {
  const GatedMetric errors{"errors"};
  EXPECT_EQ(Settled(errors, {1, NAN}, {1, 1}),
            "NOT COMPARABLE: errors on the base side is not in every launch");
  EXPECT_EQ(Settled(errors, {1, 1}, {1, -1}),
            "NOT COMPARABLE: errors on the head side is negative, which has no ratio");
  EXPECT_EQ(Settled({"cpu_time"}, {1}, {0}), "NOT COMPARABLE: cpu_time on the head side is 0");
  EXPECT_EQ(Settled({"real_time"}, {0}, {1}), "NOT COMPARABLE: real_time on the base side is 0");
  EXPECT_EQ(Settled(errors, {0}, {1}), "evidence");
}

TEST(DecideRows, ZerosAreEqualAndAChangeFromZeroIsBeyondAnyTolerance) {
  const GatedMetric errors{"errors"};
  const Values zeros(7, 0.0);
  EXPECT_EQ(Decided(errors, zeros, zeros).decision.verdict, Verdict::kEquivalent);
  const Row worse = Decided(errors, zeros, Values(7, 5));
  EXPECT_EQ(worse.decision.verdict, Verdict::kRegressed);
  EXPECT_GT(worse.decision.effect, 1e300);
  EXPECT_EQ(Decided(errors, Values(7, 5), zeros).decision.verdict, Verdict::kImproved);
  EXPECT_EQ(Decided({"rps", true}, Values(7, 5), zeros).decision.verdict, Verdict::kRegressed);
  EXPECT_NEAR(Decided({"rps", true}, Values(7, 5), zeros).decision.effect, -1, 1e-9);
  EXPECT_EQ(Decided({"rps", true}, zeros, zeros).decision.verdict, Verdict::kEquivalent);
}

TEST(DecideRows, ARateThatFellIsRegressedWithAnEffectBelowZero) {
  const Row fell = Decided({"rps", true}, Around(1000), Around(500));
  EXPECT_EQ(fell.decision.verdict, Verdict::kRegressed);
  EXPECT_NEAR(fell.decision.effect, -0.5, 0.01);
  EXPECT_LE(fell.decision.low, fell.decision.effect);
  EXPECT_LE(fell.decision.effect, fell.decision.high);
  EXPECT_NEAR(fell.decision.low, -0.5, 0.02);
  EXPECT_NEAR(fell.decision.high, -0.5, 0.02);
  EXPECT_LT(fell.decision.low, fell.decision.high);
  EXPECT_LT(fell.decision.p_regressed, 0.01);
  EXPECT_EQ(Decided({"rps", true}, Around(500), Around(1000)).decision.verdict, Verdict::kImproved);
  EXPECT_EQ(Decided({"rps", true}, Around(500), Around(501)).decision.verdict,
            Verdict::kEquivalent);
}

TEST(DecideRows, AnUnknownIntervalStaysUnknownWhenItIsTurnedRound) {
  auto candidate = *CandidateOf(kName, {"rps", true}, {.base = {2}, .head = {1}});
  const Decision decision = DecideRows({candidate}, {}).front().decision;
  EXPECT_EQ(decision.low, -1);
  EXPECT_TRUE(std::isinf(decision.high));
  EXPECT_NEAR(decision.effect, -0.5, 1e-9);
}

TEST(DecideRows, BlocksOfARateCountTheOtherWay) {
  const Evidence blocks{.grade = Grade::kA,
                        .blocks = Values(14, std::log(2)),
                        .base = Values(28, 1),
                        .head = Values(28, 2)};
  const auto verdict = [&](const GatedMetric& metric) {
    return DecideRows({*CandidateOf(kName, metric, blocks)}, {}).front().decision;
  };
  EXPECT_EQ(verdict({"errors"}).verdict, Verdict::kRegressed);
  EXPECT_NEAR(verdict({"errors"}).effect, 1, 1e-9);
  EXPECT_EQ(verdict({"rps", true}).verdict, Verdict::kImproved);
  EXPECT_NEAR(verdict({"rps", true}).effect, 1, 1e-9);
}

TEST(DecideRows, KeepsTheOrderAndLeavesSettledRowsAlone) {
  std::vector<Candidate> candidates;
  candidates.push_back({.row = SettledRow("gone", "errors", Verdict::kMissing, "why")});
  candidates.push_back(*Of({"cpu_time"}, Around(1), Around(3)));
  candidates.push_back({.row = SettledRow("fresh", "errors", Verdict::kNew, "")});
  candidates.push_back(*Of({"errors"}, Around(3), Around(1)));
  const std::vector<Row> rows = DecideRows(candidates, {});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].benchmark, "gone");
  EXPECT_EQ(rows[0].metric, "errors");
  EXPECT_EQ(rows[0].decision.verdict, Verdict::kMissing);
  EXPECT_EQ(rows[0].decision.reason, "why");
  EXPECT_EQ(rows[1].decision.verdict, Verdict::kRegressed);
  EXPECT_EQ(rows[2].decision.verdict, Verdict::kNew);
  EXPECT_EQ(rows[3].decision.verdict, Verdict::kImproved);
}

// With seven values a side the smallest p is 1/3432: enough for one row and not for a
// family of two hundred.
TEST(DecideRows, IsOneFamily) {
  std::vector<Candidate> candidates;
  const auto first = [&] { return DecideRows(candidates, {}).front().decision.verdict; };
  candidates.push_back(*Of({"cpu_time"}, Around(1), Around(3)));
  EXPECT_EQ(first(), Verdict::kRegressed);
  candidates.resize(200, *Of({"errors"}, Around(1), Around(1)));
  EXPECT_EQ(first(), Verdict::kInconclusive);
}

}  // namespace
}  // namespace assay::regression
