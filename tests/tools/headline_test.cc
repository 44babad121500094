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

TEST(Headline, OfAnEvenNumberTheMedianIsBetweenTheTwoInTheMiddle) {
  Document report;
  for (const double rps : {100.0, 400.0, 150.0, 250.0}) {
    report.entries.push_back(
        MakeRun("engine/sync/pooled/latency_us:5000/concurrency:1/real_time", 1, {{"rps", rps}}));
  }
  EXPECT_EQ(RowOf(report, "sync, 1 connection, 5 ms + 0–20 %").result, "200/s (100–400)");
}

TEST(Headline, NumbersHaveThreeDigitsAndNoExponent) {
  Document report;
  const auto text_of = [&](double value) {
    report.entries = {MakeRun("engine/sync/pooled/latency_us:5000/concurrency:1/real_time", 1,
                              {{"p50_us", value}})};
    return RowOf(report, "sync, 1 connection, 5 ms + 0–20 %").latency;
  };
  EXPECT_EQ(text_of(0), "0.00 / ?");
  EXPECT_EQ(text_of(0.0012345), "0.001 / ?");
  EXPECT_EQ(text_of(0.12345), "0.123 / ?");
  EXPECT_EQ(text_of(1.2345), "1.23 / ?");
  EXPECT_EQ(text_of(10), "10.0 / ?");
  EXPECT_EQ(text_of(123.45), "123 / ?");
  EXPECT_EQ(text_of(12345678), "12345678 / ?");
}

TEST(Headline, ARowOfSeveralBenchmarksNeedsAllOfThem) {
  Document report;
  report.entries = {MakeRun("pattern/semaphore_and_circuit_breaker/calm", 1),
                    MakeRun("pattern/semaphore_and_circuit_breaker/off", 1)};
  EXPECT_TRUE(RowOf(report, "semaphore + breaker, per request").missing);
}

TEST(Headline, ARatioNeedsBothSides) {
  const std::string tail = "/plain/latency_us:0/concurrency:32/real_time";
  for (const bool naive_has_it : {true, false}) {
    Document report;
    report.entries = {MakeRun("pooling/naive" + tail, 1), MakeRun("pooling/pooled" + tail, 1)};
    report.entries[naive_has_it ? 0 : 1].counters = {{"rps", 5}};
    EXPECT_EQ(RowOf(report, "pooled ÷ naive, 32 connections, no delay").result, "× ?");
  }
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

// Every benchmark with a number of its own in each counter.
Document FullReport() {
  Document report;
  double number = 100;
  for (const char* name :
       {"engine/sync/pooled/latency_us:5000/concurrency:1/real_time",
        "engine/threaded/pooled/latency_us:5000/concurrency:10/real_time",
        "engine/async/pooled/latency_us:5000/concurrency:20/real_time",
        "engine/async/pooled/latency_us:5000/concurrency:100/real_time",
        "engine/floor/pooled/latency_us:0/concurrency:1/real_time",
        "engine/sync/pooled/latency_us:0/concurrency:1/real_time",
        "engine/threaded/pooled/latency_us:0/concurrency:10/real_time",
        "engine/async/pooled/latency_us:0/concurrency:100/real_time",
        "pooling/pooled/plain/latency_us:0/concurrency:32/real_time",
        "pooling/naive/plain/latency_us:0/concurrency:32/real_time",
        "versus_wrk/async/pooled/latency_us:0/concurrency:32/real_time",
        "pattern/semaphore_and_circuit_breaker/calm", "pattern/semaphore_and_circuit_breaker/floor",
        "pattern/semaphore_and_circuit_breaker/off"}) {
    number += 10;
    report.entries.push_back(MakeRun(name, number,
                                     {{"cpu_us_per_req", number + 1},
                                      {"p50_us", number + 2},
                                      {"p99_us", number + 3},
                                      {"rps", number + 4},
                                      {"rps_ratio", number + 5},
                                      {"wrk_cpu_us_per_req", number + 6},
                                      {"wrk_rps", number + 7}}));
  }
  return report;
}

TEST(Headline, HasTheseRowsInThisOrder) {
  EXPECT_EQ(
      Render(Headline(FullReport()), Format::kMarkdown),
      R"(| question | median (low–high) | against | client CPU µs/request | p50 / p99 µs | seed |
| --- | --- | --- | --- | --- | --- |
| sync, 1 connection, 5 ms + 0–20 % | 114/s (114–114) |  | 111 (111–111) | 112 / 113 | 130 / 111 |
| threaded, 10 workers, 5 ms + 0–20 % | 124/s (124–124) |  | 121 (121–121) | 122 / 123 | 600 / 334 |
| async, 20 connections, 5 ms + 0–20 % | 134/s (134–134) |  | 131 (131–131) | 132 / 133 | 2,500 / 802 |
| async, 100 connections, 5 ms + 0–20 % | 144/s (144–144) |  | 141 (141–141) | 142 / 143 | not run |
| sync, 1 connection, no delay, one CPU | 164/s (164–164) | floor 154/s | 161 (161–161) | 162 / 163 | – |
| threaded, 10 workers, no delay | 174/s (174–174) |  | 171 (171–171) | 172 / 173 | – |
| async, 100 connections, no delay | 184/s (184–184) |  | 181 (181–181) | 182 / 183 | – |
| pooled ÷ naive, 32 connections, no delay | × 0.951 (0.951–0.951) | naive 204/s | 191 : 201 |  | 1.8 / 1.8 |
| async ÷ wrk -t1 -c32, no delay | × 215 (215–215) | wrk 217/s | 211 : 216 |  | – |
| semaphore + breaker, per request | 220 ns (220–220) | floor 230, off 240 ns |  |  | 2 ms / 19 µs |
)");
}

TEST(Headline, ARowNamesTheBenchmarksThatItComesFrom) {
  std::vector<std::string> named;
  for (const HeadlineRow& row : Headline(FullReport())) {
    EXPECT_FALSE(row.missing) << row.question;
    named.insert(named.end(), row.benchmarks.begin(), row.benchmarks.end());
  }
  std::vector<std::string> all;
  for (const Entry& entry : FullReport().entries) all.push_back(entry.run_name);
  std::ranges::sort(named);
  std::ranges::sort(all);
  EXPECT_EQ(named, all);
}

TEST(Headline, TheRoundTripNeedsItsFloor) {
  Document report = FullReport();
  std::erase_if(report.entries,
                [](const Entry& entry) { return entry.run_name.starts_with("engine/floor/"); });
  const HeadlineRow row = RowOf(report, "sync, 1 connection, no delay, one CPU");
  EXPECT_TRUE(row.missing);
  EXPECT_EQ(row.result, "not in this report");
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
  EXPECT_EQ(lines, (std::vector<std::string>{"Machine: Test CPU, 2 CPUs, unknown, governor unknown",
                                             "Command: unknown",
                                             "Commit: abc (with uncommitted changes), unknown",
                                             "Build: unknown, unknown, unknown"}));
}

TEST(Headline, ACleanTreeNeedsNoRemark) {
  Document report;
  for (const char* fact : {"cpu", "num_cpus", "kernel", "governor", "command", "commit", "date",
                           "compiler", "build_type", "flags"}) {
    report.context[fact] = std::string("<") + fact + ">";
  }
  report.context["dirty"] = "false";
  EXPECT_EQ(
      Provenance(report),
      (std::vector<std::string>{"Machine: <cpu>, <num_cpus> CPUs, <kernel>, governor <governor>",
                                "Command: <command>", "Commit: <commit>, <date>",
                                "Build: <compiler>, <build_type>, <flags>"}));
}

TEST(Render, AlignsColumnsByCharactersAndNotByBytes) {
  const std::string text = Render({{"µµ", "1", "2", "3", "4", "5", {}}}, Format::kTerminal);
  const std::size_t title = text.find("median");
  const std::string row = text.substr(text.find("µµ"));
  EXPECT_EQ(row.find('1'), title + 2);  // two of the characters take two bytes
}

TEST(Render, RulesOffTheTitles) {
  const std::string text = Render({{"a", "b", "c", "d", "e", "f", {}}}, Format::kTerminal);
  EXPECT_EQ(text,
            "question  median (low–high)  against  client CPU µs/request  p50 / p99 µs  seed\n"
            "--------  -----------------  -------  ---------------------  ------------  ----\n"
            "a         b                  c        d                      e             f\n");
}

TEST(Render, WritesAMarkdownTable) {
  const std::string text = Render({{"a", "b", "c", "d", "e", "f", {}}}, Format::kMarkdown);
  EXPECT_NE(text.find("\n| --- | --- | --- | --- | --- | --- |\n| a | b | c | d | e | f |\n"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::report
