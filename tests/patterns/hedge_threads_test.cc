// Hedged calls on threads. Nobody waits for time to pass: a hedge is due at once, or in an hour.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>

#include "assay/patterns/hedge/call_threads.h"
#include "assay/patterns/retry_budget.h"

namespace assay {
namespace {

using std::chrono::hours;

const Error kDown{ErrorCode::kConnectRefused, "refused"};
const Error kLate{ErrorCode::kTimeout, "late"};
const SteadyThreadTime kTime;

// Until it is told to stop.
void Wait(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, stop, [] { return false; });
}

TEST(HedgeThreads, AnAnswerInTimeIsNotHedged) {
  Hedge hedge({.delay = hours(1)});
  const auto got = Call(hedge, kTime, [](int attempt) { return Result<int>(7 + attempt); });
  EXPECT_EQ(*got, 7);
  EXPECT_EQ(hedge.Snapshot(), HedgeSnapshot{});
}

TEST(HedgeThreads, ALateAnswerIsAskedForAgainAndTheLoserIsToldAndWaitedFor) {
  Hedge hedge({.delay = Duration(0)});
  std::atomic<bool> told = false;
  const auto got = Call(hedge, kTime, [&](int attempt, std::stop_token stop) -> Result<int> {
    if (attempt == 1) return 8;
    Wait(stop);
    told = true;
    return 7;  // which nobody wants any more
  });
  EXPECT_EQ(*got, 8);
  EXPECT_TRUE(told);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .won = 1}));
}

TEST(HedgeThreads, TheFirstMayStillWin) {
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)});
  std::latch all(3);
  const auto got = Call(hedge, kTime, [&](int attempt, std::stop_token stop) -> Result<int> {
    all.arrive_and_wait();
    if (attempt > 0) Wait(stop);
    return attempt;
  });
  EXPECT_EQ(*got, 0);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 2}));
}

TEST(HedgeThreads, AFailureIsFollowedByTheNextAtOnce) {
  Hedge hedge({.delay = hours(1)});
  const auto got = Call(
      hedge, kTime, [](int attempt) { return attempt == 0 ? Result<int>(kDown) : Result<int>(8); });
  EXPECT_EQ(*got, 8);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .won = 1}));
}

TEST(HedgeThreads, OrIsTheEndWhereOnlyLatenessCounts) {
  Hedge hedge({.delay = hours(1), .at_failure = false});
  const auto got = Call(hedge, kTime, [](int) { return Result<int>(kDown); });
  EXPECT_EQ(got.error(), kDown);
  EXPECT_EQ(hedge.Snapshot(), HedgeSnapshot{});
}

TEST(HedgeThreads, WhileAnotherRunsAFailureIsNotTheEnd) {
  Hedge hedge({.delay = Duration(0), .at_failure = false});
  std::latch failed(1);
  const auto got = Call(hedge, kTime, [&](int attempt) -> Result<int> {
    if (attempt == 0) {
      failed.wait();
      return 7;
    }
    failed.count_down();
    return kDown;
  });
  EXPECT_EQ(*got, 7);
}

TEST(HedgeThreads, WhenAllFailTheErrorIsThatOfTheFirst) {
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)});
  std::latch others(2);
  const auto got = Call(hedge, kTime, [&](int attempt) -> Result<int> {
    if (attempt > 0) {
      others.count_down();
      return kLate;
    }
    others.wait();
    return kDown;
  });
  EXPECT_EQ(got.error(), kDown);
}

TEST(HedgeThreads, AnAttemptThatThrowsHasFailed) {
  Hedge hedge({.delay = hours(1)});
  const auto call = [&](int throwing, Result<int> last) {
    return Call(hedge, kTime, [&, throwing](int attempt) -> Result<int> {
      if (attempt < throwing) throw std::runtime_error("attempt " + std::to_string(attempt));
      return last;
    });
  };
  EXPECT_EQ(*call(1, 8), 8);
  EXPECT_EQ(call(1, kLate).error(), kLate);
  try {
    (void)call(2, 8);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "attempt 0");
  }
}

TEST(HedgeThreads, WhatTheClassifierThrowsIsAFailureToo) {
  Hedge hedge({.delay = hours(1), .at_failure = false});
  const auto classify = [](const Result<int>&) -> Outcome { throw std::runtime_error("broken"); };
  EXPECT_THROW((void)Call(
                   hedge, kTime, [](int) { return Result<int>(7); }, classify),
               std::runtime_error);
}

TEST(HedgeThreads, TheClassifierSaysWhatASuccessIs) {
  Hedge hedge({.delay = hours(1)});
  const auto even = [](const Result<int>& result) {
    return *result % 2 == 0 ? Outcome::kSuccess : Outcome::kFailure;
  };
  EXPECT_EQ(*Call(
                hedge, kTime, [](int attempt) { return Result<int>(7 + attempt); }, even),
            8);
}

TEST(HedgeThreads, AnEmptyBudgetDoesNotFailTheCall) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  ASSERT_TRUE(budget.Withdraw(kTime.Now()));
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)}, &budget);
  EXPECT_EQ(*Call(hedge, kTime, [](int) { return Result<int>(7); }), 7);
  EXPECT_EQ(Call(hedge, kTime, [](int) { return Result<int>(kDown); }).error(), kDown);
  EXPECT_LE(hedge.Snapshot().refused, 2u);
  EXPECT_EQ(hedge.Snapshot().hedges, 0u);
}

// With nothing learnt the delay is an hour; what is learnt of an answer at once is less.
TEST(HedgeThreads, TheDelayIsLearntFromFirstAttemptsAlone) {
  Hedge hedge({.delay = hours(1), .latency = LatencyQuantileOptions{.min_samples = 1}});
  (void)Call(hedge, kTime,
             [](int attempt) { return attempt == 0 ? Result<int>(kDown) : Result<int>(8); });
  EXPECT_EQ(hedge.Delay(), hours(1));
  (void)Call(hedge, kTime, [](int) { return Result<int>(7); });
  EXPECT_LT(hedge.Delay(), hours(1));
}

TEST(HedgeThreads, AFirstAttemptThatWasOvertakenTeachesToo) {
  Hedge hedge({.delay = Duration(1), .latency = LatencyQuantileOptions{.min_samples = 1}});
  (void)Call(hedge, kTime, [](int attempt, std::stop_token stop) -> Result<int> {
    if (attempt == 0) Wait(stop);
    return attempt;
  });
  EXPECT_NE(hedge.Delay(), Duration(1));
}

TEST(HedgeThreads, WhatTheFirstThrewGoesOnAlsoWhereItWasNotTheFirstToThrow) {
  Hedge hedge({.delay = Duration(0)});
  std::latch other(1);
  try {
    (void)Call(hedge, kTime, [&](int attempt) -> Result<int> {
      if (attempt == 0) other.wait();
      if (attempt == 1) other.count_down();
      throw std::runtime_error("attempt " + std::to_string(attempt));
    });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "attempt 0");
  }
}

// A caller that is woken in time, and runs again when the next attempt has become due.
struct LateTime {
  TimePoint Now() const noexcept { return now->load(); }
  class Nap {
   public:
    explicit Nap(const LateTime& time) noexcept : time_(time), nap_(kTime) {}
    bool Until(Deadline) {
      nap_.Until(Deadline::Never());
      time_.now->store(time_.now->load() + hours(2));
      return false;
    }
    void Wake() noexcept { nap_.Wake(); }

   private:
    const LateTime& time_;
    SteadyThreadTime::Nap nap_;
  };
  std::atomic<TimePoint>* now;
};

TEST(HedgeThreads, WhoIsWokenByTheEndDoesNotBeginAnotherOne) {
  std::atomic<TimePoint> now{TimePoint(hours(1))};
  for (const Result<int>& end : {Result<int>(7), Result<int>(kDown)}) {
    Hedge hedge({.delay = hours(1), .at_failure = false});
    const auto got = Call(hedge, LateTime{&now}, [&](int) { return end; });
    EXPECT_EQ(got.ok(), end.ok());
    EXPECT_EQ(hedge.Snapshot(), HedgeSnapshot{});
  }
}

// Says when the caller waits: what was to begin by then has begun.
struct WatchedTime {
  TimePoint Now() const noexcept { return kTime.Now(); }
  class Nap : public SteadyThreadTime::Nap {
   public:
    explicit Nap(const WatchedTime& time) noexcept : SteadyThreadTime::Nap(kTime), time_(time) {}
    bool Until(Deadline deadline) {
      time_.waits->release();
      return SteadyThreadTime::Nap::Until(deadline);
    }

   private:
    const WatchedTime& time_;
  };
  std::counting_semaphore<>* waits;
};

class HedgeThreadsWatched : public testing::Test {
 protected:
  // Each attempt ends when the caller waits, and succeeds where it is not one of the first
  // `failing`.
  Result<int> Watched(Hedge& hedge, int failing) {
    return Call(hedge, time_, [this, failing](int attempt) -> Result<int> {
      ++begun_;
      waits_.acquire();
      return attempt < failing ? Result<int>(kDown) : Result<int>(7 + attempt);
    });
  }

  std::counting_semaphore<> waits_{0};
  const WatchedTime time_{&waits_};
  std::atomic<int> begun_ = 0;
};

TEST_F(HedgeThreadsWatched, BeforeItsTimeNoHedgeBegins) {
  Hedge hedge({.delay = hours(1)});
  EXPECT_EQ(*Watched(hedge, 0), 7);
  EXPECT_EQ(begun_, 1);
}

TEST_F(HedgeThreadsWatched, OneFailureIsFollowedByOneAttempt) {
  Hedge hedge({.max_attempts = 3, .delay = hours(1)});
  EXPECT_EQ(*Watched(hedge, 1), 8);
  EXPECT_EQ(begun_, 2);
}

TEST_F(HedgeThreadsWatched, WhatTheBudgetRefusesDoesNotBegin) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  ASSERT_TRUE(budget.Withdraw(kTime.Now()));
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)}, &budget);
  EXPECT_EQ(*Watched(hedge, 0), 7);
  EXPECT_EQ(begun_, 1);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.refused = 1}));
}

}  // namespace
}  // namespace assay
