// The measuring code, run tiny: what it gives must make sense, how much does not matter.
#include <gtest/gtest.h>
#include <sys/prctl.h>

#include <algorithm>

#include "tools/selftest/clock_probe.h"
#include "tools/selftest/floor_probe.h"
#include "tools/selftest/wakeup_probe.h"

namespace assay::selftest {
namespace {

using namespace std::chrono_literals;

bool NoneNegative(const std::vector<double>& delays) {
  return std::ranges::all_of(delays, [](double delay) { return delay >= 0; });
}

TEST(ClockProbe, GivesAsManyReadingsAsAskedForInTheirOrder) {
  const auto readings = ReadClock(1000);
  ASSERT_EQ(readings.size(), 1000u);
  EXPECT_TRUE(std::ranges::is_sorted(readings));
  EXPECT_GT(readings.front(), 0);
  EXPECT_LT(readings.front(), readings.back());
}

TEST(WakeupProbe, NoSleepEndsEarly) {
  for (const std::optional<Duration> slack : {std::optional<Duration>(), {1ns}}) {
    const auto delays = SleepDelays({.count = 3, .ahead = 1us, .slack = slack});
    ASSERT_TRUE(delays);
    EXPECT_EQ(delays.value().size(), 3u);
    EXPECT_TRUE(NoneNegative(delays.value()));
  }
}

TEST(WakeupProbe, SleepsAtLeastForTheTimeThatItWasGiven) {
  const TimePoint start = SteadyClock().Now();
  ASSERT_TRUE(SleepDelays({.count = 3, .ahead = 2ms}));
  EXPECT_GE(SteadyClock().Now() - start, 6ms);
}

TEST(WakeupProbe, TheCallersSlackIsNotTouched) {
  const int before = ::prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
  ASSERT_TRUE(SleepDelays({.count = 1, .ahead = 1us, .slack = Duration(before + 1)}));
  EXPECT_EQ(::prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), before);
}

TEST(WakeupProbe, ASleepThatTheKernelRefusesIsAnErrorWithItsPhase) {
  const Duration before_the_epoch = -SteadyClock().Now().time_since_epoch() - 1h;
  const auto delays = SleepDelays({.count = 1, .ahead = before_the_epoch});
  ASSERT_FALSE(delays);
  EXPECT_EQ(delays.error().message, "wake-ups: clock_nanosleep: Invalid argument");
}

TEST(WakeupProbe, EveryHandoverIsSeenAndNoneBeforeItWasSent) {
  const auto delays = HandoverDelays(3, 1us);
  EXPECT_EQ(delays.size(), 3u);
  EXPECT_TRUE(NoneNegative(delays));
  EXPECT_TRUE(HandoverDelays(0, 1us).empty());
}

TEST(FloorProbe, EachOperationTakesTimeAndTheLowestIsNotAboveTheMedian) {
  const auto rows = MeasureFloor(5, 100);
  std::vector<std::string> names;
  for (const FloorRow& row : rows) {
    names.push_back(row.name);
    EXPECT_GT(row.lowest_ns, 0) << row.name;
    EXPECT_LE(row.lowest_ns, row.median_ns) << row.name;
    EXPECT_LT(row.median_ns, 1e6) << row.name;  // of one operation, not of the batch
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"system call", "atomic addition", kClockRead, "mutex"}));
}

}  // namespace
}  // namespace assay::selftest
