#include "assay/core/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay {
namespace {

TEST(NumberText, IsAsShortAsItCanBe) {
  EXPECT_EQ(NumberText(1.5), "1.5");
  EXPECT_EQ(NumberText(0.1 + 0.2), "0.3");
  EXPECT_EQ(NumberText(60000), "60000");
  EXPECT_EQ(NumberText(-0.001), "-0.001");
}

TEST(NumberText, KeepsTwelveDigits) {
  EXPECT_EQ(NumberText(123456789012.0), "123456789012");
  EXPECT_EQ(NumberText(1.00000000001), "1.00000000001");
  EXPECT_EQ(NumberText(1.000000000001), "1");
}

TEST(NumberText, HasRoomForTheLongest) {
  EXPECT_EQ(NumberText(-std::numeric_limits<double>::max()), "-1.79769313486e+308");
  EXPECT_EQ(NumberText(std::numeric_limits<double>::infinity()), "inf");
}

}  // namespace
}  // namespace assay
