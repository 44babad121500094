// Runs the rows of bench/resilience, shortly: each holds what it counted against what has to come
// out, so here it is enough that none fails and that the counters are there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/run_bench.h"
#include "tools/regression/read/reader.h"

namespace assay {
namespace {

std::vector<regression::Entry> RunRows(const std::string& rows) {
  const auto [output, status] = RunBench(
      "--benchmark_min_time=0.001 --benchmark_format=json "
      "--benchmark_filter='^resilience/" +
      rows + "'");
  EXPECT_EQ(status, 0);
  return regression::ParseReports("assay_bench", output).value().at(0).entries;
}

double Counter(const regression::Entry& row, const std::string& name) {
  const double value = CounterOf(row, name);
  EXPECT_FALSE(std::isnan(value)) << row.run_name << " " << name;
  return value;
}

TEST(ResilienceRows, ShowABreakersLife) {
  const auto rows = RunRows("breaker_timeline/");
  ASSERT_EQ(rows.size(), 2u);
  for (const regression::Entry& row : rows) {
    EXPECT_EQ(row.message, "") << row.run_name;
    EXPECT_EQ(Counter(row, "calls_to_open"), Counter(row, "calls_to_open_configured"));
    EXPECT_EQ(Counter(row, "requests_half_open"), Counter(row, "probes_configured"));
    EXPECT_EQ(Counter(row, "requests_open"), 0);
    EXPECT_GT(Counter(row, "requests_closed"), Counter(row, "calls_to_open"));
    EXPECT_GE(Counter(row, "open_ms"), Counter(row, "open_configured_ms"));
    for (const char* name : {"time_to_open_ms", "half_open_ms", "time_to_recover_ms",
                             "rejected_calls", "rejected_ns"}) {
      EXPECT_GT(Counter(row, name), 0) << row.run_name << " " << name;
    }
  }
  EXPECT_EQ(Counter(rows[0], "open_configured_ms"), 20);
  EXPECT_EQ(Counter(rows[1], "open_configured_ms"), 40);
}

TEST(ResilienceRows, ShowWhatFailingFastSaves) {
  const auto rows = RunRows("rejected/");
  ASSERT_EQ(rows.size(), 3u);
  for (const regression::Entry& row : rows) {
    EXPECT_EQ(row.message, "") << row.run_name;
    EXPECT_GT(Counter(row, "cpu_us_per_req"), 0) << row.run_name;
    const bool sent = row.run_name.find("/status_500") != std::string::npos;
    EXPECT_EQ(Counter(row, "requests_per_call"), sent ? 1 : 0) << row.run_name;
    const bool open = row.run_name.find("/open_circuit") != std::string::npos;
    EXPECT_EQ(Counter(row, "allocs_per_op") > 0, !open) << row.run_name;
  }
}

TEST(ResilienceRows, ShowWhatRetriesAdd) {
  const auto rows = RunRows("retry_amplification/");
  EXPECT_EQ(rows.size(), 16u);
  for (const regression::Entry& row : rows) {
    EXPECT_EQ(row.message, "") << row.run_name;
    const double amplification = Counter(row, "amplification");
    EXPECT_GE(amplification, 1) << row.run_name;
    if (row.run_name.find("/none/") != std::string::npos) {
      EXPECT_EQ(amplification, 1);
    }
    if (row.run_name.find("_budget") == std::string::npos ||
        row.run_name.find("no_budget") != std::string::npos) {
      EXPECT_NEAR(amplification, Counter(row, "amplification_expected"), 0.2) << row.run_name;
      EXPECT_NEAR(Counter(row, "success_ratio"), Counter(row, "success_ratio_expected"), 0.1)
          << row.run_name;
    } else {
      EXPECT_LE(amplification, Counter(row, "amplification_limit")) << row.run_name;
      EXPECT_LE(amplification, 1.25) << row.run_name;
    }
  }
}

TEST(ResilienceRows, ShowWhatPatternsAddToARequest) {
  const auto rows = RunRows("end_to_end/");
  EXPECT_EQ(rows.size(), 9u);
  for (const regression::Entry& row : rows) {
    EXPECT_EQ(row.message, "") << row.run_name;
    EXPECT_EQ(Counter(row, "overhead_allocs"), 0) << row.run_name;
    EXPECT_LE(Counter(row, "overhead_q1_ns"), Counter(row, "overhead_q3_ns")) << row.run_name;
    for (const char* name : {"overhead_ns", "overhead_ratio", "overhead_cpu_ns"}) {
      Counter(row, name);
    }
    for (const char* name : {"request_ns", "cpu_us_per_req", "pairs"}) {
      EXPECT_GT(Counter(row, name), 0) << row.run_name << " " << name;
    }
  }
}

}  // namespace
}  // namespace assay
