#include "assay/patterns/retry/retry_after.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
constexpr sys_seconds kExample{seconds(784'111'777)};
constexpr WallTime kNow = kExample - seconds(100);

TEST(ParseHttpDate, KnowsAllThreeFormats) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(ParseHttpDate(text, kNow), kExample) << text;
  }
}

TEST(ParseHttpDate, KnowsEveryDayAndMonth) {
  struct Case {
    const char* text;
    std::int64_t seconds;
  };
  for (const Case& date : {Case{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
                           Case{"Mon, 29 Feb 2016 23:59:59 GMT", 1'456'790'399},
                           Case{"Tue, 31 Mar 2026 12:00:00 GMT", 1'774'958'400},
                           Case{"Wed, 30 Apr 2025 00:00:01 GMT", 1'745'971'201},
                           Case{"Thu, 15 May 2025 10:20:30 GMT", 1'747'304'430},
                           Case{"Fri, 27 Jun 2025 05:06:07 GMT", 1'751'000'767},
                           Case{"Sat, 19 Jul 2025 20:00:00 GMT", 1'752'955'200},
                           Case{"Sun, 31 Aug 2025 00:00:00 GMT", 1'756'598'400},
                           Case{"Tue Sep 30 01:02:03 2025", 1'759'194'123},
                           Case{"Wednesday, 01-Oct-80 00:00:00 GMT", 339'206'400},
                           Case{"Saturday, 31-Dec-16 23:59:60 GMT", 1'483'228'800},  // leap second
                           Case{"Fri, 31 Dec 9999 23:59:59 GMT", 253'402'300'799}}) {
    const auto parsed = ParseHttpDate(date.text, kNow);
    ASSERT_TRUE(parsed.has_value()) << date.text;
    EXPECT_EQ(parsed->time_since_epoch().count(), date.seconds) << date.text;
  }
}

TEST(ParseHttpDate, TwoDigitsAreAtMostFiftyYearsAhead) {
  const auto year = [](const char* text) {
    const auto date = ParseHttpDate(text, kNow);  // in 1994
    return static_cast<int>(
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*date)).year());
  };
  EXPECT_EQ(year("Sunday, 06-Nov-44 00:00:00 GMT"), 2044);
  EXPECT_EQ(year("Sunday, 06-Nov-45 00:00:00 GMT"), 1945);
  EXPECT_EQ(year("Sunday, 06-Nov-94 00:00:00 GMT"), 1994);
  EXPECT_EQ(year("Sunday, 06-Nov-00 00:00:00 GMT"), 2000);
}

TEST(ParseHttpDate, RefusesEverythingElse) {
  for (const char* text : {"",
                           " ",
                           "tomorrow",
                           "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 06 Nov 1994 08:49:37 GMT ",
                           "Sun, 6 Nov 1994 08:49:37 GMT",
                           "Son, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 nov 1994 08:49:37 GMT",
                           "Sun, 31 Nov 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT",
                           "Sun, 29 Feb 2015 08:49:37 GMT",
                           "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT",
                           "Sun, 06 Nov 1994 08:49:61 GMT",
                           "Sun, 06 Nov 94 08:49:37 GMT",
                           "Sun, 06 Nov 19:4 08:49:37 GMT",  // as if : were a digit, 2004
                           "Sunday, 06-Nov-1994 08:49:37 GMT",
                           "Sun, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov 6 08:49:37 1994",
                           "Sun Nov  6 08:49:37 94",
                           "Sun Nov  6 08:49:37 1994 GMT",
                           "06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994",
                           "Sun, 0x Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:3"}) {
    EXPECT_FALSE(ParseHttpDate(text, kNow)) << text;
    EXPECT_FALSE(ParseRetryAfter(text, kNow)) << text;
  }
}

TEST(ParseRetryAfter, SecondsAreSeconds) {
  EXPECT_EQ(ParseRetryAfter("0", kNow), Duration(0));
  EXPECT_EQ(ParseRetryAfter("120", kNow), seconds(120));
  EXPECT_EQ(ParseRetryAfter("007", kNow), seconds(7));
  EXPECT_EQ(ParseRetryAfter("9223372036", kNow), seconds(9'223'372'036));
  for (const char* text : {"-1", "+1", "1.5", "1 ", " 1", "1s", "0x10", "1,2"}) {
    EXPECT_FALSE(ParseRetryAfter(text, kNow)) << text;
  }
}

TEST(ParseRetryAfter, WhatIsTooLongIsTheLongest) {
  EXPECT_EQ(ParseRetryAfter("9223372037", kNow), Duration::max());
  EXPECT_EQ(ParseRetryAfter(std::string(1'000, '9'), kNow), Duration::max());
  EXPECT_EQ(ParseRetryAfter("Fri, 31 Dec 9999 23:59:59 GMT", kNow), Duration::max());
}

TEST(ParseRetryAfter, ADateIsComparedWithTheWallClock) {
  const char* const text = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(ParseRetryAfter(text, kNow), seconds(100));
  EXPECT_EQ(ParseRetryAfter(text, kNow + milliseconds(250)), milliseconds(99'750));
  EXPECT_EQ(ParseRetryAfter(text, kExample), Duration(0));
  EXPECT_EQ(ParseRetryAfter(text, kExample + milliseconds(1)), Duration(0));
  EXPECT_EQ(ParseRetryAfter(text, kExample + seconds(1'000'000)), Duration(0));
}

}  // namespace
}  // namespace assay
