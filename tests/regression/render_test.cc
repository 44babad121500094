#include "tools/regression/render/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
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
  EXPECT_EQ(EffectText(1.4), "× 2.40");
}

TEST(RenderText, TimesComeInTheUnitThatFits) {
  Row row;
  row.metric = "real_time";
  EXPECT_EQ(ValueText(row, 12.34), "12.3 ns");
  EXPECT_EQ(ValueText(row, 4.56e6), "4.56 ms");
  EXPECT_EQ(ValueText(row, 0.5), "0.50 ns");
  row.metric = "allocs_per_iter";
  EXPECT_EQ(ValueText(row, 1234), "1234");
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
