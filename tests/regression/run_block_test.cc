#include <gtest/gtest.h>

#include <cmath>

#include "tools/regression/run/block.h"

namespace assay::regression {
namespace {

Entry Repetition(const std::string& name, double real, double cpu) {
  Entry entry;
  entry.run_name = name;
  entry.real_time_ns = real;
  entry.cpu_time_ns = cpu;
  return entry;
}

GatedTime TimeOf(const std::vector<Entry>& entries) {
  Document report;
  report.entries = entries;
  const auto times = GatedTimes(report);
  EXPECT_EQ(times.size(), 1u);
  return times.begin()->second;
}

TEST(OrderOfBlock, IsAFairCoinThatTheSeedDecides) {
  int baab = 0;
  int repeats = 0;
  for (int block = 0; block < 10000; ++block) {
    baab += OrderOfBlock(1, block) == BlockOrder::kBaab ? 1 : 0;
    repeats += OrderOfBlock(1, block) == OrderOfBlock(2, block) ? 1 : 0;
    EXPECT_EQ(OrderOfBlock(1, block), OrderOfBlock(1, block));
  }
  EXPECT_NEAR(baab, 5000, 200);  // four standard deviations
  EXPECT_NEAR(repeats, 5000, 200);
}

TEST(BlockValue, IsTheMeanLogRatioOfTheTwoPairs) {
  EXPECT_DOUBLE_EQ(BlockValue(BlockOrder::kAbba, {10, 11, 13, 12}),
                   (std::log(11.0 / 10) + std::log(13.0 / 12)) / 2);
  EXPECT_DOUBLE_EQ(BlockValue(BlockOrder::kBaab, {11, 10, 12, 13}),
                   (std::log(11.0 / 10) + std::log(13.0 / 12)) / 2);
}

TEST(BlockValue, IsBlindToGeometricDrift) {
  EXPECT_NEAR(BlockValue(BlockOrder::kAbba, {10, 11, 12.1, 13.31}), 0, 1e-12);
  EXPECT_NEAR(BlockValue(BlockOrder::kBaab, {10, 11, 12.1, 13.31}), 0, 1e-12);
}

TEST(SideOfLaunch, FollowsTheOrder) {
  for (const BlockOrder order : {BlockOrder::kAbba, BlockOrder::kBaab}) {
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) text += SideOfLaunch(order, i) == Side::kBase ? 'A' : 'B';
    EXPECT_EQ(text, ToString(order));
  }
}

TEST(GatedTimes, IsTheMedianOfTheClockThatTheNameSays) {
  for (const auto& [name, time] :
       {std::pair("a/8", 20.0), std::pair("a/real_time/threads:2", 200.0),
        std::pair("a/8/manual_time", 200.0), std::pair("a/process_time/real_time", 200.0),
        std::pair("a/process_time", 20.0), std::pair("a/real_times", 20.0)}) {
    EXPECT_EQ(
        TimeOf({Repetition(name, 300, 10), Repetition(name, 100, 30), Repetition(name, 200, 20)})
            .ns,
        time)
        << name;
  }
  EXPECT_EQ(TimeOf({Repetition("a", 1, 10), Repetition("a", 1, 30)}).ns, 20);
}

TEST(GatedTimes, TakesAggregatesOnlyWhenThereIsNothingElse) {
  Entry median = Repetition("a", 1, 7);
  median.kind = Entry::Kind::kAggregate;
  median.aggregate_name = "median";
  Entry mean = median;
  mean.aggregate_name = "mean";
  mean.cpu_time_ns = 99;
  EXPECT_EQ(TimeOf({mean, median}).ns, 7);
  EXPECT_EQ(TimeOf({Repetition("a", 1, 5), mean, median}).ns, 5);
  EXPECT_EQ(TimeOf({mean}).trouble, "reports no time");
}

TEST(GatedTimes, SaysWhyThereIsNoTime) {
  Entry failed = Repetition("a", 0, 0);
  failed.status = Entry::Status::kErrored;
  failed.message = "no file";
  EXPECT_EQ(TimeOf({Repetition("a", 1, 5), failed}).trouble, "failed: no file");
  failed.status = Entry::Status::kSkipped;
  failed.message = "";
  EXPECT_EQ(TimeOf({failed}).trouble, "skipped: no reason given");
  EXPECT_EQ(TimeOf({Repetition("a", 1, 0)}).trouble, "reports a time of 0.000000 ns");
  EXPECT_EQ(TimeOf({Repetition("a", 1, NAN)}).trouble, "reports a time of nan ns");
}

}  // namespace
}  // namespace assay::regression
