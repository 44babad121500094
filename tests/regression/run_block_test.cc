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

LaunchReading ReadingOf(const std::vector<Entry>& entries,
                        const std::vector<std::string>& counters = {}) {
  Document report;
  report.entries = entries;
  RecordedMetrics metrics{.counts = counters};
  metrics.medians.insert(metrics.medians.end(), counters.begin(), counters.end());
  const auto readings = ReadingsIn(report, metrics);
  EXPECT_EQ(readings.size(), 1u);
  return readings.begin()->second;
}

using Numbers = std::map<std::string, double>;

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
  EXPECT_NEAR(BlockValue(BlockOrder::kAbba, {10, 11, 13, 12}),
              (std::log(11.0 / 10) + std::log(13.0 / 12)) / 2, 1e-12);
  EXPECT_NEAR(BlockValue(BlockOrder::kBaab, {11, 10, 12, 13}),
              (std::log(11.0 / 10) + std::log(13.0 / 12)) / 2, 1e-12);
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

TEST(BlockValue, ZeroStandsBelowEveryOtherValue) {
  EXPECT_EQ(BlockValue(BlockOrder::kAbba, {0, 0, 0, 0}), 0);
  EXPECT_GT(BlockValue(BlockOrder::kAbba, {0, 1e-300, 1e-300, 0}), 100);
  EXPECT_LT(BlockValue(BlockOrder::kAbba, {1e-300, 0, 0, 1e-300}), -100);
  EXPECT_DOUBLE_EQ(BlockValue(BlockOrder::kAbba, {0, 0, 3, 2}), std::log(1.5) / 2);
}

TEST(BlockValue, OfANegativeOrMissingValueIsNone) {
  for (std::size_t i = 0; i < 4; ++i) {
    LaunchValues values = {1, 1, 1, 1};
    values[i] = -1;
    EXPECT_TRUE(std::isnan(BlockValue(BlockOrder::kBaab, values)));
    values[i] = NAN;
    EXPECT_TRUE(std::isnan(BlockValue(BlockOrder::kBaab, values)));
  }
}

TEST(ReadingsIn, AreMediansOverTheRepetitions) {
  EXPECT_EQ(
      ReadingOf({Repetition("a", 300, 10), Repetition("a", 100, 30), Repetition("a", 200, 20)})
          .medians,
      (Numbers{{"cpu_time", 20}, {"real_time", 200}}));
  EXPECT_EQ(ReadingOf({Repetition("a", 1, 10), Repetition("a", 1, 30)}).medians,
            (Numbers{{"cpu_time", 20}, {"real_time", 1}}));
}

TEST(ReadingsIn, HaveCountersAsMediansAndAsCountsThatNeverVary) {
  std::vector<Entry> entries(3, Repetition("a", 2, 1));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].counters = {{"other", 9}, {"same", 7}, {"varies", 3.0 + static_cast<double>(i)}};
  }
  entries[0].counters.emplace_back("once", 4);
  const LaunchReading reading = ReadingOf(entries, {"same", "varies", "once", "none"});
  EXPECT_EQ(reading.medians,
            (Numbers{{"cpu_time", 1}, {"real_time", 2}, {"same", 7}, {"varies", 4}, {"once", 4}}));
  EXPECT_EQ(reading.counts, (Numbers{{"same", 7}}));
}

TEST(ReadingsIn, TakeAggregatesOnlyWhenThereIsNothingElse) {
  Entry median = Repetition("a", 1, 7);
  median.kind = Entry::Kind::kAggregate;
  median.aggregate_name = "median";
  median.counters = {{"n", 3}};
  Entry mean = median;
  mean.aggregate_name = "mean";
  mean.cpu_time_ns = 99;
  EXPECT_EQ(ReadingOf({mean, median}).medians.at("cpu_time"), 7);
  EXPECT_EQ(ReadingOf({Repetition("a", 1, 5), mean, median}).medians.at("cpu_time"), 5);
  EXPECT_EQ(ReadingOf({mean}).trouble, "reports no time");
  // A median does not tell that all repetitions were the same.
  EXPECT_TRUE(ReadingOf({median}, {"n"}).counts.empty());
  EXPECT_EQ(ReadingOf({median}, {"n"}).medians.at("n"), 3);
}

TEST(ReadingsIn, SayWhyThereIsNothing) {
  Entry failed = Repetition("a", 0, 0);
  failed.status = Entry::Status::kErrored;
  failed.message = "no file";
  const LaunchReading reading = ReadingOf({Repetition("a", 1, 5), failed});
  EXPECT_EQ(reading.trouble, "failed: no file");
  EXPECT_TRUE(reading.medians.empty());
  failed.status = Entry::Status::kSkipped;
  failed.message = "";
  EXPECT_EQ(ReadingOf({failed}).trouble, "skipped: no reason given");
  EXPECT_EQ(ReadingOf({Repetition("a", 1, NAN)}).medians, (Numbers{{"real_time", 1}}));
}

}  // namespace
}  // namespace assay::regression
