#include "tools/report/headline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>

namespace assay::report {
namespace {

using regression::Document;
using regression::Entry;

Entry MakeRun(const std::string& name, double real_time_ns,
              const std::map<std::string, double>& counters = {}) {
  Entry entry;
  entry.run_name = name;
  entry.real_time_ns = real_time_ns;
  entry.counters.assign(counters.begin(), counters.end());
  return entry;
}

HeadlineRow RowOf(const Document& report, const std::string& question) {
  const auto rows = Headline(report);
  const auto row = std::ranges::find(rows, question, &HeadlineRow::question);
  if (row == rows.end()) {
    ADD_FAILURE() << "no row " << question;
    return {};
  }
  return *row;
}

TEST(Headline, GivesMedianAndExtremesOfTheRepetitions) {
  Document report;
  for (const double rps : {3700.0, 3500.0, 3600.0}) {
    report.entries.push_back(MakeRun("engine/async/pooled/latency_us:5000/concurrency:20/real_time",
                                     1,
                                     {{"rps", rps},
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
  Document report;
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  for (const auto& [naive, pooled] : {std::pair{100.0, 300.0}, {200.0, 400.0}, {125.0, 500.0}}) {
    report.entries.push_back(MakeRun("pooling/naive" + tail, 1, {{"rps", naive}}));
    report.entries.push_back(MakeRun("pooling/pooled" + tail, 1, {{"rps", pooled}}));
  }
  EXPECT_EQ(RowOf(report, "pooled ÷ naive, 32 connections, no delay").result, "× 3.20 (1.50–5.00)");
}

TEST(Headline, PutsThePatternsBesideTheirFloor) {
  Document report;
  const std::string prefix = "pattern/semaphore_and_circuit_breaker/";
  for (const auto& [row, ns] : {std::pair{"floor", 12.0}, {"off", 2.0}, {"calm", 50.0}}) {
    report.entries.push_back(MakeRun(prefix + row, ns));
  }
  const HeadlineRow row = RowOf(report, "semaphore + breaker, per request");
  EXPECT_EQ(row.result, "50.0 ns (50.0–50.0)");
  EXPECT_EQ(row.against, "floor 12.0, off 2.00 ns");
}

TEST(Headline, TakesOnlyRepetitionsThatWereMeasured) {
  const std::string name = "engine/sync/pooled/latency_us:5000/concurrency:1/real_time";
  Document report;
  for (const double rps : {100.0, 110.0, 120.0}) {
    report.entries.push_back(MakeRun(name, 1, {{"rps", rps}}));
  }
  report.entries.push_back(MakeRun(name, 1, {{"rps", 900}}));
  report.entries.back().kind = Entry::Kind::kAggregate;
  for (const auto status : {Entry::Status::kErrored, Entry::Status::kSkipped}) {
    report.entries.push_back(MakeRun(name, 1, {{"rps", 0}}));
    report.entries.back().status = status;
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  report.entries.push_back(MakeRun(name, 1, {{"rps", nan}, {"p50_us", nan}}));
  const HeadlineRow row = RowOf(report, "sync, 1 connection, 5 ms + 0–20 %");
  EXPECT_EQ(row.result, "110/s (100–120)");
  EXPECT_EQ(row.latency, "? / ?");
}

TEST(Headline, ABenchmarkThatOnlyFailedIsMissing) {
  Document report;
  report.entries = {MakeRun("engine/sync/pooled/latency_us:5000/concurrency:1/real_time", 1)};
  const auto missing = [&] { return RowOf(report, "sync, 1 connection, 5 ms + 0–20 %").missing; };
  EXPECT_FALSE(missing());
  report.entries[0].status = Entry::Status::kErrored;
  EXPECT_TRUE(missing());
}

TEST(Headline, ACounterThatNoRepetitionHasIsAQuestionMark) {
  Document report;
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  report.entries = {MakeRun("engine/sync/pooled/latency_us:5000/concurrency:1/real_time", 1),
                    MakeRun("pooling/naive" + tail, 1), MakeRun("pooling/pooled" + tail, 1)};
  const HeadlineRow row = RowOf(report, "sync, 1 connection, 5 ms + 0–20 %");
  EXPECT_EQ(row.result, "?");
  EXPECT_EQ(row.cpu, "?");
  EXPECT_EQ(row.against, "");
  EXPECT_EQ(RowOf(report, "pooled ÷ naive, 32 connections, no delay").result, "× ?");
}

TEST(Headline, SaysWhenABenchmarkIsNotInTheReport) {
  for (const HeadlineRow& row : Headline(Document{})) {
    EXPECT_TRUE(row.missing);
    EXPECT_EQ(row.result, "not in this report");
  }
}

TEST(Headline, NamesMachineCommitAndBuild) {
  Document report;
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
