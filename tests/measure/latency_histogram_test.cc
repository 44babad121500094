#include "assay/measure/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assay/core/hash.h"

namespace assay {
namespace {

TEST(LatencyHistogram, IsExactBelow128Nanoseconds) {
  LatencyHistogram histogram;
  for (int ns = 0; ns < 128; ++ns) histogram.Record(Duration(ns));
  EXPECT_EQ(histogram.Quantile(0.0), Duration(0));
  EXPECT_EQ(histogram.Quantile(0.5), Duration(63));
  EXPECT_EQ(histogram.Quantile(1.0), Duration(127));
}

// A thousand durations over eight decades against the sorted list.
TEST(LatencyHistogram, QuantilesAreWithinOnePercentAboveTheExactOnes) {
  LatencyHistogram histogram;
  std::vector<Duration> exact;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const double decade = 8.0 * UnitInterval(Draw(1, "test", i, 0));
    exact.emplace_back(static_cast<std::int64_t>(std::pow(10.0, decade)));
    histogram.Record(exact.back());
  }
  std::sort(exact.begin(), exact.end());
  for (const double q : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(q * 1000.0));
    const auto want = static_cast<double>(exact[rank - 1].count());
    const auto got = static_cast<double>(histogram.Quantile(q).count());
    EXPECT_GE(got, want) << q;
    EXPECT_LE(got, want * (1 + 1.0 / 128)) << q;
  }
}

TEST(LatencyHistogram, NoQuantileIsAboveTheMaximum) {
  LatencyHistogram histogram;
  histogram.Record(Duration(1'000'001));
  EXPECT_EQ(histogram.Quantile(0.5), Duration(1'000'001));
  EXPECT_EQ(histogram.max(), Duration(1'000'001));
}

TEST(LatencyHistogram, TakesTheWholeRangeOfDurations) {
  LatencyHistogram histogram;
  histogram.Record(Duration::max());
  histogram.Record(Duration(-5));
  EXPECT_EQ(histogram.Quantile(0.5), Duration::zero());
  EXPECT_EQ(histogram.Quantile(1.0), Duration::max());
  EXPECT_EQ(histogram.count(), 2u);
}

TEST(LatencyHistogram, AnEmptyOneHasNoQuantiles) {
  EXPECT_EQ(LatencyHistogram().Quantile(0.5), Duration::zero());
}

}  // namespace
}  // namespace assay
