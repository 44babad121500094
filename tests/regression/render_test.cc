#include "tools/regression/render/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

namespace assay::regression {
namespace {

Row MakeRow(const std::string& name, Verdict verdict, double base, double head) {
  Row row{.benchmark = name, .metric = "cpu_time", .grade = Grade::kA, .tolerance = 0.03};
  row.base = base;
  row.head = head;
  row.decision.verdict = verdict;
  row.decision.effect = base > 0 ? head / base - 1 : 0;
  row.decision.low = row.decision.effect - 0.01;
  row.decision.high = row.decision.effect + 0.01;
  return row;
}

Comparison Example() {
  Comparison comparison;
  comparison.rows = {MakeRow("equal", Verdict::kEquivalent, 100, 100),
                     MakeRow("worse", Verdict::kRegressed, 100, 120),
                     MakeRow("worst", Verdict::kRegressed, 1e6, 3e6),
                     MakeRow("unclear", Verdict::kInconclusive, 1000, 1040),
                     MakeRow("gone", Verdict::kMissing, 0, 0)};
  comparison.rows[3].decision.more_blocks = 12;
  comparison.conditions.warnings = {"load was high"};
  Summarize(comparison);
  return comparison;
}

std::size_t Columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

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

TEST(RenderTerminal, ShowsTheWorstFirstAndWhatToDo) {
  const std::string text = RenderTerminal(Example(), false);
  const auto at = [&](const char* word) { return text.find(word); };
  EXPECT_LT(at("worst"), at("worse"));
  EXPECT_LT(at("worse"), at("gone"));
  EXPECT_LT(at("gone"), at("unclear"));
  EXPECT_LT(at("unclear"), at("equal"));
  EXPECT_NE(at("2 REGRESSED, 1 MISSING, 1 INCONCLUSIVE, 1 EQUIVALENT"), std::string::npos);
  EXPECT_NE(at("about 12 more blocks"), std::string::npos);
  EXPECT_NE(at("warning: load was high"), std::string::npos);
  EXPECT_EQ(at("\x1b"), std::string::npos);
}

TEST(RenderTerminal, HasValuesEffectIntervalGradeAndBlocksInColumns) {
  const std::string text = RenderTerminal(Example(), false);
  EXPECT_TRUE(text.starts_with(
      "benchmark  verdict          base     head   change    95 % interval  grade  to be decided\n"
      "worst      REGRESSED     1.00 ms  3.00 ms   × 3.00  × 2.99 … × 3.01  A\n"
      "worse      REGRESSED      100 ns   120 ns  +20.0 %  +19.0 … +21.0 %  A\n"
      "gone       MISSING\n"
      "unclear    INCONCLUSIVE  1.00 us  1.04 us   +4.0 %    +3.0 … +5.0 %  A      ≈ 12 more "
      "blocks\n"
      "equal      EQUIVALENT     100 ns   100 ns   +0.0 %    -1.0 … +1.0 %  A\n"
      "\n"))
      << text;
}

TEST(RenderTerminal, ShowsNoBlocksWhereNamesWouldSufferOrNobodyNeedsThem) {
  Comparison comparison = Example();
  // The other columns take 83 of the 100.
  const auto title_with = [&](std::size_t name) {
    comparison.rows[0].benchmark = std::string(name, 'x');
    const std::string text = RenderTerminal(comparison, false);
    return text.substr(0, text.find('\n'));
  };
  EXPECT_NE(title_with(17).find("to be decided"), std::string::npos);
  EXPECT_EQ(title_with(18).find("to be decided"), std::string::npos);
  comparison.rows[3].decision.more_blocks.reset();
  EXPECT_EQ(title_with(17).find("to be decided"), std::string::npos);
}

TEST(RenderTerminal, FitsAHundredColumnsWhateverTheNames) {
  Comparison comparison = Example();
  comparison.rows[0].benchmark = std::string(300, 'x') + "/end";
  std::istringstream lines(RenderTerminal(comparison, false));
  bool shortened = false;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(Columns(line), 100u) << line;
    shortened = shortened || line.find("...") != std::string::npos;
  }
  EXPECT_TRUE(shortened);
}

TEST(RenderTerminal, RedMeansRegressedAndNothingElse) {
  std::istringstream lines(RenderTerminal(Example(), true));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(line.find("\x1b[31m") != std::string::npos,
              line.find("REGRESSED  ") != std::string::npos)
        << line;
  }
}

TEST(RenderMarkdown, FoldsAwayWhatNeedsNoLook) {
  const std::string text = RenderMarkdown(Example());
  EXPECT_LT(text.find("| worst |"), text.find("<details>"));
  EXPECT_GT(text.find("| equal |"), text.find("<details>"));
}

TEST(RenderMarkdown, HasValuesEffectIntervalGradeAndBlocks) {
  const std::string text = RenderMarkdown(Example());
  for (const char* line :
       {"| benchmark | verdict | base | head | change | 95 % interval | grade | to be decided |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | --- | --- |\n"
        "| worst | REGRESSED | 1.00 ms | 3.00 ms | × 3.00 | × 2.99 … × 3.01 | A |  |\n",
        "| gone | MISSING |  |  |  |  | A |  |\n",
        "| unclear | INCONCLUSIVE | 1.00 us | 1.04 us | +4.0 % | +3.0 … +5.0 % | A | ≈ 12 more "
        "blocks |\n",
        "| equal | EQUIVALENT | 100 ns | 100 ns | +0.0 % | -1.0 … +1.0 % | A |  |\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nis not in\n" << text;
  }
}

TEST(RenderMarkdown, NamesCannotBreakTheTable) {
  Comparison comparison = Example();
  comparison.rows[1].benchmark = "BM_x<int>|y";
  EXPECT_NE(RenderMarkdown(comparison).find("BM_x\\<int>\\|y"), std::string::npos);
}

TEST(RenderJson, IsVersionedAndComplete) {
  const auto json = nlohmann::json::parse(RenderJson(Example()));
  EXPECT_EQ(json.at("assay_comparison_schema"), 1);
  EXPECT_EQ(json.at("counts").at("REGRESSED"), 2);
  ASSERT_EQ(json.at("rows").size(), 5u);
  EXPECT_EQ(json.at("rows")[0].at("benchmark"), "worst");
  EXPECT_EQ(json.at("rows")[0].at("effect"), 2.0);
  EXPECT_EQ(json.at("rows")[3].at("more_blocks"), 12);
}

TEST(RenderJson, WritesNullForWhatIsNoNumberAndSurvivesInvalidUtf8) {
  Comparison comparison = Example();
  comparison.rows[0].decision.low = std::numeric_limits<double>::infinity();
  comparison.rows[0].benchmark = "\xff";
  EXPECT_TRUE(nlohmann::json::accept(RenderJson(comparison)));
  EXPECT_NE(RenderJson(comparison).find("\"low\": null"), std::string::npos);
}

TEST(RenderJunit, CountsFailuresAndEscapes) {
  Comparison comparison = Example();
  comparison.rows[1].benchmark = "BM_x<int>\"&";
  const std::string xml = RenderJunit(comparison);
  EXPECT_NE(xml.find("tests=\"5\" failures=\"3\" skipped=\"1\""), std::string::npos);
  EXPECT_NE(xml.find("BM_x&lt;int&gt;&quot;&amp;"), std::string::npos);
}

TEST(RenderGithub, AnnotatesWhatFailsOneLineEach) {
  Comparison comparison = Example();
  comparison.rows[1].benchmark = "a\nb%";
  const std::string text = RenderGithub(comparison);
  EXPECT_EQ(std::ranges::count(text, '\n'), 4);
  EXPECT_NE(text.find("::error title=Benchmark::worst"), std::string::npos);
  EXPECT_NE(text.find("a%0Ab%25"), std::string::npos);
  EXPECT_NE(text.find("::warning title=Benchmark::gone"), std::string::npos);
}

TEST(RenderGithub, StopsAtTenOfAKind) {
  Comparison comparison;
  for (int i = 0; i < 25; ++i) comparison.rows.push_back(MakeRow("x", Verdict::kRegressed, 1, 2));
  EXPECT_EQ(std::ranges::count(RenderGithub(comparison), '\n'), 10);
}

}  // namespace
}  // namespace assay::regression
