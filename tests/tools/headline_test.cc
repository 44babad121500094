#include "tools/report/headline.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::report {
namespace {

Run MakeRun(const std::string& name, std::map<std::string, double> counters) {
  return {name, counters["real_time_ns"], counters, {}};
}

HeadlineRow RowOf(const Report& report, const std::string& question) {
  const auto rows = Headline(report);
  const auto row = std::ranges::find(rows, question, &HeadlineRow::question);
  if (row == rows.end()) {
    ADD_FAILURE() << "no row " << question;
    return {};
  }
  return *row;
}

TEST(Headline, GivesMedianAndExtremesOfTheRepetitions) {
  Report report;
  for (const double rps : {3700.0, 3500.0, 3600.0}) {
    report.runs.push_back(MakeRun("engine/async/pooled/latency_us:5000/concurrency:20/real_time",
                                  {{"rps", rps},
                                   {"real_time_ns", 1},
                                   {"ideal_ratio", rps / 4000},
                                   {"ideal_ratio_planned", rps / 4800},
                                   {"cpu_us_per_req", 9.87},
                                   {"p50_us", 5600},
                                   {"p99_us", 6100}}));
  }
  const HeadlineRow row = RowOf(report, "async, 20 connections, 5 ms + 0–20 %");
  EXPECT_EQ(row.result, "3600/s (3500–3700)");
  EXPECT_EQ(row.against, "0.900 of ideal (planned 0.750)");
  EXPECT_EQ(row.cpu, "9.87 (9.87–9.87)");
  EXPECT_EQ(row.latency, "5600 / 6100");
}

TEST(Headline, GivesARatioWithTheExtremesThatBothSpreadsAllow) {
  Report report;
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  for (const auto& [naive, pooled] : {std::pair{100.0, 300.0}, {200.0, 400.0}, {125.0, 500.0}}) {
    report.runs.push_back(MakeRun("pooling/naive" + tail, {{"rps", naive}, {"real_time_ns", 1}}));
    report.runs.push_back(MakeRun("pooling/pooled" + tail, {{"rps", pooled}, {"real_time_ns", 1}}));
  }
  EXPECT_EQ(RowOf(report, "pooled ÷ naive, 32 connections, no delay").result, "× 3.20 (1.50–5.00)");
}

TEST(Headline, PutsThePatternsBesideTheirFloor) {
  Report report;
  const std::string prefix = "pattern/semaphore_and_circuit_breaker/";
  for (const auto& [row, ns] : {std::pair{"floor", 12.0}, {"off", 2.0}, {"calm", 50.0}}) {
    report.runs.push_back(MakeRun(prefix + row, {{"real_time_ns", ns}}));
  }
  const HeadlineRow row = RowOf(report, "semaphore + breaker, per request");
  EXPECT_EQ(row.result, "50.0 ns (50.0–50.0)");
  EXPECT_EQ(row.against, "floor 12.0, off 2.00 ns");
}

TEST(Headline, SaysWhenABenchmarkIsNotInTheReport) {
  for (const HeadlineRow& row : Headline(Report{})) {
    EXPECT_TRUE(row.missing);
    EXPECT_EQ(row.result, "not in this report");
  }
}

TEST(Headline, NamesMachineCommitAndBuild) {
  Report report;
  report.context = {{"cpu", "Test CPU"}, {"num_cpus", "2"}, {"commit", "abc"}, {"dirty", "true"}};
  const auto lines = Provenance(report);
  EXPECT_TRUE(lines[0].starts_with("Machine: Test CPU, 2 CPUs, ")) << lines[0];
  EXPECT_TRUE(lines[2].starts_with("Commit: abc (with uncommitted changes)")) << lines[2];
}

TEST(Render, AlignsColumnsByCharactersAndNotByBytes) {
  const std::string text = Render({{"µµ", "1", "2", "3", "4", "5", {}}}, Format::kTerminal);
  const std::size_t title = text.find("median");
  const std::string row = text.substr(text.find("µµ"));
  EXPECT_EQ(row.find('1'), title + 2);  // two of the characters take two bytes
}

TEST(Render, WritesAMarkdownTable) {
  const std::string text = Render({{"a", "b", "c", "d", "e", "f", {}}}, Format::kMarkdown);
  EXPECT_NE(text.find("\n| --- | --- | --- | --- | --- | --- |\n| a | b | c | d | e | f |\n"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::report
