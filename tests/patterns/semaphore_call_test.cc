// Calls on threads: what a semaphore lets through, and how it waits.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/semaphore/call.h"

namespace assay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Time in which something happens while the caller naps: `during_nap`, if it is set, else the
// time comes. `due_too`: the time comes in the same moment.
class ScriptedTime {
 public:
  TimePoint Now() const {
    ++looks;
    return clock.Now();
  }

  class Nap {
   public:
    explicit Nap(const ScriptedTime& time) : time_(time) { ++time.naps; }
    bool Until(Deadline deadline) {
      time_.until = deadline;
      if (time_.during_nap) time_.during_nap();
      return time_.due_too || !woken_;
    }
    void Wake() noexcept { woken_ = true; }

   private:
    const ScriptedTime& time_;
    bool woken_ = false;
  };

  std::function<void()> during_nap{};
  bool due_too = false;
  fixture::ManualClock clock{};
  mutable int looks = 0;
  mutable int naps = 0;
  mutable Deadline until = Deadline::Never();
};

Result<int> Answer() { return 42; }

class SemaphoreWaitTest : public testing::Test {
 protected:
  // With both permits taken.
  SemaphoreWaitTest() : held_(TryPermit(semaphore_, 2)) {}

  // From the first look at the clock on.
  Duration Napped() const { return time_.until.at() - time_.clock.Now(); }

  Semaphore semaphore_{{.limit = 2, .queue_limit = 1, .queue_timeout = seconds(30)}};
  ScriptedTime time_{};
  Permit<Semaphore> held_;
};

TEST_F(SemaphoreWaitTest, AFreePermitNeedsNoClockAndNoNap) {
  held_.Release();
  EXPECT_EQ(Call(semaphore_, time_, Deadline::At(time_.clock.Now()), Answer, 2).value(), 42);
  EXPECT_EQ(time_.looks, 0);
  EXPECT_EQ(time_.naps, 0);
}

TEST_F(SemaphoreWaitTest, WaitsForTheQueueTimeoutAtTheLongest) {
  const Result<int> result = Call(semaphore_, time_, Answer);
  EXPECT_EQ(Napped(), seconds(30));
  EXPECT_EQ(result.error(),
            (Error{ErrorCode::kLimitReached, "semaphore: 1 of 2 permits not free within 30 s"}));
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 1u);
  EXPECT_EQ(semaphore_.Snapshot().rejected, 0u);
  EXPECT_EQ(semaphore_.Snapshot().queued, 0);
}

TEST_F(SemaphoreWaitTest, TheEarlierOfDeadlineAndQueueTimeoutEndsTheWait) {
  for (const auto& [own, expected] :
       {std::pair(seconds(29), seconds(29)), std::pair(seconds(31), seconds(30))}) {
    const Deadline deadline = Deadline::After(time_.clock.Now(), own);
    EXPECT_FALSE(Call(semaphore_, time_, deadline, Answer).ok());
    EXPECT_EQ(Napped(), expected);
  }
}

TEST_F(SemaphoreWaitTest, WaitsForEverIfToldTo) {
  Semaphore patient({.limit = 1, .queue_timeout = Duration::max()});
  const Permit held = TryPermit(patient);
  EXPECT_FALSE(Call(patient, time_, Answer).ok());
  EXPECT_TRUE(time_.until.never());
}

TEST_F(SemaphoreWaitTest, TheMachinesTimeIsTheDefault) {
  const Deadline soon = Deadline::After(SteadyClock().Now(), milliseconds(1));
  const Result<int> result = Call(semaphore_, soon, Answer, 2);
  EXPECT_EQ(result.error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(semaphore_.Snapshot().timeouts + semaphore_.Snapshot().rejected, 1u);
}

TEST_F(SemaphoreWaitTest, GoesOnWithThePermitsThatItIsGiven) {
  time_.during_nap = [&] { held_.Release(); };
  const Result<int> result = Call(
      semaphore_, time_, [&]() -> Result<int> { return semaphore_.active(); }, 2);
  EXPECT_EQ(result.value(), 2);
  EXPECT_EQ(semaphore_.Snapshot(), (SemaphoreMetrics{.limit = 2, .peak = 2, .acquisitions = 2}));
}

TEST_F(SemaphoreWaitTest, KeepsPermitsThatComeAtTheVeryMomentOfTheTimeOut) {
  time_.during_nap = [&] { held_.Release(); };
  time_.due_too = true;
  EXPECT_EQ(Call(semaphore_, time_, Answer).value(), 42);
  EXPECT_EQ(semaphore_.active(), 0);
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 0u);
}

TEST_F(SemaphoreWaitTest, AFullQueueRefusesWithoutClockAndNap) {
  std::optional<Error> second;
  time_.during_nap = [&] {
    const int looks = time_.looks;
    const int naps = time_.naps;
    second = Call(semaphore_, time_, Answer).error();
    EXPECT_EQ(time_.looks, looks);
    EXPECT_EQ(time_.naps, naps);
  };
  EXPECT_FALSE(Call(semaphore_, time_, Answer).ok());
  EXPECT_EQ(second, (Error{ErrorCode::kLimitReached, "semaphore: full"}));
  EXPECT_EQ(semaphore_.Snapshot().rejected, 1u);
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 1u);
}

TEST_F(SemaphoreWaitTest, APassedDeadlineRefusesAtOnce) {
  const Result<int> result = Call(semaphore_, time_, Deadline::At(time_.clock.Now()), Answer);
  EXPECT_EQ(result.error(), (Error{ErrorCode::kLimitReached, "semaphore: full"}));
  EXPECT_EQ(time_.naps, 0);
  EXPECT_EQ(semaphore_.Snapshot().rejected, 1u);
}

TEST_F(SemaphoreWaitTest, MoreThanTheLimitIsAnErrorOfItsOwn) {
  for (const int permits : {3, 0, -1}) {
    const Result<int> result = Call(semaphore_, time_, Answer, permits);
    EXPECT_EQ(result.error(),
              (Error{ErrorCode::kInvalidRequest,
                     "semaphore permits: " + std::to_string(permits) + " is not within 1 to 2"}));
  }
  EXPECT_EQ(time_.naps, 0);
  EXPECT_EQ(semaphore_.Snapshot().rejected, 3u);
}

TEST_F(SemaphoreWaitTest, ALimitThatFallsBelowWhatItWaitsForEndsTheWait) {
  time_.during_nap = [&] { semaphore_.Resize(1); };
  const Result<int> result = Call(semaphore_, time_, Answer, 2);
  EXPECT_EQ(result.error(),
            (Error{ErrorCode::kInvalidRequest, "semaphore permits: 2 is not within 1 to 1"}));
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 0u);
}

TEST_F(SemaphoreWaitTest, AnExceptionOutOfTheNapGivesThePlaceBack) {
  for (const bool granted : {false, true}) {
    time_.during_nap = [&] {
      if (granted) held_.Release();
      throw std::runtime_error("cancelled");
    };
    EXPECT_THROW(Call(semaphore_, time_, Answer).ok(), std::runtime_error);
    EXPECT_EQ(semaphore_.Snapshot().queued, 0);
    EXPECT_EQ(semaphore_.Snapshot().timeouts, 0u);
  }
  EXPECT_EQ(semaphore_.active(), 0);
  EXPECT_TRUE(TryPermit(semaphore_, 2));
}

TEST_F(SemaphoreWaitTest, AcquireYieldsPermitsForAScope) {
  time_.during_nap = [&] { held_.Release(); };
  {
    const auto permit = Acquire(semaphore_, time_, Deadline::Never(), 2);
    EXPECT_EQ(permit.value().permits(), 2);
    EXPECT_EQ(semaphore_.active(), 2);
  }
  EXPECT_EQ(semaphore_.active(), 0);
}

TEST(SemaphoreCallTest, ReturnsTheResultAndThePermit) {
  Semaphore semaphore({.limit = 1});
  const Result<int> result = Call(semaphore, Deadline::Never(), [&]() -> Result<int> {
    EXPECT_EQ(semaphore.active(), 1);
    return 42;
  });
  EXPECT_EQ(result.value(), 42);
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallTest, PassesAnErrorOnUnchanged) {
  Semaphore semaphore({.limit = 1});
  const Result<int> result = Call(semaphore, Deadline::Never(), []() -> Result<int> {
    return Error{ErrorCode::kTimeout, "read"};
  });
  EXPECT_EQ(result.error(), (Error{ErrorCode::kTimeout, "read"}));
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallTest, RefusesWithoutCallingWhenNoPermitComesFree) {
  Semaphore semaphore({.limit = 1});
  const Permit held = TryPermit(semaphore);
  const Deadline expired = Deadline::After(SteadyClock().Now(), Duration::zero());
  bool called = false;
  const Result<int> result = Call(semaphore, expired, [&]() -> Result<int> {
    called = true;
    return 1;
  });
  EXPECT_FALSE(called);
  EXPECT_EQ(result.error().code, ErrorCode::kLimitReached);
}

TEST(SemaphoreCallTest, AnExceptionReturnsThePermitAndGoesOn) {
  Semaphore semaphore({.limit = 1});
  const auto fail = []() -> Result<int> { throw std::runtime_error("boom"); };
  EXPECT_THROW(Call(semaphore, Deadline::Never(), fail).ok(), std::runtime_error);
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallTest, CarriesMoveOnlyResults) {
  Semaphore semaphore({.limit = 1});
  const auto result = Call(semaphore, Deadline::Never(), []() -> Result<std::unique_ptr<int>> {
    return std::make_unique<int>(7);
  });
  EXPECT_EQ(*result.value(), 7);
}

}  // namespace
}  // namespace assay
