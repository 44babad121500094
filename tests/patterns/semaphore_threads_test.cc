// Threads that wait: on the clock of the machine, but no test waits for the time to pass.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "assay/patterns/semaphore/call.h"

namespace assay {
namespace {

const SteadyThreadTime kTime;

Deadline Expired() { return Deadline::After(SteadyClock().Now(), Duration::zero()); }

// Ends a stress loop early on a machine that is busy with something else.
Deadline EnoughStress() { return Deadline::After(SteadyClock().Now(), std::chrono::seconds(2)); }

void AwaitWaiters(const Semaphore& semaphore, int count) {
  while (semaphore.Snapshot().queued != count) std::this_thread::yield();
}

TEST(SemaphoreThreadsTest, AFreePermitIsGrantedEvenAfterTheDeadline) {
  Semaphore semaphore({.limit = 1});
  const auto permit = Acquire(semaphore, kTime, Expired());
  ASSERT_TRUE(permit.ok());
  EXPECT_TRUE(permit.value());
  EXPECT_EQ(semaphore.active(), 1);
}

TEST(SemaphoreThreadsTest, AnExpiredDeadlineIsRefusedWithoutWaiting) {
  Semaphore semaphore({.limit = 2});
  const auto first = Acquire(semaphore, kTime, Deadline::Never());
  const auto second = Acquire(semaphore, kTime, Deadline::Never());
  const auto third = Acquire(semaphore, kTime, Expired());
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error(), (Error{ErrorCode::kLimitReached, "semaphore: full"}));
  EXPECT_EQ(semaphore.Snapshot().rejected, 1u);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, 2u);
}

TEST(SemaphoreThreadsTest, AWaitThatRunsOutIsRefusedOnceAndLeavesNoWaiter) {
  Semaphore semaphore({.limit = 1});
  const auto held = Acquire(semaphore, kTime, Deadline::Never());
  const auto refused =
      Acquire(semaphore, kTime, Deadline::After(SteadyClock().Now(), std::chrono::milliseconds(1)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(semaphore.Snapshot().queued, 0);
  EXPECT_EQ(semaphore.Snapshot().timeouts, 1u);
}

TEST(SemaphoreThreadsTest, AReleaseWakesAWaiter) {
  Semaphore semaphore({.limit = 1});
  Permit<Semaphore> held = Acquire(semaphore, kTime, Deadline::Never()).value();
  std::atomic<bool> granted{false};
  std::jthread waiter([&] { granted = Acquire(semaphore, kTime, Deadline::Never()).ok(); });
  AwaitWaiters(semaphore, 1);
  EXPECT_FALSE(granted);
  held.Release();
  waiter.join();
  EXPECT_TRUE(granted);
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.Snapshot().queued, 0);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, 2u);
  EXPECT_EQ(semaphore.Snapshot().rejected, 0u);
}

TEST(SemaphoreThreadsTest, AWaiterWithAFarDeadlineIsWokenToo) {
  Semaphore semaphore({.limit = 1});
  Permit<Semaphore> held = Acquire(semaphore, kTime, Deadline::Never()).value();
  std::atomic<bool> granted{false};
  const Deadline far = Deadline::After(SteadyClock().Now(), std::chrono::hours(1));
  std::jthread waiter([&] { granted = Acquire(semaphore, kTime, far).ok(); });
  AwaitWaiters(semaphore, 1);
  held.Release();
  waiter.join();
  EXPECT_TRUE(granted);
}

TEST(SemaphoreThreadsTest, EveryWaiterIsServedWhenPermitsComeBackOneByOne) {
  constexpr int kWaiters = 8;
  Semaphore semaphore({.limit = 2});
  std::vector<Permit<Semaphore>> held;
  held.push_back(Acquire(semaphore, kTime, Deadline::Never()).value());
  held.push_back(Acquire(semaphore, kTime, Deadline::Never()).value());
  std::atomic<int> granted{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < kWaiters; ++t) {
    threads.emplace_back([&] {
      if (Acquire(semaphore, kTime, Deadline::Never()).ok()) ++granted;
    });
  }
  AwaitWaiters(semaphore, kWaiters);
  held.clear();
  threads.clear();
  EXPECT_EQ(granted, kWaiters);
  EXPECT_EQ(semaphore.active(), 0);
}

// In the next tests a lost wake-up leaves a thread asleep until its 30 seconds in the queue are
// over: it is refused, or does not come in time.

// One release meets one waiter on its way to sleep, at a different point every time.
TEST(SemaphoreThreadsTest, AReleaseIsSeenAtEveryPointOfTheWayToSleep) {
  constexpr int kRounds = 20'000;
  constexpr int kNoMore = -1;
  Semaphore semaphore({.limit = 1});
  std::atomic<int> round{0};
  std::atomic<int> served{0};
  std::jthread waiter([&] {
    for (int i = 1; round.load() != kNoMore; ++i) {
      while (round.load() != i && round.load() != kNoMore) std::this_thread::yield();
      served.fetch_add(Acquire(semaphore, kTime, Deadline::Never()).ok() ? 1 : 0);
    }
  });
  const Deadline enough = EnoughStress();
  for (int i = 1; i <= kRounds && !enough.Expired(SteadyClock().Now()); ++i) {
    Permit<Semaphore> held = Acquire(semaphore, kTime, Deadline::Never()).value();
    round.store(i);
    for (std::atomic<int> step{0}; step.load() < i % 200;) step.fetch_add(1);
    held.Release();
    while (served.load() != i) std::this_thread::yield();
  }
  round.store(kNoMore);
}

// A waiter can be notified and out of time at once; if it left with the notification,
// nobody would tell the other waiter about the permit.
TEST(SemaphoreThreadsTest, AWaiterNotifiedTooLateDoesNotTakeTheWakeUpAlong) {
  for (int i = 0; i < 20; ++i) {
    Semaphore semaphore({.limit = 1});
    Permit<Semaphore> held = Acquire(semaphore, kTime, Deadline::Never()).value();
    const auto soon = Deadline::After(SteadyClock().Now(), std::chrono::milliseconds(1));
    std::jthread first([&] { static_cast<void>(Acquire(semaphore, kTime, soon).ok()); });
    while (semaphore.Snapshot().queued != 1 && !soon.Expired(SteadyClock().Now())) {
    }
    std::atomic<bool> granted{false};
    std::jthread second([&] { granted = Acquire(semaphore, kTime, Deadline::Never()).ok(); });
    while (!soon.Expired(SteadyClock().Now())) {
    }
    held.Release();
    second.join();
    EXPECT_TRUE(granted);
  }
}

TEST(SemaphoreThreadsTest, NoWakeUpIsLostUnderStress) {
  constexpr int kThreads = 6;
  constexpr int kRounds = 4'000;
  Semaphore semaphore({.limit = 2});
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const auto permit = Acquire(semaphore, kTime, Deadline::Never());
        ASSERT_TRUE(permit.ok());
        const int now = inside.fetch_add(1) + 1;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        if (i % 8 == 0) std::this_thread::yield();  // so that the others queue up
        inside.fetch_sub(1);
      }
    });
  }
  threads.clear();
  EXPECT_LE(most, 2);
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.Snapshot().queued, 0);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, std::uint64_t{kThreads} * kRounds);
}

// Waiters that give up at about the moment of a release must not take the
// notification with them: the one who waits without a deadline would never wake.
TEST(SemaphoreThreadsTest, WaitersThatGiveUpDoNotStealTheWakeUpOfOthers) {
  constexpr int kRounds = 2'000;
  const Deadline enough = EnoughStress();
  Semaphore semaphore({.limit = 1});
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> refused{0};
  std::vector<std::jthread> impatient;
  for (int t = 0; t < 3; ++t) {
    impatient.emplace_back([&, t] {
      while (!stop) {
        const Duration wait = std::chrono::microseconds(20 * (t + 1));
        if (!Acquire(semaphore, kTime, Deadline::After(SteadyClock().Now(), wait)).ok()) ++refused;
      }
    });
  }
  std::vector<std::jthread> patient;
  for (int t = 0; t < 2; ++t) {
    patient.emplace_back([&] {
      for (int i = 0; i < kRounds && !enough.Expired(SteadyClock().Now()); ++i) {
        const auto permit = Acquire(semaphore, kTime, Deadline::Never());
        ASSERT_TRUE(permit.ok());
        std::this_thread::yield();
      }
    });
  }
  patient.clear();
  stop = true;
  impatient.clear();
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.Snapshot().queued, 0);
  const SemaphoreMetrics metrics = semaphore.Snapshot();
  EXPECT_EQ(metrics.timeouts + metrics.rejected, refused);
}

}  // namespace
}  // namespace assay
