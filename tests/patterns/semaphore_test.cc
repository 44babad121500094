#include "assay/patterns/semaphore/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "assay/patterns/semaphore/permit.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

std::string Complaint(int limit) {
  return InvalidArgumentOf([limit] { Semaphore semaphore({.limit = limit}); });
}

TEST(SemaphoreTest, AcceptsLimitsFromOneToTwentyBits) {
  EXPECT_EQ(Complaint(1), "");
  EXPECT_EQ(Complaint(1048575), "");
  EXPECT_EQ(Complaint(0), "semaphore limit: 0 is not at least 1");
  EXPECT_EQ(Complaint(-3), "semaphore limit: -3 is not at least 1");
  EXPECT_EQ(Complaint(1048576), "semaphore limit: 1048576 is not at most 1048575");
}

TEST(SemaphoreTest, TheDefaultLimitIsAHundred) {
  EXPECT_EQ(Semaphore().limit(), 100);
  EXPECT_EQ(Semaphore({.limit = 7}).limit(), 7);
}

TEST(SemaphoreTest, GrantsExactlyAsManyPermitsAsTheLimit) {
  Semaphore semaphore({.limit = 2});
  EXPECT_TRUE(semaphore.TryAcquire());
  EXPECT_TRUE(semaphore.TryAcquire());
  EXPECT_FALSE(semaphore.TryAcquire());
  semaphore.Release();
  EXPECT_TRUE(semaphore.TryAcquire());
}

TEST(SemaphoreTest, MetricsCountGrantsRefusalsAndThePeak) {
  Semaphore semaphore({.limit = 2});
  EXPECT_TRUE(semaphore.TryAcquire());
  EXPECT_TRUE(semaphore.TryAcquire());
  EXPECT_FALSE(semaphore.TryAcquire());
  semaphore.Release();
  const SemaphoreMetrics metrics = semaphore.Snapshot();
  EXPECT_EQ(metrics.active, 1);
  EXPECT_EQ(metrics.peak, 2);
  EXPECT_EQ(metrics.acquisitions, 2u);
  EXPECT_EQ(metrics.rejections, 1u);
}

TEST(SemaphoreTest, AskingWithoutCommitmentCountsNoRefusal) {
  Semaphore semaphore({.limit = 1});
  EXPECT_TRUE(semaphore.TakeIfFree());
  EXPECT_FALSE(semaphore.TakeIfFree());
  EXPECT_EQ(semaphore.Snapshot().rejections, 0u);
  semaphore.CountRejection();
  EXPECT_EQ(semaphore.Snapshot().rejections, 1u);
}

TEST(SemaphoreTest, TheLargestLimitCanBeFilledToTheLastPermit) {
  Semaphore semaphore({.limit = 1048575});
  for (int i = 0; i < 1048575; ++i) ASSERT_TRUE(semaphore.TryAcquire());
  EXPECT_FALSE(semaphore.TryAcquire());
  EXPECT_EQ(semaphore.active(), 1048575);
  EXPECT_EQ(semaphore.Snapshot().acquisitions, 1048575u);
}

class SemaphoreStressTest : public testing::TestWithParam<int> {};

TEST_P(SemaphoreStressTest, NeverExceedsTheLimitUnderEightThreads) {
  const int limit = GetParam();
  Semaphore semaphore({.limit = limit});
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<std::uint64_t> grants{0};
  std::atomic<std::uint64_t> refusals{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50'000; ++i) {
        if (!semaphore.TryAcquire()) {
          refusals.fetch_add(1);
          continue;
        }
        const int now = inside.fetch_add(1) + 1;
        int seen = most.load();
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        if (i % 256 == 0) std::this_thread::yield();  // so that others meet a full semaphore
        inside.fetch_sub(1);
        semaphore.Release();
        grants.fetch_add(1);
      }
    });
  }
  threads.clear();
  EXPECT_LE(most.load(), limit);
  const SemaphoreMetrics metrics = semaphore.Snapshot();
  EXPECT_EQ(metrics.active, 0);
  EXPECT_LE(metrics.peak, limit);
  EXPECT_GE(metrics.peak, most.load());
  EXPECT_EQ(metrics.acquisitions, grants.load());
  EXPECT_EQ(metrics.rejections, refusals.load());
}

// 1 shows two threads in the same nanosecond, 3 threads that sleep with a permit.
INSTANTIATE_TEST_SUITE_P(Limits, SemaphoreStressTest, testing::Values(1, 3));

TEST(PermitTest, GoesBackAtTheEndOfItsScope) {
  Semaphore semaphore({.limit = 1});
  {
    const Permit permit = TryPermit(semaphore);
    EXPECT_TRUE(permit);
    EXPECT_FALSE(TryPermit(semaphore));
  }
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_TRUE(TryPermit(semaphore));
}

TEST(PermitTest, AMovedFromPermitHoldsNothing) {
  Semaphore semaphore({.limit = 1});
  Permit first = TryPermit(semaphore);
  const Permit second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): what this test is about
  EXPECT_TRUE(second);
  EXPECT_EQ(semaphore.active(), 1);
  first.Release();
  EXPECT_EQ(semaphore.active(), 1);
}

TEST(PermitTest, AssignmentReturnsThePermitThatWasHeldBefore) {
  Semaphore old_one({.limit = 1});
  Semaphore new_one({.limit = 1});
  Permit permit = TryPermit(old_one);
  permit = TryPermit(new_one);
  EXPECT_EQ(old_one.active(), 0);
  EXPECT_EQ(new_one.active(), 1);
}

TEST(PermitTest, SelfAssignmentKeepsThePermit) {
  Semaphore semaphore({.limit = 1});
  Permit permit = TryPermit(semaphore);
  auto& same = permit;  // by another name, or the compiler warns
  permit = std::move(same);
  EXPECT_TRUE(permit);
  EXPECT_EQ(semaphore.active(), 1);
}

TEST(PermitTest, EarlyReleaseHappensOnce) {
  Semaphore semaphore({.limit = 2});
  const Permit other = TryPermit(semaphore);
  {
    Permit permit = TryPermit(semaphore);
    permit.Release();
    EXPECT_FALSE(permit);
    EXPECT_EQ(semaphore.active(), 1);
  }
  EXPECT_EQ(semaphore.active(), 1);
}

}  // namespace
}  // namespace assay
