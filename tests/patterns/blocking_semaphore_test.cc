#include "assay/patterns/semaphore/blocking_semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace assay {
namespace {

using BlockingPermit = Permit<BlockingSemaphore>;

Deadline Expired() { return Deadline::After(SteadyClock().Now(), Duration::zero()); }

// Ends a stress loop early on a machine that is busy with something else.
Deadline EnoughStress() { return Deadline::After(SteadyClock().Now(), std::chrono::seconds(2)); }

void AwaitWaiters(const BlockingSemaphore& semaphore, int count) {
  while (semaphore.waiting() != count) std::this_thread::yield();
}

TEST(BlockingSemaphoreTest, AFreePermitIsGrantedEvenAfterTheDeadline) {
  BlockingSemaphore semaphore({.limit = 1});
  const auto permit = semaphore.Acquire(Expired());
  ASSERT_TRUE(permit.ok());
  EXPECT_TRUE(permit.value());
  EXPECT_EQ(semaphore.active(), 1);
}

TEST(BlockingSemaphoreTest, AnExpiredDeadlineIsRefusedWithoutWaiting) {
  BlockingSemaphore semaphore({.limit = 2});
  const auto first = semaphore.Acquire(Deadline::Never());
  const auto second = semaphore.Acquire(Deadline::Never());
  const auto third = semaphore.Acquire(Expired());
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error(),
            (Error{ErrorCode::kLimitReached, "semaphore: none of 2 permits free within 0 ns"}));
  EXPECT_EQ(semaphore.Snapshot().rejections, 1u);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, 2u);
}

TEST(BlockingSemaphoreTest, AWaitThatRunsOutIsRefusedOnceAndLeavesNoWaiter) {
  BlockingSemaphore semaphore({.limit = 1});
  const auto held = semaphore.Acquire(Deadline::Never());
  const auto refused =
      semaphore.Acquire(Deadline::After(SteadyClock().Now(), std::chrono::milliseconds(1)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(semaphore.waiting(), 0);
  EXPECT_EQ(semaphore.Snapshot().rejections, 1u);
}

TEST(BlockingSemaphoreTest, AReleaseWakesAWaiter) {
  BlockingSemaphore semaphore({.limit = 1});
  BlockingPermit held = semaphore.Acquire(Deadline::Never()).value();
  std::atomic<bool> granted{false};
  std::jthread waiter([&] { granted = semaphore.Acquire(Deadline::Never()).ok(); });
  AwaitWaiters(semaphore, 1);
  EXPECT_FALSE(granted);
  held.Release();
  waiter.join();
  EXPECT_TRUE(granted);
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.waiting(), 0);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, 2u);
  EXPECT_EQ(semaphore.Snapshot().rejections, 0u);
}

TEST(BlockingSemaphoreTest, AWaiterWithAFarDeadlineIsWokenToo) {
  BlockingSemaphore semaphore({.limit = 1});
  BlockingPermit held = semaphore.Acquire(Deadline::Never()).value();
  std::atomic<bool> granted{false};
  const Deadline far = Deadline::After(SteadyClock().Now(), std::chrono::hours(1));
  std::jthread waiter([&] { granted = semaphore.Acquire(far).ok(); });
  AwaitWaiters(semaphore, 1);
  held.Release();
  waiter.join();
  EXPECT_TRUE(granted);
}

TEST(BlockingSemaphoreTest, EveryWaiterIsServedWhenPermitsComeBackOneByOne) {
  constexpr int kWaiters = 8;
  BlockingSemaphore semaphore({.limit = 2});
  std::vector<BlockingPermit> held;
  held.push_back(semaphore.Acquire(Deadline::Never()).value());
  held.push_back(semaphore.Acquire(Deadline::Never()).value());
  std::atomic<int> granted{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < kWaiters; ++t) {
    threads.emplace_back([&] {
      if (semaphore.Acquire(Deadline::Never()).ok()) ++granted;
    });
  }
  AwaitWaiters(semaphore, kWaiters);
  held.clear();
  threads.clear();
  EXPECT_EQ(granted, kWaiters);
  EXPECT_EQ(semaphore.active(), 0);
}

// In the next tests a lost wake-up leaves a thread asleep for ever, so that the test
// runs into its timeout.

// One release meets one waiter on its way to sleep, at a different point every time.
TEST(BlockingSemaphoreTest, AReleaseIsSeenAtEveryPointOfTheWayToSleep) {
  constexpr int kRounds = 20'000;
  constexpr int kNoMore = -1;
  BlockingSemaphore semaphore({.limit = 1});
  std::atomic<int> round{0};
  std::atomic<int> served{0};
  std::jthread waiter([&] {
    for (int i = 1; round.load() != kNoMore; ++i) {
      while (round.load() != i && round.load() != kNoMore) std::this_thread::yield();
      served.fetch_add(semaphore.Acquire(Deadline::Never()).ok() ? 1 : 0);
    }
  });
  const Deadline enough = EnoughStress();
  for (int i = 1; i <= kRounds && !enough.Expired(SteadyClock().Now()); ++i) {
    BlockingPermit held = semaphore.Acquire(Deadline::Never()).value();
    round.store(i);
    for (std::atomic<int> step{0}; step.load() < i % 200;) step.fetch_add(1);
    held.Release();
    while (served.load() != i) std::this_thread::yield();
  }
  round.store(kNoMore);
}

// A waiter can be notified and out of time at once; if it left with the notification,
// nobody would tell the other waiter about the permit.
TEST(BlockingSemaphoreTest, AWaiterNotifiedTooLateDoesNotTakeTheWakeUpAlong) {
  for (int i = 0; i < 20; ++i) {
    BlockingSemaphore semaphore({.limit = 1});
    BlockingPermit held = semaphore.Acquire(Deadline::Never()).value();
    const auto soon = Deadline::After(SteadyClock().Now(), std::chrono::milliseconds(1));
    std::jthread first([&] { static_cast<void>(semaphore.Acquire(soon).ok()); });
    while (semaphore.waiting() != 1 && !soon.Expired(SteadyClock().Now())) {
    }
    std::atomic<bool> granted{false};
    std::jthread second([&] { granted = semaphore.Acquire(Deadline::Never()).ok(); });
    while (!soon.Expired(SteadyClock().Now())) {
    }
    held.Release();
    second.join();
    EXPECT_TRUE(granted);
  }
}

TEST(BlockingSemaphoreTest, NoWakeUpIsLostUnderStress) {
  constexpr int kThreads = 6;
  constexpr int kRounds = 4'000;
  BlockingSemaphore semaphore({.limit = 2});
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const auto permit = semaphore.Acquire(Deadline::Never());
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
  EXPECT_EQ(semaphore.waiting(), 0);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, std::uint64_t{kThreads} * kRounds);
}

// Waiters that give up at about the moment of a release must not take the
// notification with them: the one who waits without a deadline would never wake.
TEST(BlockingSemaphoreTest, WaitersThatGiveUpDoNotStealTheWakeUpOfOthers) {
  constexpr int kRounds = 2'000;
  const Deadline enough = EnoughStress();
  BlockingSemaphore semaphore({.limit = 1});
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> refused{0};
  std::vector<std::jthread> impatient;
  for (int t = 0; t < 3; ++t) {
    impatient.emplace_back([&, t] {
      while (!stop) {
        const Duration wait = std::chrono::microseconds(20 * (t + 1));
        if (!semaphore.Acquire(Deadline::After(SteadyClock().Now(), wait)).ok()) ++refused;
      }
    });
  }
  std::vector<std::jthread> patient;
  for (int t = 0; t < 2; ++t) {
    patient.emplace_back([&] {
      for (int i = 0; i < kRounds && !enough.Expired(SteadyClock().Now()); ++i) {
        const auto permit = semaphore.Acquire(Deadline::Never());
        ASSERT_TRUE(permit.ok());
        std::this_thread::yield();
      }
    });
  }
  patient.clear();
  stop = true;
  impatient.clear();
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.waiting(), 0);
  EXPECT_EQ(semaphore.Snapshot().rejections, refused);
}

}  // namespace
}  // namespace assay
