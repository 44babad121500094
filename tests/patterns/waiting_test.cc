#include "assay/patterns/waiting.h"

#include <gtest/gtest.h>

#include <thread>

#include "assay/fixture/fakes/manual_clock.h"

namespace assay {
namespace {

static_assert(ThreadTime<SteadyThreadTime>);
static_assert(ThreadTime<fixture::ManualClock>);

TEST(SteadyThreadTime, NapsUntilTheTimeHasCome) {
  const SteadyThreadTime time;
  const TimePoint at = time.Now() + std::chrono::milliseconds(1);
  SteadyThreadTime::Nap nap(time);
  EXPECT_TRUE(nap.Until(Deadline::At(at)));
  EXPECT_GE(time.Now(), at);
  EXPECT_TRUE(nap.Until(Deadline::At(at)));  // which is over
}

TEST(SteadyThreadTime, ADeadlineThatHasPassedIsNotWaitedFor) {
  const SteadyThreadTime time;
  SteadyThreadTime::Nap nap(time);
  for (const Deadline past : {Deadline::At(time.Now()), Deadline::At(TimePoint::min())}) {
    EXPECT_TRUE(nap.Until(past));
  }
  nap.Wake();
  EXPECT_FALSE(nap.Until(Deadline::At(TimePoint::min()))) << "somebody woke it before";
}

TEST(SteadyThreadTime, AnotherThreadEndsTheNap) {
  for (const Deadline deadline :
       {Deadline::Never(), Deadline::After(SteadyClock().Now(), std::chrono::hours(1))}) {
    SteadyThreadTime::Nap nap{SteadyThreadTime()};
    const std::jthread wakes([&] { nap.Wake(); });
    EXPECT_FALSE(nap.Until(deadline));
    EXPECT_FALSE(nap.Until(deadline));  // it stays awake
  }
}

TEST(ManualClock, NappingMovesIt) {
  fixture::ManualClock clock;
  const TimePoint start = clock.Now();
  fixture::ManualClock::Nap nap(clock);
  EXPECT_TRUE(nap.Until(Deadline::After(start, std::chrono::hours(1))));
  EXPECT_TRUE(nap.Until(Deadline::At(start)));  // never back
  EXPECT_EQ(clock.Now(), start + std::chrono::hours(1));
}

TEST(ManualClock, WhoIsWokenDoesNotMoveIt) {
  fixture::ManualClock clock;
  const TimePoint start = clock.Now();
  for (const Deadline deadline : {Deadline::Never(), Deadline::After(start, Duration(1))}) {
    fixture::ManualClock::Nap nap(clock);
    std::jthread([&] { nap.Wake(); }).join();
    EXPECT_FALSE(nap.Until(deadline));
    EXPECT_EQ(clock.Now(), start);
  }
}

}  // namespace
}  // namespace assay
