// How effects, intervals, values and advice read.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/regression/render_scene.h"

namespace assay::regression::render_scene {
namespace {

TEST(RenderText, EffectsReadAsPeopleSayThem) {
  EXPECT_EQ(EffectText(0.0321), "+3.2 %");
  EXPECT_EQ(EffectText(-0.5), "-50.0 %");
  EXPECT_EQ(EffectText(0.999), "+99.9 %");
  EXPECT_EQ(EffectText(1), "× 2.00");
  EXPECT_EQ(EffectText(1.4), "× 2.40");
  EXPECT_EQ(EffectText(1e304), "from 0");
}

TEST(RenderText, ZeroIsAValueOfACounterAndNoTime) {
  Row row = MakeRow("a", Verdict::kRegressed, 0, 5);
  row.decision.effect = 1e304;
  EXPECT_EQ(SideText(row, row.base), "");
  EXPECT_EQ(ChangeText(row), "");
  row.metric = "allocs_per_op";
  EXPECT_EQ(SideText(row, row.base), "0.00");
  EXPECT_EQ(SideText(row, row.head), "5.00");
  EXPECT_EQ(ChangeText(row), "from 0");
  for (const Verdict verdict : {Verdict::kMissing, Verdict::kNew, Verdict::kNotComparable}) {
    row.decision.verdict = verdict;
    EXPECT_EQ(SideText(row, row.base), "");
    EXPECT_EQ(ChangeText(row), "");
  }
}

TEST(RenderText, AnIntervalHasBothEndsOrIsNotShown) {
  Row row = MakeRow("a", Verdict::kInconclusive, 100, 102);
  const auto with = [&row](double low, double high) {
    row.decision.low = low;
    row.decision.high = high;
    return IntervalText(row);
  };
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(with(0.012, 0.034), "+1.2 … +3.4 %");
  EXPECT_EQ(with(-0.5, -0.25), "-50.0 … -25.0 %");
  EXPECT_EQ(with(0.1, 0.1), "+10.0 … +10.0 %");
  EXPECT_EQ(with(0.8, 1.4), "+80.0 % … × 2.40");
  EXPECT_EQ(with(0.8, 1), "+80.0 % … × 2.00");
  EXPECT_EQ(with(1.1, 1.4), "× 2.10 … × 2.40");
  EXPECT_EQ(with(0.1, infinity), "");
  EXPECT_EQ(with(-1, 0.1), "");
  EXPECT_EQ(with(0.2, 0.1), "");
  EXPECT_EQ(with(std::nan(""), 0.1), "");
  EXPECT_EQ(with(0.1, std::nan("")), "");
  row.base = row.head = 0.5;
  EXPECT_EQ(with(0.012, 0.034), "+1.2 … +3.4 %");
  row.grade = Grade::kD;
  EXPECT_EQ(with(0.012, 0.034), "");
  for (const auto& [base, head] : {std::pair(0.0, 1.0), {1.0, 0.0}}) {
    row = MakeRow("a", Verdict::kNew, base, head);
    EXPECT_EQ(with(0.012, 0.034), "");
  }
}

TEST(RenderText, MoreBlocksAreForWhatIsUndecided) {
  Row row = MakeRow("a", Verdict::kInconclusive, 100, 102);
  EXPECT_EQ(MoreBlocksText(row), "");
  row.decision.more_blocks = 12;
  EXPECT_EQ(MoreBlocksText(row), "≈ 12 more blocks");
  row.decision.verdict = Verdict::kEquivalent;
  EXPECT_EQ(MoreBlocksText(row), "");
}

TEST(RenderText, ALargeEffectComesFirstWhateverItsSign) {
  std::vector<Row> rows;
  for (const double effect : {0.1, -0.4, std::nan(""), 0.3}) {
    rows.push_back(MakeRow(std::to_string(effect), Verdict::kRegressed, 100, 100));
    rows.back().decision.effect = effect;
  }
  std::vector<double> order;
  for (const Row& row : WorstFirst(rows)) order.push_back(row.decision.effect);
  EXPECT_EQ(std::vector<double>(order.begin(), order.begin() + 3),
            (std::vector<double>{-0.4, 0.3, 0.1}));
}

TEST(RenderText, TimesComeInTheUnitThatFits) {
  Row row;
  row.metric = "real_time";
  EXPECT_EQ(ValueText(row, 12.34), "12.3 ns");
  EXPECT_EQ(ValueText(row, 4.56e6), "4.56 ms");
  EXPECT_EQ(ValueText(row, 0.5), "0.50 ns");
  EXPECT_EQ(ValueText(row, 1), "1.00 ns");
  EXPECT_EQ(ValueText(row, 999), "999 ns");
  EXPECT_EQ(ValueText(row, 1e3), "1.00 us");
  EXPECT_EQ(ValueText(row, 1e6), "1.00 ms");
  EXPECT_EQ(ValueText(row, 9.9e9), "9.90 s");
  row.metric = "cpu_time";
  EXPECT_EQ(ValueText(row, 100), "100 ns");
  EXPECT_EQ(ValueText(row, 10), "10.0 ns");
  row.metric = "allocs_per_iter";
  EXPECT_EQ(ValueText(row, 1234), "1234");
  EXPECT_EQ(ValueText(row, 9e9), "9000000000");
  EXPECT_EQ(ValueText(row, 1e10), "1.00e+10");
}

TEST(RenderText, ACounterIsNamedBesideItsBenchmark) {
  Row row{.benchmark = "a", .metric = "cpu_time"};
  EXPECT_EQ(NameText(row), "a");
  row.metric = "real_time";
  EXPECT_EQ(NameText(row), "a");
  row.metric = "allocs_per_iter";
  EXPECT_EQ(NameText(row), "a [allocs_per_iter]");
}

TEST(RenderText, TheAdviceIsForTheWorstGradeThatIsUndecided) {
  Comparison comparison;
  const auto advice = [&comparison](Grade grade, std::optional<int> blocks) {
    Row row = MakeRow("undecided", Verdict::kInconclusive, 100, 102);
    row.grade = grade;
    row.decision.more_blocks = blocks;
    comparison.rows.push_back(row);
    Summarize(comparison);
    return SummaryLines(comparison).back();
  };
  comparison.rows = {MakeRow("decided", Verdict::kEquivalent, 100, 100)};
  comparison.rows[0].grade = Grade::kD;
  comparison.rows[0].decision.more_blocks = 99;
  EXPECT_TRUE(advice(Grade::kA, std::nullopt).starts_with("geometric mean")) << "no advice";
  EXPECT_EQ(advice(Grade::kA, 1), "inconclusive: about 1 more blocks should decide them");
  EXPECT_EQ(advice(Grade::kA, 7), "inconclusive: about 7 more blocks should decide them");
  EXPECT_EQ(advice(Grade::kA, 2), "inconclusive: about 7 more blocks should decide them");
  EXPECT_EQ(advice(Grade::kB, {}),
            "inconclusive: more reports on each side, or two executables, should decide them");
  EXPECT_TRUE(advice(Grade::kC, {}).starts_with("inconclusive: one report on each side rarely "));
  EXPECT_TRUE(advice(Grade::kA, {}).starts_with("inconclusive: one report on each side rarely "));
}

}  // namespace
}  // namespace assay::regression::render_scene
