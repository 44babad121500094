#include "assay/core/option_check.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace assay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr OptionCheck kOptions("kettle");

template <class F>
std::string TextOf(F check) {
  try {
    check();
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return {};
}

TEST(OptionCheck, GivesBackWhatIsWithin) {
  EXPECT_EQ(kOptions.Within("cups", 1, 1, 4), 1);
  EXPECT_EQ(kOptions.Within("cups", 4, 1, 4), 4);
  EXPECT_EQ(kOptions.Within("level", 0.25, 0, 0.25), 0.25);
  EXPECT_EQ(kOptions.Within("time", Duration(7), Duration(7), Duration(7)), Duration(7));
  EXPECT_EQ(kOptions.Above0("time", Duration(1)), Duration(1));
  EXPECT_EQ(kOptions.NotBelow0("time", Duration(0)), Duration(0));
}

TEST(OptionCheck, NamesTheOptionTheValueAndTheRange) {
  EXPECT_EQ(TextOf([] { kOptions.Within("cups", 0, 1, 4); }),
            "kettle cups: 0 is not within 1 to 4");
  EXPECT_EQ(TextOf([] { kOptions.Within("cups", std::int64_t{5} << 32, 1, 4); }),
            "kettle cups: 21474836480 is not within 1 to 4");
  EXPECT_EQ(TextOf([] { kOptions.Within("level", -0.5, 0.125, 1); }),
            "kettle level: -0.5 is not within 0.125 to 1");
  EXPECT_EQ(TextOf([] { kOptions.Within("time", Duration(-3), milliseconds(1), seconds(60)); }),
            "kettle time: -3 ns is not within 1 ms to 60 s");
  EXPECT_EQ(TextOf([] { kOptions.Above0("time", Duration(0)); }),
            "kettle time: 0 ns is not above 0");
  EXPECT_EQ(TextOf([] { kOptions.NotBelow0("time", Duration(-1)); }),
            "kettle time: -1 ns is below 0");
  EXPECT_EQ(TextOf([] { kOptions.Refuse("lid", "open", "spills"); }), "kettle lid: open spills");
  EXPECT_EQ(kOptions.NotWithin("cups", 9, 1, 4), "kettle cups: 9 is not within 1 to 4");
}

TEST(OptionCheck, NanIsInNoRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(TextOf([nan] { kOptions.Within("level", nan, 0, 1); }),
            "kettle level: nan is not within 0 to 1");
}

}  // namespace
}  // namespace assay
