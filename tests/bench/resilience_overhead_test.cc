#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "bench/resilience/overhead.h"
#include "bench/resilience/paired_blocks.h"

namespace assay::bench {
namespace {

// Tables of the sign test: the largest k with P(Bin(n, 1/2) < k) <= 0.025.
TEST(MedianRank, IsThatOfTheSignTest) {
  EXPECT_EQ(MedianRank(5), 0u);
  EXPECT_EQ(MedianRank(6), 1u);
  EXPECT_EQ(MedianRank(8), 1u);
  EXPECT_EQ(MedianRank(9), 2u);
  EXPECT_EQ(MedianRank(20), 6u);
  EXPECT_EQ(MedianRank(100), 40u);
}

TEST(MedianRank, StandsManyValues) {
  const double expected = 50'000 - 1.96 * std::sqrt(100'000) / 2;
  EXPECT_NEAR(static_cast<double>(MedianRank(100'000)), expected, 2);
}

TEST(Overhead, IsTheMedianWithQuartilesAndAnInterval) {
  std::vector<double> differences;  // 1 to 20
  for (int i = 0; i < 20; ++i) differences.push_back(1 + (i * 7) % 20);
  const Overhead overhead = OverheadOf(differences);
  EXPECT_EQ(overhead.median, 10);
  EXPECT_EQ(overhead.q1, 5);
  EXPECT_EQ(overhead.q3, 15);
  EXPECT_EQ(overhead.low, 6);
  EXPECT_EQ(overhead.high, 15);
  EXPECT_TRUE(overhead.seen());
}

TEST(Overhead, IsLostWhereTheIntervalHoldsZero) {
  std::vector<double> differences;  // -5 to 14, so the interval begins with 0
  for (int i = 0; i < 20; ++i) differences.push_back(i - 5);
  EXPECT_EQ(OverheadOf(differences).low, 0);
  EXPECT_FALSE(OverheadOf(differences).seen());
  for (double& difference : differences) difference = -difference;
  EXPECT_EQ(OverheadOf(differences).high, 0);
  EXPECT_FALSE(OverheadOf(differences).seen());
  for (double& difference : differences) difference -= 1;
  EXPECT_TRUE(OverheadOf(differences).seen());
}

TEST(Overhead, IsNotSeenInAFew) {
  const Overhead overhead = OverheadOf({3, 3, 3, 3, 3});
  EXPECT_EQ(overhead.median, 3);
  EXPECT_TRUE(std::isinf(overhead.low) && std::isinf(overhead.high));
  EXPECT_FALSE(overhead.seen());
  EXPECT_TRUE(OverheadOf({3, 3, 3, 3, 3, 3}).seen());
  EXPECT_EQ(OverheadOf({}).median, 0);
  EXPECT_EQ(OverheadOf({}).high, 0);
  EXPECT_FALSE(OverheadOf({}).seen());
}

TEST(PairedBlocks, AreReportedPerRequest) {
  PairedBlocks pairs;
  for (int i = 0; i < 6; ++i) {
    pairs.Add({.elapsed = Duration(1'300), .cpu = Duration(700), .allocations = 30},
              {.elapsed = Duration(1'000), .cpu = Duration(500), .allocations = 10});
  }
  auto figures = pairs.Figures();
  EXPECT_EQ(figures["request_ns"], 100);
  for (const char* figure : {"", "low_", "high_", "q1_", "q3_"}) {
    EXPECT_EQ(figures["overhead_" + std::string(figure) + "ns"], 30) << figure;
  }
  for (const char* figure : {"", "low_", "high_"}) {
    EXPECT_EQ(figures["overhead_cpu_" + std::string(figure) + "ns"], 20) << figure;
  }
  EXPECT_DOUBLE_EQ(figures["overhead_ratio"], 0.3);
  EXPECT_EQ(figures["overhead_allocs"], 2);
  EXPECT_DOUBLE_EQ(figures["cpu_us_per_req"], 0.07);
  EXPECT_EQ(figures["pairs"], 6);
  EXPECT_EQ(pairs.count(), 6u);
  EXPECT_TRUE(pairs.seen());
}

TEST(PairedBlocks, HaveNoIntervalWhereTheyAreTooFew) {
  PairedBlocks pairs;
  for (int i = 0; i < 5; ++i) pairs.Add({.elapsed = Duration(200)}, {.elapsed = Duration(100)});
  EXPECT_FALSE(pairs.Figures().contains("overhead_low_ns"));
  EXPECT_EQ(pairs.Figures().at("overhead_ns"), 10);
  pairs.Add({.elapsed = Duration(200)}, {.elapsed = Duration(100)});
  EXPECT_TRUE(pairs.Figures().contains("overhead_low_ns"));
}

TEST(PairedBlocks, AreSeenByTheirTimes) {
  PairedBlocks pairs;
  for (int i = 0; i < 20; ++i) pairs.Add({.elapsed = Duration(i), .cpu = Duration(9)}, {});
  EXPECT_TRUE(pairs.seen());
  PairedBlocks lost;
  for (int i = 0; i < 20; ++i) lost.Add({.elapsed = Duration(i - 9), .cpu = Duration(9)}, {});
  EXPECT_FALSE(lost.seen());
}

// The first comes second in the next pair.
TEST(PairedBlocks, TakeTurns) {
  std::string order;
  PairedBlocks pairs;
  const auto with = [&] { order += '+'; };
  const auto without = [&] { order += '-'; };
  for (int i = 0; i < 3; ++i) EXPECT_GE(pairs.Time(with, without), Duration::zero());
  const std::string pluses(kBlock, '+'), minuses(kBlock, '-');
  EXPECT_EQ(order, pluses + minuses + minuses + pluses + pluses + minuses);
  EXPECT_EQ(pairs.count(), 3u);
}

TEST(PairedBlocks, AreNotMixedUp) {
  constexpr Duration kLong = std::chrono::microseconds(50);
  const SteadyClock clock;
  std::vector<std::unique_ptr<int>> kept;
  kept.reserve(4 * kBlock);
  const auto with = [&] {
    const TimePoint end = clock.Now() + kLong;
    while (clock.Now() < end) {
    }
  };
  const auto without = [&] { kept.push_back(std::make_unique<int>(1)); };
  PairedBlocks pairs;
  for (int i = 0; i < 4; ++i) EXPECT_GE(pairs.Time(with, without), kBlock * kLong);
  EXPECT_EQ(pairs.Figures().at("overhead_allocs"), -1);
}

TEST(PairedBlocks, TimeWhatTheyCall) {
  std::vector<std::unique_ptr<int>> kept;
  kept.reserve(kBlock);
  const SteadyClock clock;
  const TimePoint before = clock.Now();
  const Block block = TimeBlock([&] { kept.push_back(std::make_unique<int>(1)); });
  EXPECT_EQ(block.allocations, static_cast<std::uint64_t>(kBlock));
  EXPECT_GT(block.elapsed, Duration::zero());
  EXPECT_LE(block.elapsed, clock.Now() - before);
  EXPECT_GE(block.cpu, Duration::zero());
}

}  // namespace
}  // namespace assay::bench
