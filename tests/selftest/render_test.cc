#include "tools/selftest/render.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

namespace assay::selftest {
namespace {

using regression::Verdict;
using Lines = std::vector<std::string>;

SelfRow Row(const std::string& name) {
  SelfRow row{.name = name,
              .median_ns = 355,
              .blocks = 32,
              .block_sd = 0.004,
              .pairs = 28,
              .pairs_different = 7,
              .detects = 0.0341,
              .blocks_for_change = 14,
              .sensitivity_known = true};
  row.decision.verdict = Verdict::kEquivalent;
  row.decision.low = -0.002;
  row.decision.high = 0.011;
  return row;
}

Report Usual() {
  Report report{.most_blocks = 128,
                .repetitions = 9,
                .blocks = 32,
                .block_seconds = 0.97,
                .clock = {.reads = 1000, .smallest_ns = 20, .backwards = 0},
                .clock_read_ns = 23.6};
  report.wakeups = {{"sleep", {.count = 300, .p50_ns = 74'000, .p99_ns = 103'000, .max_ns = 2e6}}};
  report.floor = {{.name = "mutex", .lowest_ns = 6.23, .median_ns = 6.3}};
  report.rows = {Row("arithmetic"), Row("mutex")};
  return report;
}

Lines LinesOf(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TimeText, HasThreeDigitsAndAUnit) {
  EXPECT_EQ(TimeText(0), "0.00 ns");
  EXPECT_EQ(TimeText(0.42), "0.42 ns");
  EXPECT_EQ(TimeText(23.61), "23.6 ns");
  EXPECT_EQ(TimeText(355), "355 ns");
  EXPECT_EQ(TimeText(1000), "1.00 us");
  EXPECT_EQ(TimeText(2.5e6), "2.50 ms");
  EXPECT_EQ(TimeText(3e9), "3.00 s");
}

TEST(SelftestTerminal, HasEverySectionWithItsNumbers) {
  const Lines lines = LinesOf(RenderTerminal(Usual(), false));
  const Lines expected = {
      "clock    smallest step 20.0 ns, a read costs 23.6 ns, never backwards in 1000 reads",
      "",
      "wake-up  how late                      p50        p99        max",
      "  sleep                            74.0 us     103 us    2.00 ms",
      "",
      "floor    one operation              lowest     median",
      "  mutex                            6.23 ns    6.30 ns",
      "",
      "A/A      assay against itself: 32 blocks of 0.97 s, tolerance 3.0 %",
      "  row                   median  block SD  verdict               interval    pairs   detects",
      "  arithmetic            355 ns     0.4 %  EQUIVALENT      -0.2 to +1.1 %     7/28    +3.5 %",
      "  mutex                 355 ns     0.4 %  EQUIVALENT      -0.2 to +1.1 %     7/28    +3.5 %",
      "  pairs: of launches that compare.py's rule calls different. detects: the smallest",
      "  slow-down that 32 blocks find with 95 % probability, as one row of these.",
      "",
      "compare.py's rule (p < 0.05 over 9 repetitions) calls 25 % of 56 pairs of launches "
      "different",
      "One row of 2 slower by 5.0 %: found with 95 % probability (tolerance 3.0 %, blocks of 0.97 "
      "s)",
      "  in 14 blocks, 14 s: arithmetic, mutex",
      "no false alarm in 2 rows"};
  EXPECT_EQ(lines, expected);
}

TEST(SelftestTerminal, SaysWhatIsNotKnown) {
  Report report = Usual();
  report.clock = {.reads = 5, .backwards = 2};
  report.rows[0].trouble = "base skipped: " + std::string(200, 'x');
  SelfRow& row = report.rows[1];
  row.block_sd.reset();
  row.detects.reset();
  row.decision.low = -1;
  row.decision.high = std::numeric_limits<double>::infinity();
  const std::string text = RenderTerminal(report, false);
  EXPECT_TRUE(Has(text, "not seen: it stands still")) << text;
  EXPECT_TRUE(Has(text, "2 times backwards in 5 reads")) << text;
  EXPECT_TRUE(Has(text, "  arithmetic         not measured: base skipped: xxx")) << text;
  EXPECT_TRUE(Has(text, "355 ns   unknown  EQUIVALENT             unknown     7/28   nothing"))
      << text;
  EXPECT_TRUE(Has(text, "One row of 1 slower")) << text;
  row.sensitivity_known = false;
  EXPECT_TRUE(Has(RenderTerminal(report, false), "7/28   unknown"));
}

TEST(SelftestTerminal, WideIntervalsFitToo) {
  Report report = Usual();
  report.rows[0].decision.low = -0.878;
  report.rows[0].decision.high = 12.223;
  EXPECT_TRUE(Has(RenderTerminal(report, false), "EQUIVALENT      -88 to +1222 %     7/28"));
}

TEST(SelftestTerminal, StaysWithin100Columns) {
  Report report = Usual();
  report.rows[0].trouble = std::string(200, 'x');
  for (int i = 0; i < 20; ++i) report.rows.push_back(Row("a_row_with_a_name_" + std::to_string(i)));
  for (const std::string& line : LinesOf(RenderTerminal(report, false))) {
    EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(SelftestTerminal, PaintsWhenAskedTo) {
  Report report = Usual();
  EXPECT_FALSE(Has(RenderTerminal(report, false), "\x1b"));
  EXPECT_TRUE(Has(RenderTerminal(report, true), "\x1b[32mno false alarm in 2 rows\x1b[0m\n"));
  EXPECT_TRUE(Has(RenderTerminal(report, true), "\x1b[2m  arithmetic"));
  report.rows[0].decision.verdict = Verdict::kImproved;
  report.rows[1].decision.verdict = Verdict::kInconclusive;
  EXPECT_TRUE(Has(RenderTerminal(report, true), "\x1b[31m  arithmetic"));
  EXPECT_TRUE(Has(RenderTerminal(report, true), "\x1b[33m  mutex"));
  EXPECT_TRUE(Has(RenderTerminal(report, true), "\x1b[31mFALSE ALARM in 1 of 2 rows: arithmetic"));
}

TEST(SelftestTerminal, WarnsBeforeTheVerdict) {
  Report report = Usual();
  report.warnings = {"one CPU only"};
  const Lines lines = LinesOf(RenderTerminal(report, false));
  EXPECT_EQ(lines[lines.size() - 2], "warning: one CPU only");
}

TEST(SelftestSummary, GroupsTheRowsByTheBlocksThatTheyNeed) {
  Report report = Usual();
  report.rows.push_back(Row("noisy"));
  report.rows[2].blocks_for_change = 64;
  report.rows.push_back(Row("hopeless"));
  report.rows[3].blocks_for_change.reset();
  const Lines lines = SummaryLines(report);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[2], "  in 14 blocks, 14 s: arithmetic, mutex");
  EXPECT_EQ(lines[3], "  in 64 blocks, 62 s: noisy");
  EXPECT_EQ(lines[4], "  not within 128 blocks: hopeless");
}

TEST(SelftestSummary, LongListsGoOnIndented) {
  Report report = Usual();
  report.rows.clear();
  for (int i = 0; i < 10; ++i) report.rows.push_back(Row("row_number_" + std::to_string(i)));
  const Lines lines = SummaryLines(report);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_TRUE(lines[2].ends_with(",")) << lines[2];
  EXPECT_TRUE(lines[3].starts_with("      row_number_")) << lines[3];
  EXPECT_TRUE(lines[3].ends_with("row_number_9")) << lines[3];
}

TEST(SelftestSummary, SaysNothingAboutWhatIsNotKnown) {
  Report report = Usual();
  for (SelfRow& row : report.rows) {
    row.pairs = row.pairs_different = 0;
    row.sensitivity_known = false;
  }
  EXPECT_EQ(SummaryLines(report), Lines());
}

TEST(SelftestVerdict, NamesTheFalseAlarms) {
  Report report = Usual();
  EXPECT_EQ(VerdictLine(report), "no false alarm in 2 rows");
  report.rows.push_back(Row("lost"));
  report.rows[2].trouble = "no socket";
  EXPECT_EQ(VerdictLine(report), "no false alarm in 2 rows");
  report.rows[0].decision.verdict = Verdict::kRegressed;
  report.rows[1].decision.verdict = Verdict::kImproved;
  EXPECT_EQ(VerdictLine(report), "FALSE ALARM in 2 of 2 rows: arithmetic mutex");
}

TEST(SelftestVerdict, TooFewBlocksAreNoVerdict) {
  Report report = Usual();
  report.blocks = 8;
  EXPECT_EQ(VerdictLine(report), "no verdict: 8 of at least 9 blocks; give it more --seconds");
  report.blocks = 9;
  EXPECT_EQ(VerdictLine(report), "no false alarm in 2 rows");
}

TEST(SelftestJson, HasEverythingAndNullForWhatIsNotKnown) {
  Report report = Usual();
  report.warnings = {"one CPU only"};
  report.rows[0].decision.verdict = Verdict::kRegressed;
  report.rows[1].decision.high = std::numeric_limits<double>::infinity();
  report.rows[1].detects.reset();
  report.rows.push_back({.name = "lost", .trouble = "no socket"});
  const auto json = nlohmann::json::parse(RenderJson(report));
  EXPECT_EQ(json["assay_selftest_schema"], 1);
  EXPECT_EQ(json["clock"]["smallest_step_ns"], 20);
  EXPECT_EQ(json["clock"]["read_ns"], 23.6);
  EXPECT_EQ(json["wakeups"][0]["p99_ns"], 103'000);
  EXPECT_EQ(json["floor"][0]["median_ns"], 6.3);
  EXPECT_EQ(json["rows"][0]["verdict"], "REGRESSED");
  EXPECT_EQ(json["rows"][0]["detects"], 0.0341);
  EXPECT_EQ(json["rows"][0]["blocks_for_change"], 14);
  EXPECT_EQ(json["rows"][0]["pairs_different"], 7);
  EXPECT_TRUE(json["rows"][1]["high"].is_null());
  EXPECT_TRUE(json["rows"][1]["detects"].is_null());
  EXPECT_EQ(json["rows"][2], (nlohmann::json{{"name", "lost"}, {"trouble", "no socket"}}));
  EXPECT_EQ(json["false_alarms"], nlohmann::json({"arithmetic"}));
  EXPECT_EQ(json["warnings"], nlohmann::json({"one CPU only"}));
  EXPECT_EQ(json["block_seconds"], 0.97);
  EXPECT_EQ(json["tolerance"], 0.03);
  EXPECT_EQ(json["simulations"], 400);
}

}  // namespace
}  // namespace assay::selftest
