#include "assay/core/deadline.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(100)};

TEST(Deadline, ExpiresExactlyAtItsTime) {
  const Deadline deadline = Deadline::After(kNow, Duration(10));
  EXPECT_FALSE(deadline.Expired(kNow + Duration(9)));
  EXPECT_TRUE(deadline.Expired(kNow + Duration(10)));
}

TEST(Deadline, RemainingCountsDownToZeroAndNoFurther) {
  const Deadline deadline = Deadline::After(kNow, Duration(10));
  EXPECT_EQ(deadline.Remaining(kNow + Duration(4)), Duration(6));
  EXPECT_EQ(deadline.Remaining(kNow + Duration(11)), Duration::zero());
}

TEST(Deadline, NeverDoesNotExpireAtTheEndOfTime) {
  EXPECT_FALSE(Deadline::Never().Expired(TimePoint::max()));
  EXPECT_EQ(Deadline::Never().Remaining(kNow), Duration::max());
}

TEST(Deadline, ASumBeyondTheClockIsNever) {
  EXPECT_TRUE(Deadline::After(kNow, Duration::max()).never());
}

TEST(Deadline, ANegativeDurationHasExpired) {
  EXPECT_TRUE(Deadline::After(kNow, Duration(-1)).Expired(kNow));
}

TEST(Deadline, EarlierOnesCompareLess) {
  EXPECT_LT(Deadline::After(kNow, Duration(1)), Deadline::After(kNow, Duration(2)));
  EXPECT_LT(Deadline::After(kNow, Duration(2)), Deadline::Never());
}

}  // namespace
}  // namespace assay
