#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tools/regression/history/record.h"

namespace assay::regression {
namespace {

Entry Repetition(const std::string& name, double real, double cpu) {
  Entry entry;
  entry.run_name = name;
  entry.real_time_ns = real;
  entry.cpu_time_ns = cpu;
  return entry;
}

Document Report(std::vector<Entry> entries) {
  Document document;
  document.path = "report.json";
  document.context = {{"host_name", "box"}, {"num_cpus", "2"}, {"mhz_per_cpu", "2000"}};
  document.entries = std::move(entries);
  return document;
}

TEST(MakeRecord, TakesTheMedianOfTheGatedClock) {
  const auto record =
      MakeRecord({Report({Repetition("A", 10, 1), Repetition("A", 30, 3), Repetition("A", 20, 2),
                          Repetition("A/real_time", 10, 1), Repetition("B/manual_time", 7, 1)})},
                 "c", 5);
  ASSERT_TRUE(record);
  ASSERT_EQ(record->points.size(), 3u);
  EXPECT_EQ(record->points[0].metric, "cpu_time");
  EXPECT_EQ(record->points[0].median, 2);
  EXPECT_EQ(record->points[0].low, 1);
  EXPECT_EQ(record->points[0].high, 3);
  EXPECT_EQ(record->points[0].values, (std::vector<double>{1, 3, 2}));
  EXPECT_EQ(record->points[1].metric, "real_time");
  EXPECT_EQ(record->points[2].median, 7);
  EXPECT_EQ(record->host.Text(), "box, 2 × 2000 MHz");
}

TEST(MakeRecord, LeavesAggregatesOut) {
  Entry mean = Repetition("A", 99, 99);
  mean.kind = Entry::Kind::kAggregate;
  const auto record = MakeRecord({Report({Repetition("A", 1, 1), mean})}, "c", 0);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->points[0].values.size(), 1u);
  const auto none = MakeRecord({Report({mean})}, "c", 0);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("report.json"), std::string::npos);
}

TEST(MakeRecord, KeepsCountersWhoseDirectionIsKnown) {
  Entry entry = Repetition("A", 1, 1);
  entry.counters = {{"items_per_second", 5}, {"allocs_per_iter", 2}, {"colour", 3}};
  const auto record = MakeRecord({Report({entry})}, "c", 0);
  ASSERT_TRUE(record);
  ASSERT_EQ(record->points.size(), 3u);
  EXPECT_TRUE(record->points[1].higher_is_better);
  EXPECT_FALSE(record->points[2].higher_is_better);
}

TEST(MakeRecord, SaysWhyABenchmarkHasNoValue) {
  Entry skipped = Repetition("S", 0, 0);
  skipped.status = Entry::Status::kSkipped;
  skipped.message = "no network";
  Entry errored = Repetition("E", 0, 0);
  errored.status = Entry::Status::kErrored;
  errored.message = "boom";
  Entry nan = Repetition("N", 1, std::numeric_limits<double>::quiet_NaN());
  const auto record = MakeRecord({Report({skipped, errored, nan, Repetition("E2", 1, 1)})}, "c", 0);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->points[0].problem, "skipped: no network");
  EXPECT_EQ(record->points[1].problem, "errored: boom");
  EXPECT_EQ(record->points[2].problem, "errored: the value is no number");
  EXPECT_EQ(record->points[3].problem, "");
}

TEST(MakeRecord, NeedsACommitAndAReport) {
  EXPECT_FALSE(MakeRecord({}, "c", 0));
  EXPECT_FALSE(MakeRecord({Report({Repetition("A", 1, 1)})}, "", 0));
}

// Intervals of the sign test: ranks 1 and n up to 8 values, 2 and n - 1 from 9 on.
TEST(MakePoint, GivesTheOrderStatisticsIntervalOfTheMedian) {
  EXPECT_EQ(MakePoint({4, 1}).median, 2.5);
  const auto eight = MakePoint({8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(eight.low, 1);
  EXPECT_EQ(eight.high, 8);
  const auto ten = MakePoint({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(ten.low, 2);
  EXPECT_EQ(ten.high, 9);
  const auto one = MakePoint({3});
  EXPECT_EQ(one.low, 3);
  EXPECT_EQ(one.high, 3);
}

}  // namespace
}  // namespace assay::regression
