#include "assay/patterns/semaphore/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "assay/patterns/semaphore/permit.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

std::string Complaint(const SemaphoreOptions& options) {
  return InvalidArgumentOf([&] { Semaphore semaphore(options); });
}

TEST(SemaphoreOptionsTest, AcceptsLimitsFromOneToTwentyBits) {
  EXPECT_EQ(Complaint({.limit = 1}), "");
  EXPECT_EQ(Complaint({.limit = 1048575}), "");
  for (const int limit : {0, -3, 1048576, std::numeric_limits<int>::min()}) {
    const std::string complaint =
        "semaphore limit: " + std::to_string(limit) + " is not within 1 to 1048575";
    EXPECT_EQ(Complaint({.limit = limit}), complaint);
    Semaphore semaphore;
    EXPECT_EQ(InvalidArgumentOf([&] { semaphore.Resize(limit); }), complaint);
    EXPECT_EQ(semaphore.limit(), 100);
  }
}

TEST(SemaphoreOptionsTest, AcceptsAQueueOfAnySizeEvenNone) {
  EXPECT_EQ(Complaint({.queue_limit = 0}), "");
  EXPECT_EQ(Complaint({.queue_limit = 1048575}), "");
  EXPECT_EQ(Complaint({.queue_limit = -1}), "semaphore queue_limit: -1 is not within 0 to 1048575");
  EXPECT_EQ(Complaint({.queue_limit = 1048576}),
            "semaphore queue_limit: 1048576 is not within 0 to 1048575");
}

TEST(SemaphoreOptionsTest, AcceptsAnyTimeToWaitThatIsOne) {
  EXPECT_EQ(Complaint({.queue_timeout = Duration(1)}), "");
  EXPECT_EQ(Complaint({.queue_timeout = Duration::max()}), "");
  EXPECT_EQ(Complaint({.queue_timeout = Duration(0)}),
            "semaphore queue_timeout: 0 ns is not above 0");
  EXPECT_EQ(Complaint({.queue_timeout = Duration(-1)}),
            "semaphore queue_timeout: -1 ns is not above 0");
}

TEST(SemaphoreOptionsTest, HaveDefaults) {
  const Semaphore semaphore;
  EXPECT_EQ(semaphore.limit(), 100);
  EXPECT_EQ(semaphore.queue_limit(), 1000);
  EXPECT_EQ(semaphore.queue_timeout(), std::chrono::seconds(30));
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
  EXPECT_EQ(metrics.rejected, 1u);
}

TEST(SemaphoreTest, AskingWithoutCommitmentCountsNoRefusal) {
  Semaphore semaphore({.limit = 1});
  EXPECT_TRUE(semaphore.TakeIfFree(1));
  EXPECT_FALSE(semaphore.TakeIfFree(1));
  EXPECT_EQ(semaphore.Snapshot().rejected, 0u);
  semaphore.CountRejected();
  EXPECT_EQ(semaphore.Snapshot().rejected, 1u);
}

TEST(SemaphoreTest, GrantsSeveralPermitsAtOnceOrNone) {
  Semaphore semaphore({.limit = 5});
  EXPECT_TRUE(semaphore.TryAcquire(3));
  EXPECT_FALSE(semaphore.TryAcquire(3));
  EXPECT_EQ(semaphore.active(), 3);
  EXPECT_TRUE(semaphore.TryAcquire(2));
  semaphore.Release(4);  // as it suits the holder
  semaphore.Release(1);
  EXPECT_EQ(semaphore.Snapshot(),
            (SemaphoreMetrics{.limit = 5, .peak = 5, .acquisitions = 2, .rejected = 1}));
}

TEST(SemaphoreTest, RefusesNumbersThatAreNone) {
  Semaphore semaphore({.limit = 5});
  for (const int permits :
       {0, -1, 6, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
    EXPECT_FALSE(semaphore.TryAcquire(permits)) << permits;
    EXPECT_FALSE(TryPermit(semaphore, permits)) << permits;
  }
  EXPECT_EQ(semaphore.active(), 0);
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
  EXPECT_EQ(metrics.rejected, refusals.load());
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

TEST(PermitTest, KnowsItsWeight) {
  Semaphore semaphore({.limit = 5});
  EXPECT_EQ(Permit<Semaphore>().permits(), 0);
  Permit first = TryPermit(semaphore, 3);
  EXPECT_EQ(first.permits(), 3);
  Permit second = TryPermit(semaphore, 2);
  second = std::move(first);      // returns 2, holds 3
  EXPECT_EQ(first.permits(), 0);  // NOLINT(bugprone-use-after-move): what this test is about
  EXPECT_EQ(second.permits(), 3);
  EXPECT_EQ(semaphore.active(), 3);
  const Permit third = std::move(second);
  EXPECT_EQ(third.permits(), 3);
  EXPECT_EQ(TryPermit(semaphore, 3).permits(), 0);
}

static_assert(!std::is_copy_constructible_v<Permit<Semaphore>>);

}  // namespace
}  // namespace assay
