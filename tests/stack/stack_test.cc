// All patterns around one call: what each layer sees of it, in virtual time.
#include "assay/stack/stack.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "tests/stack/stack_patterns.h"

namespace assay {
namespace {

using fixture::ManualClock;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Error kDown{ErrorCode::kConnectRefused, "refused"};
const Error kLate{ErrorCode::kTimeout, "late"};

// Counts how often the clock is read; `on_nap` happens while somebody naps.
struct CountingTime {
  TimePoint Now() const {
    ++reads;
    return clock.Now();
  }
  class Nap : public ManualClock::Nap {
   public:
    explicit Nap(const CountingTime& time) : ManualClock::Nap(time.clock), time_(time) {}
    bool Until(Deadline deadline) {
      if (time_.on_nap) time_.on_nap();
      return ManualClock::Nap::Until(deadline);
    }

   private:
    const CountingTime& time_;
  };
  std::function<void()> on_nap{};
  ManualClock clock{};
  mutable int reads = 0;
};

class StackTest : public testing::Test, protected StackPatterns {
 protected:
  StackTest() : StackPatterns(0) {}

  // One call whose tries come to `results` in turn, each after 10 ms.
  Result<int> Do(std::vector<Result<int>> results, RetryRequest request = {.repeatable = true}) {
    tries_ = 0;
    return Call(all_, time_, request, [&](const Try& attempt) -> Result<int> {
      EXPECT_EQ(attempt.attempt, ++tries_);
      EXPECT_EQ(semaphore_.Snapshot().active, 1);
      deadlines_.push_back(attempt.deadline);
      time_.clock.Advance(milliseconds(10));
      return results.at(static_cast<std::size_t>(tries_) - 1);
    });
  }

  CountingTime time_{};
  const TimePoint begin_ = time_.clock.Now();
  int tries_ = 0;
  std::vector<Deadline> deadlines_{};
};

TEST_F(StackTest, ACalmCallReadsTheClockOnce) {
  EXPECT_EQ(*Do({7}), 7);
  EXPECT_EQ(time_.reads, 1);
  EXPECT_EQ(deadlines_, std::vector{Deadline::At(begin_ + seconds(2))});
  EXPECT_EQ(semaphore_.Snapshot().active, 0);
  EXPECT_EQ(limiter_.Snapshot(time_.clock.Now()).granted, 1u);
}

TEST_F(StackTest, TheTightestDeadlineReachesTheCall) {
  const Deadline wanted = Deadline::At(begin_ + seconds(1));
  EXPECT_EQ(*Do({7}, {.repeatable = true, .deadline = wanted}), 7);
  EXPECT_EQ(deadlines_, std::vector{wanted});
}

TEST_F(StackTest, EachTryPassesTheBreakerAndHoldsAPermitOfItsOwn) {
  EXPECT_EQ(*Do({kDown, kLate, 7}), 7);
  EXPECT_EQ(tries_, 3);
  EXPECT_EQ(active_in_waits_, (std::vector{0, 0}));
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 3u);
  EXPECT_EQ(retry_.Snapshot().recovered, 1u);
  // The rate is that of calls.
  EXPECT_EQ(limiter_.Snapshot(time_.clock.Now()).granted, 1u);
  // Each try has its own two seconds, from when it begins.
  const auto at = [this](Duration since) { return Deadline::At(begin_ + since); };
  EXPECT_EQ(deadlines_,
            (std::vector{at(seconds(2)), at(milliseconds(3'010)), at(milliseconds(4'020))}));
}

TEST_F(StackTest, TheBreakerOpensDuringOneCallsRetriesAndEndsThem) {
  EXPECT_EQ(Do({kDown, kDown, kDown}).error(), kDown);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
  const auto refused = Do({7});
  EXPECT_EQ(refused.error().code, ErrorCode::kCircuitOpen);
  EXPECT_EQ(tries_, 0);
  EXPECT_EQ(retry_.Snapshot().retries, 2u);  // of the first call
}

TEST_F(StackTest, ARefusalOfTheSemaphoreIsNoEvidenceAndNotRepeated) {
  const auto held = TryPermit(semaphore_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Do({}).error().code, ErrorCode::kLimitReached);
  }
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(retry_.Snapshot().retries, 0u);
  EXPECT_EQ(semaphore_.Snapshot().rejected, 3u);
}

TEST_F(StackTest, AboveTheRateNothingElseIsAsked) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Do({7}).ok());
  const Deadline soon = Deadline::After(time_.clock.Now(), seconds(1));
  EXPECT_EQ(Do({7}, {.deadline = soon}).error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(tries_, 0);
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 3u);
}

TEST_F(StackTest, TheTotalTimeoutEndsTheRetries) {
  Timeout short_total({.limit = milliseconds(1'005), .name = "total timeout"});
  Stack stack{off, short_total, retry_, off, off, off};
  int tries = 0;
  const auto result =
      Call(stack, time_, {.repeatable = true}, [&](const Try& attempt) -> Result<int> {
        ++tries;
        EXPECT_EQ(attempt.deadline, Deadline::At(begin_ + milliseconds(1'005)));
        time_.clock.Advance(milliseconds(10));
        return kDown;
      });
  EXPECT_EQ(result.error(), kDown);  // the real one
  EXPECT_EQ(tries, 1);
  EXPECT_EQ(retry_.Snapshot().too_late, 1u);
}

TEST_F(StackTest, APerTryTimeoutIsToldApartAndTriedAgain) {
  Stack stack{off, off, retry_, per_try_, off, off};
  int tries = 0;
  const auto result = Call(stack, time_, {.repeatable = true}, [&](const Try&) -> Result<int> {
    ++tries;
    time_.clock.Advance(seconds(2));
    return kLate;
  });
  EXPECT_EQ(result.error().message, "per-try timeout: not done within 2 s; late");
  EXPECT_EQ(tries, 3);
}

// Time stands still for the layers during a call, but not behind its back.
TEST_F(StackTest, ASlowCallIsSeenToBeSlow) {
  CircuitBreaker slow(
      {.failure_threshold = 1,
       .slow_calls = SlowCallOptions{.longer_than = milliseconds(9), .count_as_failures = true}});
  Stack stack{off, off, off, off, slow, off};
  const auto call = [&](Duration duration) {
    return Call(stack, time_, {}, [&](const Try&) -> Result<int> {
      time_.clock.Advance(duration);
      return 7;
    });
  };
  EXPECT_TRUE(call(milliseconds(9)).ok());
  EXPECT_EQ(slow.state(), CircuitState::kClosed);
  EXPECT_TRUE(call(milliseconds(10)).ok());
  EXPECT_EQ(slow.state(), CircuitState::kOpen);
}

TEST_F(StackTest, WhatIsThrownIsSeenAtItsTime) {
  CircuitBreaker once({.failure_threshold = 1, .open_duration = seconds(60)});
  CircuitBreaker slow({.failure_threshold = 2,
                       .window = CircuitWindowOptions{.calls = 10},
                       .slow_calls = SlowCallOptions{.longer_than = seconds(59)}});
  const auto fails = [&](const Try&) -> Result<int> {
    time_.clock.Advance(seconds(60));
    throw std::runtime_error("broken");
  };
  EXPECT_THROW((void)Call(Stack{off, off, off, per_try_, once, off}, time_, {}, fails),
               std::runtime_error);
  EXPECT_EQ(once.Transitions().at(0).when, begin_ + seconds(60));
  EXPECT_FALSE(once.Admit(time_.clock.Now()).admitted);
  EXPECT_THROW((void)Call(Stack{off, off, off, off, slow, off}, time_, {}, fails),
               std::runtime_error);
  EXPECT_EQ(slow.Snapshot(time_.clock.Now()).window,
            (WindowCounts{.calls = 1, .failures = 1, .slow = 1}));
}

TEST_F(StackTest, ASuccessThatOpensACountWindowDoesSoNow) {
  CircuitBreaker counting({.window = CircuitWindowOptions{.calls = 20, .minimum_calls = 2}});
  Stack stack{off, off, off, off, counting, off};
  for (const Result<int>& result : {Result<int>(kDown), Result<int>(7)}) {
    (void)Call(stack, time_, {}, [&](const Try&) { return result; });
  }
  ASSERT_EQ(counting.state(), CircuitState::kOpen);
  EXPECT_EQ(counting.Transitions().at(0).when, begin_);
  EXPECT_FALSE(counting.Admit(begin_).admitted);
}

TEST_F(StackTest, NobodyWaitsForAPermitLongerThanATryMayTake) {
  Semaphore queued({.limit = 1, .queue_limit = 1});
  const auto held = TryPermit(queued);
  Stack stack{off, off, off, per_try_, off, queued};
  const auto result = Call(stack, time_, {}, [](const Try&) -> Result<int> { return 7; });
  EXPECT_EQ(result.error().message, "semaphore: 1 of 1 permits not free within 2 s");
  EXPECT_EQ(time_.clock.Now(), begin_ + seconds(2));
}

TEST_F(StackTest, TheWaitForAPermitDoesNotMakeTheServerSlow) {
  CircuitBreaker slow({.window = CircuitWindowOptions{.calls = 10},
                       .slow_calls = SlowCallOptions{.longer_than = seconds(2)}});
  Semaphore queued({.limit = 1, .queue_limit = 1});
  Stack stack{off, off, off, off, slow, queued};
  const auto call = [&](Duration takes) {
    auto held = TryPermit(queued);
    time_.on_nap = [&] {
      time_.clock.Advance(seconds(3));
      held = Permit<Semaphore>();
    };
    return Call(stack, time_, {}, [&](const Try&) -> Result<int> {
      time_.clock.Advance(takes);
      return 7;
    });
  };
  EXPECT_TRUE(call(seconds(2)).ok());
  EXPECT_EQ(slow.Snapshot(begin_).window, (WindowCounts{.calls = 1}));
  EXPECT_TRUE(call(seconds(2) + Duration(1)).ok());
  EXPECT_EQ(slow.Snapshot(begin_).window, (WindowCounts{.calls = 2, .slow = 1}));
  EXPECT_EQ(time_.clock.Now(), begin_ + seconds(10) + Duration(1));
}

TEST_F(StackTest, WhatMayNotBeRepeatedIsTriedOnce) {
  EXPECT_EQ(Do({kDown}, {.repeatable = false}).error(), kDown);
  EXPECT_EQ(retry_.Snapshot().not_repeatable, 1u);
}

TEST_F(StackTest, TheKeyOfTheRequestNamesTheCall) {
  std::vector<Duration> waits;
  Retry jittery(
      {.max_attempts = 2,
       .backoff = {.growth = Growth::kConstant, .base = seconds(1), .jitter = Jitter::kFull},
       .before_wait = [&](const RetryWait& wait) { waits.push_back(wait.delay); }});
  Stack stack{off, off, jittery, off, off, off};
  for (const std::uint64_t key : {1u, 1u, 2u}) {
    (void)Call(stack, time_, {.repeatable = true, .key = key},
               [](const Try&) -> Result<int> { return kDown; });
  }
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_EQ(waits[0], waits[1]);
  EXPECT_NE(waits[0], waits[2]);
}

TEST_F(StackTest, WhatIsOffIsNotThere) {
  Stack nothing{off, off, off, off, off, off};
  const Deadline wanted = Deadline::At(begin_ + seconds(1));
  const auto result = Call(nothing, time_, {.deadline = wanted}, [&](const Try& attempt) {
    EXPECT_EQ(attempt.attempt, 1);
    EXPECT_EQ(attempt.deadline, wanted);
    return Result<int>(7);
  });
  EXPECT_EQ(*result, 7);
  EXPECT_EQ(time_.reads, 0);
}

TEST(SharedNow, IsReadOnceUntilTimeHasPassed) {
  CountingTime time;
  const SharedNow<CountingTime> now(time);
  const TimePoint first = now.Now();
  time.clock.Advance(seconds(1));
  EXPECT_EQ(now.Now(), first);
  now.Expire();
  EXPECT_EQ(now.Now(), first + seconds(1));
  SharedNow<CountingTime>::Nap nap(now);
  EXPECT_TRUE(nap.Until(Deadline::At(first + seconds(5))));
  EXPECT_EQ(now.Now(), first + seconds(5));
  EXPECT_EQ(time.reads, 3);
  nap.Wake();
  EXPECT_FALSE(nap.Until(Deadline::Never()));
}

}  // namespace
}  // namespace assay
