#include "tools/report/report_file.h"

#include <gtest/gtest.h>

namespace assay::report {
namespace {

std::string ErrorOf(std::string_view text) {
  const auto report = ParseReport("r.json", text);
  return report.ok() ? "read" : report.error().message;
}

constexpr std::string_view kReport = R"({
  "context": {"cpu": "Test CPU", "num_cpus": 2, "dirty": "true"},
  "benchmarks": [
    {"name": "a/threads:2", "run_name": "a", "run_type": "iteration", "real_time": 1.5,
     "time_unit": "us", "rps": 10.0},
    {"name": "a", "run_name": "a", "run_type": "iteration", "real_time": 2.0,
     "time_unit": "ms", "rps": 20.0},
    {"name": "a_mean", "run_name": "a", "run_type": "aggregate", "real_time": 9.0,
     "time_unit": "ms", "rps": 99.0},
    {"name": "b", "run_name": "b", "run_type": "iteration", "error_occurred": true,
     "error_message": "no fixture"}
  ]})";

TEST(ReportFile, GivesTheValuesOfEveryRepetitionAndOfNoAggregate) {
  const Report report = ParseReport("r.json", kReport).value();
  EXPECT_EQ(report.Values("a", "rps"), (std::vector<double>{10, 20}));
  EXPECT_EQ(report.Values("a", "real_time_ns"), (std::vector<double>{1.5e3, 2e6}));
  EXPECT_TRUE(report.Values("a", "p50_us").empty());
}

TEST(ReportFile, KeepsContextAsText) {
  const Report report = ParseReport("r.json", kReport).value();
  EXPECT_EQ(report.context.at("cpu"), "Test CPU");
  EXPECT_EQ(report.context.at("num_cpus"), "2");
}

TEST(ReportFile, KeepsASkippedBenchmarkWithItsReasonAndWithoutValues) {
  const Report report = ParseReport("r.json", kReport).value();
  EXPECT_EQ(report.runs.back().error, "no fixture");
  EXPECT_TRUE(report.Values("b", "real_time_ns").empty());
}

TEST(ReportFile, TakesWhatGoogleBenchmarkWritesInsteadOfNumbers) {
  const Report report = ParseReport("r.json", R"({
    "context": {"note": "NaN and -Infinity \"stay\" here"},
    "benchmarks": [{"name": "a", "real_time": 1.0, "x": NaN, "y": -NaN, "z": -Infinity, "rps": 7.0}]
  })")
                            .value();
  EXPECT_EQ(report.context.at("note"), "NaN and -Infinity \"stay\" here");
  EXPECT_EQ(report.Values("a", "rps"), (std::vector<double>{7}));
  for (const char* counter : {"x", "y", "z"}) EXPECT_TRUE(report.Values("a", counter).empty());
}

TEST(ReportFile, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(ErrorOf(""), "r.json: not JSON at byte 1");
  EXPECT_EQ(ErrorOf("<html>"), "r.json: not JSON at byte 1");
  EXPECT_EQ(ErrorOf(kReport.substr(0, 100)), "r.json: not JSON at byte 101");
  EXPECT_TRUE(ErrorOf("{}").starts_with("r.json: not a Google Benchmark report: "))
      << ErrorOf("{}");
  EXPECT_TRUE(ErrorOf("[1]").starts_with("r.json: not a Google Benchmark report: "));
  EXPECT_TRUE(ErrorOf(R"({"context": {}, "benchmarks": [{"name": "a"}]})")
                  .starts_with("r.json: not a Google Benchmark report: "));
  EXPECT_EQ(ReadReport("/nonexistent/r.json").error().message,
            "/nonexistent/r.json: cannot be opened");
}

}  // namespace
}  // namespace assay::report
