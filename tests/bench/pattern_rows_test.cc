// Runs the rows of bench/pattern, each so often that what its making takes does not count: nothing
// is allocated on a path that is calm or refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/bench/run_bench.h"
#include "tools/regression/read/reader.h"

namespace assay {
namespace {

constexpr int kIterations = 10000;

// Where one operation takes a millisecond or more.
bool IsLong(std::string_view row) {
  return row.find("/expired") != row.npos || row.find("/resident:") != row.npos;
}

// The most that an operation may allocate.
double AllocationsOf(std::string_view row) {
  struct Allocating {
    std::string_view begin;
    double allocations;
  };
  // The vector that a gathering hands out, the promise that stands beside Await(), the task that is
  // handed to it, and threads that begin. Whichever thread lets go of a nap last keeps its memory:
  // mostly the one that wants it for the next, but not where both share a processor.
  static constexpr std::array kAllocating{Allocating{"pattern/gather/threads/limit:8", 20},
                                          Allocating{"pattern/gather/threads/", 1},
                                          Allocating{"pattern/gather/floor", 1},
                                          Allocating{"pattern/gather/calm", 1},
                                          Allocating{"pattern/bridge/await/floor", 3},
                                          Allocating{"pattern/bridge/await/calm", 1},
                                          Allocating{"pattern/bridge/blocking/calm", 1}};
  const auto found = std::ranges::find_if(
      kAllocating, [row](const Allocating& some) { return row.starts_with(some.begin); });
  return found == kAllocating.end() ? 0 : found->allocations;
}

struct Rows {
  std::string filter{};
  std::size_t count = 0;
};

Rows ShortRows() {
  const std::string all =
      RunBench("--benchmark_list_tests=true --benchmark_filter='^(pattern|stack)/'").first;
  std::istringstream list(all);
  Rows rows;
  for (std::string row; std::getline(list, row);) {
    if (IsLong(row)) continue;
    // Where iterations are fixed, the name says so, before the threads.
    const std::size_t tail = std::min(row.find("/real_time"), row.size());
    rows.filter += (rows.count++ == 0 ? "" : "|") + row.substr(0, tail) +
                   "/iterations:" + std::to_string(kIterations) + row.substr(tail);
  }
  return rows;
}

TEST(PatternRows, AllocateNothingPerOperation) {
  const Rows rows = ShortRows();
  EXPECT_GT(rows.count, 100u);
  const auto [output, status] =
      RunBench("--benchmark_format=json --benchmark_filter='^(" + rows.filter + ")$'",
               "ASSAY_BENCH_ITERATIONS=" + std::to_string(kIterations));
  EXPECT_EQ(status, 0);
  const auto reports = regression::ParseReports("assay_bench", output).value();
  EXPECT_EQ(reports.at(0).entries.size(), rows.count);
  for (const regression::Entry& row : reports.at(0).entries) {
    EXPECT_EQ(row.message, "") << row.run_name;
    const double allocations = CounterOf(row, "allocs_per_op");
    EXPECT_GE(allocations, 0) << row.run_name;
    EXPECT_LT(allocations, AllocationsOf(row.run_name) + 0.02) << row.run_name;
    if (!row.run_name.starts_with("pattern/bridge/await/")) continue;
    // The context's thread keeps the memory of the task, and lets go of another's for it.
    EXPECT_LT(CounterOf(row, "context_allocs_per_op"), 1.02) << row.run_name;
  }
}

TEST(PatternRows, ThatTakeLongRun) {
  const auto [output, status] = RunBench(
      "--benchmark_min_time=0.001 --benchmark_format=json "
      "--benchmark_filter='^(pattern|stack)/.*(/expired|/resident:)'");
  EXPECT_EQ(status, 0);
  const auto reports = regression::ParseReports("assay_bench", output).value();
  EXPECT_GE(reports.at(0).entries.size(), 3u);
  for (const regression::Entry& row : reports.at(0).entries) {
    EXPECT_EQ(row.message, "") << row.run_name;
    EXPECT_GE(CounterOf(row, "allocs_per_op"), 0) << row.run_name;
  }
}

}  // namespace
}  // namespace assay
