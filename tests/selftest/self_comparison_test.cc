// Compares the workload of the real `assay` with itself, tiny.
#include "tools/selftest/self_comparison.h"

#include <gtest/gtest.h>

#include "tools/selftest/selftest.h"
#include "tools/selftest/workload.h"

namespace assay::selftest {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

regression::BenchmarkProgram Workload() {
  return regression::BenchmarkProgram(ASSAY_PROGRAM, {kWorkloadCommand});
}

// The clock stands still, so only the counts end it.
SelfComparisonOptions Tiny() {
  return {.min_time_s = 0.0001,
          .launches = 3,
          .repetitions = 4,
          .max_blocks = 2,
          .block_repetitions = 1,
          .filter = "^(mutex|arithmetic|tcp_byte/real_time)$",
          .now = [] { return TimePoint(); }};
}

TEST(Pace, RunsTheLeastWhateverTheTime) {
  const Pace pace{.least = 2, .most = 4, .budget = 0s};
  EXPECT_TRUE(MayBegin(pace, 0, 0s));
  EXPECT_TRUE(MayBegin(pace, 1, 9s));
  EXPECT_FALSE(MayBegin(pace, 2, 9s));
}

TEST(Pace, BeginsNothingThatWouldEndLater) {
  const Pace pace{.least = 1, .most = 100, .budget = 12s};
  EXPECT_TRUE(MayBegin(pace, 5, 10s));   // ends at 12 s
  EXPECT_FALSE(MayBegin(pace, 4, 10s));  // ends at 12.5 s
}

TEST(Pace, EndsAtTheMost) {
  const Pace pace{.least = 1, .most = 3, .budget = 100s};
  EXPECT_TRUE(MayBegin(pace, 2, 1s));
  EXPECT_FALSE(MayBegin(pace, 3, 1s));
}

TEST(SelfComparison, EveryRowGoesThroughAllLaunchesAndBlocks) {
  std::vector<std::string> lines;
  const auto found = CompareWithItself(Workload(), Tiny(),
                                       [&](const std::string& line) { lines.push_back(line); });
  ASSERT_TRUE(found) << found.error().message;
  const SelfComparison& comparison = found.value();
  EXPECT_EQ(comparison.names, (Names{"arithmetic", "mutex", "tcp_byte/real_time"}));
  EXPECT_EQ(comparison.outcome.blocks, 2);
  for (const std::string& name : comparison.names) {
    EXPECT_EQ(comparison.outcome.values.at(name).blocks, 2u) << name;
    ASSERT_EQ(comparison.launches.at(name).size(), 3u) << name;
    for (const auto& repetitions : comparison.launches.at(name)) {
      EXPECT_EQ(repetitions.size(), 4u) << name;
      for (const double ns : repetitions) EXPECT_GT(ns, 0) << name;
    }
  }
  EXPECT_EQ(lines, (Names{"A/A: launch 1 of 3", "A/A: launch 2 of 3", "A/A: launch 3 of 3",
                          "A/A: block 1 of at most 2, about 0 ns to go",
                          "A/A: block 2 of at most 2, about 0 ns to go"}));
}

TEST(SelfComparison, WithoutTimeItRunsTwoLaunchesAndOneBlock) {
  SelfComparisonOptions options = Tiny();
  options.budget = 0s;
  options.now = [now = TimePoint()]() mutable { return now += 1s; };
  const auto found = CompareWithItself(Workload(), options, {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found.value().launches.at("mutex").size(), 2u);
  EXPECT_EQ(found.value().outcome.blocks, 1);
  EXPECT_GT(found.value().block, 0s);
}

TEST(SelfComparison, AProgramThatCannotBeRunIsAnErrorWithThePhase) {
  const auto found = CompareWithItself(regression::BenchmarkProgram("/nowhere"), Tiny(), {});
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().message.starts_with("A/A launches: /nowhere: "))
      << found.error().message;
}

TEST(Selftest, FillsEveryPartOfTheReport) {
  Names phases;
  const auto report = RunSelftest(Workload(),
                                  {.tolerance = 0.5,
                                   .comparison = Tiny(),
                                   .wakeups = 2,
                                   .clock_reads = 100,
                                   .floor_batches = 3,
                                   .floor_operations = 10},
                                  [&](const std::string& line) { phases.push_back(line); });
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report.value().tolerance, 0.5);
  EXPECT_EQ(report.value().change, 0.52);
  EXPECT_EQ(report.value().repetitions, 4);
  EXPECT_EQ(report.value().clock.reads, 100u);
  EXPECT_GT(report.value().clock_read_ns, 0);
  EXPECT_EQ(report.value().wakeups.size(), 3u);
  for (const Wakeup& row : report.value().wakeups) EXPECT_EQ(row.late.count, 2u) << row.name;
  EXPECT_EQ(report.value().floor.size(), 4u);
  EXPECT_EQ(report.value().rows.size(), 3u);
  EXPECT_EQ(report.value().rows[0].pairs, 3u);
  EXPECT_EQ(phases.front(), "clock and floor");
  EXPECT_EQ(phases.back(), "simulating slow-downs");
}

}  // namespace
}  // namespace assay::selftest
