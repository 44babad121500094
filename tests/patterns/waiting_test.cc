#include "assay/patterns/waiting.h"

#include <gtest/gtest.h>

#include <thread>

#include "assay/fixture/fakes/manual_clock.h"

namespace assay {
namespace {

static_assert(ThreadTime<SteadyThreadTime>);
static_assert(ThreadTime<fixture::ManualClock>);

TEST(SteadyThreadTime, SleepsUntilTheTimeHasCome) {
  const SteadyThreadTime time;
  const TimePoint at = time.Now() + std::chrono::milliseconds(1);
  EXPECT_TRUE(time.SleepUntil(at, {}));
  EXPECT_GE(time.Now(), at);
  EXPECT_TRUE(time.SleepUntil(at, {}));  // which is over
}

TEST(SteadyThreadTime, AStopEndsTheSleep) {
  const SteadyThreadTime time;
  std::stop_source stop;
  std::jthread stops([&] { stop.request_stop(); });
  EXPECT_FALSE(time.SleepUntil(TimePoint::max(), stop.get_token()));
}

TEST(ManualClock, SleepingMovesIt) {
  fixture::ManualClock clock;
  const TimePoint start = clock.Now();
  EXPECT_TRUE(clock.SleepUntil(start + std::chrono::hours(1)));
  EXPECT_TRUE(clock.SleepUntil(start));  // never back
  EXPECT_EQ(clock.Now(), start + std::chrono::hours(1));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(clock.SleepUntil(TimePoint::max(), stop.get_token()));
  EXPECT_EQ(clock.Now(), start + std::chrono::hours(1));
}

}  // namespace
}  // namespace assay
