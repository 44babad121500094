#include "tools/serve/duration.h"

#include <gtest/gtest.h>

namespace assay::serve {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsANumberAndAUnit) {
  EXPECT_EQ(ParseDuration("5ms"), 5ms);
  EXPECT_EQ(ParseDuration("5 ms"), 5ms);
  EXPECT_EQ(ParseDuration("250us"), 250us);
  EXPECT_EQ(ParseDuration("1.5 s"), 1500ms);
  EXPECT_EQ(ParseDuration("7ns"), 7ns);
  EXPECT_EQ(ParseDuration("0s"), 0ns);
}

TEST(ParseDuration, RoundsToTheNearestNanosecond) {
  EXPECT_EQ(ParseDuration("1.4ns"), 1ns);
  EXPECT_EQ(ParseDuration("0.6ns"), 1ns);
  EXPECT_EQ(ParseDuration("0.0000014ms"), 1ns);
}

TEST(ParseDuration, RefusesAnythingElse) {
  for (const char* text : {"", "5", "ms", "-5ms", "+5ms", " 5ms", "5ms ", "5  ms", "5m", "5 MS",
                           "nan ms", "infs", "1e3ms", "0x5ms", "5,5ms", "5ms5ms", ".5ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(ParseDuration, EndsBeforeItOverflows) {
  EXPECT_EQ(ParseDuration("9000000000s"), 9'000'000'000s);
  EXPECT_EQ(ParseDuration("9200000000s"), std::nullopt);
  EXPECT_EQ(ParseDuration("99999999999999999999999999999999s"), std::nullopt);
}

}  // namespace
}  // namespace assay::serve
