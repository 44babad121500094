#include "assay/core/duration_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(DurationTextTest, PicksTheLargestUnitThatLeavesAWholePart) {
  EXPECT_EQ(DurationText(Duration(0)), "0 ns");
  EXPECT_EQ(DurationText(Duration(999)), "999 ns");
  EXPECT_EQ(DurationText(Duration(1000)), "1 us");
  EXPECT_EQ(DurationText(milliseconds(250)), "250 ms");
  EXPECT_EQ(DurationText(seconds(60)), "60 s");
  EXPECT_EQ(DurationText(hours(2)), "7200 s");
}

TEST(DurationTextTest, KeepsThreeDecimalsAndDropsTrailingZeros) {
  EXPECT_EQ(DurationText(milliseconds(59'998)), "59.998 s");
  EXPECT_EQ(DurationText(milliseconds(1'500)), "1.5 s");
  EXPECT_EQ(DurationText(milliseconds(1'050)), "1.05 s");
}

TEST(DurationTextTest, RoundsUpSoThatWaitingAsLongIsEnough) {
  EXPECT_EQ(DurationText(Duration(1'000'000'001)), "1.001 s");
  EXPECT_EQ(DurationText(Duration(59'999'999'999)), "60 s");
}

TEST(DurationTextTest, TheLongestDurationDoesNotOverflow) {
  EXPECT_EQ(DurationText(Duration::max()), "9223372036.855 s");
}

}  // namespace
}  // namespace assay
