#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tools/regression/run/metric_value.h"

namespace assay::regression {
namespace {

TEST(ValueOf, FindsClocksAndCounters) {
  Entry entry;
  entry.real_time_ns = 2;
  entry.cpu_time_ns = 1;
  entry.counters = {{"a", 3}, {"b", INFINITY}, {"c", NAN}};
  EXPECT_EQ(ValueOf(entry, "real_time"), 2);
  EXPECT_EQ(ValueOf(entry, "cpu_time"), 1);
  EXPECT_EQ(ValueOf(entry, "a"), 3);
  for (const char* none : {"b", "c", "d"}) EXPECT_EQ(ValueOf(entry, none), std::nullopt) << none;
  entry.real_time_ns = entry.cpu_time_ns = NAN;
  EXPECT_EQ(ValueOf(entry, "real_time"), std::nullopt);
  EXPECT_EQ(ValueOf(entry, "cpu_time"), std::nullopt);
}

TEST(ExactCount, IsTheOneWholeNumber) {
  const auto count = [](const std::vector<double>& values) { return ExactCount(values); };
  EXPECT_EQ(count({3}), 3);
  EXPECT_EQ(count({3.009, 3, 2.991}), 3);
  EXPECT_EQ(count({-2, -2}), -2);
  EXPECT_EQ(count({0, 0}), 0);
  EXPECT_EQ(count({3.011}), std::nullopt);
  EXPECT_EQ(count({3, 4}), std::nullopt);
  EXPECT_EQ(count({3, 3, 3.5}), std::nullopt);
  EXPECT_EQ(count({3, NAN}), std::nullopt);
  EXPECT_EQ(count({NAN}), std::nullopt);
  EXPECT_EQ(count({INFINITY}), std::nullopt);
  EXPECT_EQ(count({}), std::nullopt);
}

}  // namespace
}  // namespace assay::regression
