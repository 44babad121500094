// What a test asks of an exploration: nothing failed, and nothing was left out.
#ifndef ASSAY_TESTS_EXPLORE_EXPECT_H_
#define ASSAY_TESTS_EXPLORE_EXPECT_H_

#include <gtest/gtest.h>

#include "tests/explore/schedule.h"

namespace assay::explore {

// `least_schedules` shows that there was something to explore: far fewer mean that the threads do
// not meet any more.
inline void ExpectSound(const Report& report, long least_schedules) {
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GE(report.schedules, least_schedules);
}

}  // namespace assay::explore

#endif  // ASSAY_TESTS_EXPLORE_EXPECT_H_
