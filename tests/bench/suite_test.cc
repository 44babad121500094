// Runs assay_bench itself, shortly: what it writes must be what the headline table reads.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bench/run_bench.h"
#include "tools/regression/read/reader.h"
#include "tools/report/headline.h"

namespace assay {
namespace {

TEST(Suite, HasEveryBenchmarkThatTheHeadlineReads) {
  std::istringstream list(RunBench("--benchmark_list_tests=true").first);
  std::vector<std::string> names;
  for (std::string name; std::getline(list, name);) names.push_back(name);
  for (const report::HeadlineRow& row : report::Headline({})) {
    for (const std::string& name : row.benchmarks) {
      EXPECT_TRUE(std::ranges::find(names, name) != names.end()) << name;
    }
  }
}

// Every kind of row: each engine, both latencies, both pooling strategies and the
// floor. wrk may be missing on this machine, so it stays out.
TEST(Suite, RunsAndCountsWhatItMeasured) {
  const auto [output, status] = RunBench(
      "--benchmark_min_time=0.001 --benchmark_format=json --benchmark_filter='"
      "^engine/.*/(latency_us:0/concurrency:(1|10)|latency_us:5000/concurrency:10)/|"
      "^pooling/.*/latency_us:0/concurrency:32/'");
  EXPECT_EQ(status, 0);
  const auto reports = regression::ParseReports("assay_bench", output).value();
  const regression::Document& report = reports.at(0);
  EXPECT_FALSE(report.truncated);
  EXPECT_GE(report.entries.size(), 10u);
  for (const regression::Entry& run : report.entries) {
    EXPECT_EQ(run.message, "") << run.run_name;
    const auto counter = [&](const char* name) { return CounterOf(run, name); };
    EXPECT_GT(counter("rps"), 0) << run.run_name;
    EXPECT_GT(counter("cpu_us_per_req"), 0) << run.run_name;
    if (run.run_name.find("latency_us:5000") == std::string::npos) continue;
    // Injected is never below planned, and nobody can be faster than the delay allows.
    EXPECT_GE(counter("ideal_ratio"), counter("ideal_ratio_planned")) << run.run_name;
    EXPECT_LE(counter("ideal_ratio"), 1.0) << run.run_name;
    EXPECT_GT(counter("ideal_ratio"), 0.1) << run.run_name;
  }
}

TEST(Suite, MeasuresTheFixtures) {
  const auto [output, status] =
      RunBench("--benchmark_min_time=0.001 --benchmark_format=json --benchmark_filter='^fixture/'");
  EXPECT_EQ(status, 0);
  const auto reports = regression::ParseReports("assay_bench", output).value();
  std::vector<std::string> names;
  for (const regression::Entry& run : reports.at(0).entries) {
    EXPECT_EQ(run.message, "") << run.run_name;
    names.push_back(run.run_name);
    const std::string kind = run.run_name.substr(0, run.run_name.find('/', sizeof("fixture/")));
    const std::vector<std::string> wanted =
        kind == "fixture/overshoot"    ? std::vector<std::string>{"planned_us", "overshoot_p99_us"}
        : kind == "fixture/start_stop" ? std::vector<std::string>{"start_p99_ms", "stop_p99_ms"}
                                       : std::vector<std::string>{"rps", "fixture_cpu_us_per_req"};
    for (const std::string& name : wanted) {
      EXPECT_GT(CounterOf(run, name), 0) << run.run_name << " " << name;
    }
  }
  EXPECT_EQ(names.size(), 9u);
}

// The longer questions are in nobody's way: they are there when they are asked for.
TEST(Suite, LeavesTheLongerQuestionsOutUnlessThereIsAFilter) {
  const auto is_longer = [](const std::string& name) {
    return std::ranges::any_of(
        std::initializer_list<const char*>{
            "matrix/", "resilience/", "stack/async/", "pattern/adaptive_limit/", "pattern/bridge/",
            "pattern/fallback/", "pattern/gather/", "pattern/hedge/", "pattern/pipeline/",
            "pattern/shield/", "pattern/timeout/"},
        [&name](const char* begin) { return name.starts_with(begin); });
  };
  const auto count = [&](const std::string& arguments, const char* environment = "") {
    const std::string list =
        RunBench("--benchmark_list_tests=true " + arguments, environment).first;
    std::istringstream lines(list);
    int rows = 0, longer = 0;
    for (std::string name; std::getline(lines, name); ++rows) longer += is_longer(name);
    return std::pair(rows, longer);
  };
  EXPECT_GT(count("").first, 50);
  EXPECT_EQ(count("").second, 0);
  EXPECT_GT(count("--benchmark_filter=^matrix/").second, 100);
  EXPECT_EQ(count("--benchmark_filter=^pattern/shield/").second, 3);
  EXPECT_GT(count("", "BENCHMARK_FILTER=^matrix/").second, 100);
  const auto all = count("--benchmark_filter=.");
  EXPECT_EQ(all.first - all.second, count("").first);
}

struct MatrixKind {
  const char* name;
  const char* filter;
  std::size_t rows;
  std::vector<std::string> counters;  // that must be above 0
};

// A few rows of each kind.
class SuiteMatrix : public testing::TestWithParam<MatrixKind> {};
INSTANTIATE_TEST_SUITE_P(
    Kinds, SuiteMatrix,
    testing::Values(
        MatrixKind{
            "payload", "payload/(floor|async)/.*/bytes:(0|65536)/.*:8/", 6, {"rps", "p99_us"}},
        MatrixKind{"large", "payload/sync/.*/bytes:1048576/", 2, {"fixture_cpu_us_per_req"}},
        MatrixKind{"post", "post/(sync|floor)/plain/", 4, {"rps", "cpu_us_per_req"}},
        MatrixKind{"latency", "latency/async/.*:5000/concurrency:20/", 1, {"ideal_ratio"}},
        MatrixKind{"connect", "new_connection/(floor|sync)/", 2, {"rps", "cpu_us_per_req"}},
        MatrixKind{"handshake", "tls_handshake/(none|full)/async/.*:1/", 2, {"cpu_us_per_req"}},
        MatrixKind{"resumed", "tls_handshake/resumed/.*", 5, {"resumed_ratio"}},
        MatrixKind{"many", "connections/async/.*:100/", 1, {"rps", "open_connections", "p99_us"}},
        MatrixKind{"light", "light_latency/(floor|async)/.*:20/", 2, {"ideal_ratio_planned"}},
        MatrixKind{"streamed",
                   "streamed/(download|upload|decode)/async/",
                   6,
                   {"MiB_per_s", "cpu_us_per_MiB"}},
        MatrixKind{"constant", "streamed/1_GiB/async", 1, {"MiB_per_s"}},
        MatrixKind{"idle_floor", "idle_memory/floor/plain", 1, {"heap_bytes_per_connection"}},
        MatrixKind{
            "idle", "idle_memory/async/", 2, {"heap_bytes_per_connection", "heap_bytes_per_slot"}}),
    [](const auto& kind) { return kind.param.name; });

TEST_P(SuiteMatrix, IsMeasured) {
  const auto [output, status] =
      RunBench(std::string("--benchmark_min_time=0.001 --benchmark_format=json ") +
               "--benchmark_filter='^matrix/" + GetParam().filter + "'");
  EXPECT_EQ(status, 0);
  const auto reports = regression::ParseReports("assay_bench", output).value();
  std::size_t rows = 0;
  for (const regression::Entry& run : reports.at(0).entries) {
    rows += run.run_name.find("/uring/") == std::string::npos ? 1 : 0;  // may be missing here
    EXPECT_EQ(run.message, "") << run.run_name;
    for (const std::string& name : GetParam().counters) {
      EXPECT_GT(CounterOf(run, name), 0) << run.run_name << " " << name;
    }
  }
  EXPECT_EQ(rows, GetParam().rows);
}

TEST(Suite, SaysWhenThereAreTooFewDescriptors) {
  for (const char* row : {"payload/async/plain/bytes:0/.*:1000/", "connections/async/.*:10000/",
                          "idle_memory/async/plain/"}) {
    const auto [output, status] =
        RunBench(std::string("--benchmark_format=json --benchmark_filter='^matrix/") + row + "'",
                 "ulimit -n 500;");
    EXPECT_EQ(status, 0);
    EXPECT_NE(output.find("file descriptors, ulimit -n is 500"), std::string::npos) << output;
  }
}

TEST(Suite, RecordsWhatAReaderNeedsToBelieveIt) {
  const auto [output, status] = RunBench(
      "--benchmark_min_time=0.001 --benchmark_format=json --benchmark_filter=semaphore/floor");
  const auto reports = regression::ParseReports("assay_bench", output).value();
  const regression::Document& report = reports.at(0);
  EXPECT_FALSE(report.truncated);
  for (const char* fact : {"commit", "dirty", "compiler", "flags", "build_type", "kernel", "cpu",
                           "governor", "seed", "fixture", "command"}) {
    ASSERT_TRUE(report.context.contains(fact)) << fact;
    EXPECT_NE(report.context.at(fact), "") << fact;
  }
  EXPECT_NE(report.context.at("command").find("semaphore/floor"), std::string::npos);
}

TEST(Suite, FailsWhenNothingMatches) {
  EXPECT_NE(RunBench("--benchmark_filter=no_such_benchmark").second, 0);
}

}  // namespace
}  // namespace assay
