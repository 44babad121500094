#include "tools/regression/render/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/regression/render_scene.h"

namespace assay::regression::render_scene {
namespace {

std::size_t Columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
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
}  // namespace assay::regression::render_scene
