// Those who wait: in which order they are served, and what happens to those behind one who leaves.
#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "assay/patterns/semaphore/semaphore.h"
#include "tests/patterns/semaphore_test_waiter.h"

namespace assay {
namespace {

class SemaphoreQueueTest : public testing::Test {
 protected:
  // The waiters are called 0, 1, 2, … in the order of these calls.
  PermitState Enter(int permits = 1) {
    waiters_.emplace_back(static_cast<int>(waiters_.size()), permits, woken_);
    return semaphore_.Enter(waiters_.back());
  }
  void Fill(int permits) { ASSERT_TRUE(semaphore_.TryAcquire(permits)); }

  using Names = std::vector<int>;

  Semaphore semaphore_{{.limit = 4, .queue_limit = 5}};
  std::deque<SemaphoreTestWaiter> waiters_{};
  Names woken_{};
};

TEST_F(SemaphoreQueueTest, WhoFindsPermitsFreeDoesNotWait) {
  EXPECT_EQ(Enter(4), PermitState::kGranted);
  EXPECT_EQ(woken_, Names{});  // it knows
  EXPECT_EQ(semaphore_.active(), 4);
  EXPECT_EQ(semaphore_.Snapshot().acquisitions, 1u);
  EXPECT_EQ(semaphore_.Snapshot().queued, 0);
}

TEST_F(SemaphoreQueueTest, PermitsAreHandedToThoseWhoWaitInTheirOrder) {
  Fill(4);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Enter(), PermitState::kQueued);
  EXPECT_EQ(semaphore_.Snapshot().queued, 3);
  semaphore_.Release();
  EXPECT_EQ(woken_, (Names{0}));
  EXPECT_EQ(waiters_[0].state(), PermitState::kGranted);
  EXPECT_EQ(waiters_[1].state(), PermitState::kQueued);
  semaphore_.Release(2);
  EXPECT_EQ(woken_, (Names{0, 1, 2}));
  const SemaphoreMetrics metrics = semaphore_.Snapshot();
  EXPECT_EQ(metrics.active, 4);
  EXPECT_EQ(metrics.peak, 4);
  EXPECT_EQ(metrics.queued, 0);
  EXPECT_EQ(metrics.acquisitions, 4u);
}

TEST_F(SemaphoreQueueTest, NobodyOvertakes) {
  Fill(3);
  EXPECT_EQ(Enter(2), PermitState::kQueued);
  EXPECT_FALSE(semaphore_.TryAcquire());  // one is free, but somebody waits
  EXPECT_EQ(semaphore_.Snapshot().rejected, 1u);
  EXPECT_EQ(Enter(1), PermitState::kQueued);
  semaphore_.Release();
  EXPECT_EQ(woken_, (Names{0}));
  semaphore_.Release();
  EXPECT_EQ(woken_, (Names{0, 1}));
  semaphore_.Release();
  EXPECT_TRUE(semaphore_.TryAcquire());  // and the queue is forgotten
}

TEST_F(SemaphoreQueueTest, ALargeHeadIsNotStarvedBySmallOnesThatComeAndGo) {
  Fill(4);
  EXPECT_EQ(Enter(4), PermitState::kQueued);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(woken_, Names{});
    semaphore_.Release();
    EXPECT_EQ(semaphore_.TryAcquire(), false);
  }
  EXPECT_EQ(woken_, (Names{0}));
}

TEST_F(SemaphoreQueueTest, WhenTheHeadLeavesThoseBehindItGetWhatIsFree) {
  for (const bool in_time : {true, false}) {
    woken_.clear();
    waiters_.clear();
    ASSERT_TRUE(semaphore_.TryAcquire(2));
    EXPECT_EQ(Enter(4), PermitState::kQueued);
    EXPECT_EQ(Enter(1), PermitState::kQueued);
    EXPECT_EQ(Enter(1), PermitState::kQueued);
    EXPECT_EQ(Enter(1), PermitState::kQueued);
    if (in_time) {
      EXPECT_EQ(semaphore_.Expire(waiters_[0]), PermitState::kTimedOut);
    } else {
      semaphore_.Abandon(waiters_[0]);
    }
    EXPECT_EQ(woken_, (Names{1, 2}));
    semaphore_.Abandon(waiters_[3]);
    semaphore_.Release(4);
    EXPECT_EQ(semaphore_.active(), 0);
    EXPECT_TRUE(semaphore_.TryAcquire(4));
    semaphore_.Release(4);
  }
}

TEST_F(SemaphoreQueueTest, AnyoneMayLeaveFromAnyPlace) {
  for (const std::size_t leaves : {0, 1, 2}) {
    woken_.clear();
    waiters_.clear();
    Fill(4);
    for (int i = 0; i < 3; ++i) Enter();
    semaphore_.Abandon(waiters_[leaves]);
    EXPECT_EQ(semaphore_.Snapshot().queued, 2);
    semaphore_.Release(4);
    Names others{0, 1, 2};
    std::erase(others, static_cast<int>(leaves));
    EXPECT_EQ(woken_, others);
    EXPECT_EQ(semaphore_.active(), 2);
    semaphore_.Release(2);
  }
}

TEST_F(SemaphoreQueueTest, WhoIsGrantedAsItsTimeEndsKeepsThePermits) {
  Fill(4);
  Enter(3);
  semaphore_.Release(3);
  EXPECT_EQ(semaphore_.Expire(waiters_[0]), PermitState::kGranted);
  EXPECT_EQ(semaphore_.active(), 4);
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 0u);
}

TEST_F(SemaphoreQueueTest, WhoIsGrantedAsItIsCancelledGivesThePermitsToTheNext) {
  Fill(4);
  Enter(3);
  Enter(2);
  Enter(1);
  semaphore_.Release(3);
  EXPECT_EQ(woken_, (Names{0}));
  semaphore_.Abandon(waiters_[0]);
  EXPECT_EQ(woken_, (Names{0, 1, 2}));
  EXPECT_EQ(semaphore_.active(), 4);
}

TEST_F(SemaphoreQueueTest, TimeoutsAndRejectionsAreCountedApart) {
  Fill(4);
  Enter();
  Enter();
  semaphore_.Expire(waiters_[1]);
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 1u);
  semaphore_.Abandon(waiters_[0]);  // neither
  EXPECT_FALSE(semaphore_.TryAcquire());
  const SemaphoreMetrics metrics = semaphore_.Snapshot();
  EXPECT_EQ(metrics.timeouts, 1u);
  EXPECT_EQ(metrics.rejected, 1u);
  EXPECT_EQ(metrics.queued, 0);
  EXPECT_EQ(metrics.acquisitions, 1u);
}

TEST_F(SemaphoreQueueTest, AFullQueueRefuses) {
  Fill(4);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(semaphore_.QueueFull());
    EXPECT_EQ(Enter(), PermitState::kQueued);
  }
  EXPECT_TRUE(semaphore_.QueueFull());
  EXPECT_EQ(Enter(), PermitState::kQueueFull);
  EXPECT_EQ(semaphore_.Snapshot().rejected, 1u);
  EXPECT_EQ(semaphore_.Snapshot().queued, 5);
  semaphore_.Abandon(waiters_[2]);
  EXPECT_EQ(Enter(), PermitState::kQueued);
}

TEST_F(SemaphoreQueueTest, WithoutAQueueNobodyWaitsAndFreePermitsAreGranted) {
  Semaphore none({.limit = 1, .queue_limit = 0});
  SemaphoreTestWaiter first(0, 1, woken_);
  SemaphoreTestWaiter second(1, 1, woken_);
  EXPECT_EQ(none.Enter(first), PermitState::kGranted);
  EXPECT_EQ(none.Enter(second), PermitState::kQueueFull);
  none.Release();
  EXPECT_EQ(woken_, Names{});
  EXPECT_TRUE(none.TryAcquire());
}

TEST_F(SemaphoreQueueTest, MoreThanTheLimitIsRefusedAtOnce) {
  for (const int permits : {5, 0, -1}) {
    EXPECT_EQ(Enter(permits), PermitState::kOverLimit);
    EXPECT_FALSE(semaphore_.TryAcquire(permits));
  }
  EXPECT_EQ(semaphore_.Snapshot(), (SemaphoreMetrics{.limit = 4, .rejected = 6}));
}

TEST_F(SemaphoreQueueTest, ALargerLimitServesThoseWhoWait) {
  Fill(4);
  Enter(2);
  Enter(1);
  semaphore_.Resize(5);
  EXPECT_EQ(woken_, Names{});  // one is free, the head wants two
  semaphore_.Resize(7);
  EXPECT_EQ(woken_, (Names{0, 1}));
  EXPECT_EQ(semaphore_.Snapshot(),
            (SemaphoreMetrics{.limit = 7, .active = 7, .peak = 7, .acquisitions = 3}));
}

TEST_F(SemaphoreQueueTest, ASmallerLimitIsADebtThatReleasesPay) {
  Fill(4);
  semaphore_.Resize(1);
  EXPECT_EQ(semaphore_.limit(), 1);
  EXPECT_EQ(Enter(1), PermitState::kQueued);
  for (int active = 4; active > 1; --active) {
    EXPECT_EQ(semaphore_.active(), active);
    EXPECT_EQ(woken_, Names{});
    semaphore_.Release();
  }
  EXPECT_EQ(woken_, Names{});
  semaphore_.Release();
  EXPECT_EQ(woken_, (Names{0}));
  EXPECT_EQ(semaphore_.Snapshot(),
            (SemaphoreMetrics{.limit = 1, .active = 1, .peak = 4, .acquisitions = 2}));
}

TEST_F(SemaphoreQueueTest, ASmallerLimitRefusesThoseWhoCouldNeverBeServed) {
  Fill(4);
  for (const int permits : {3, 2, 4, 1}) Enter(permits);
  semaphore_.Resize(2);
  EXPECT_EQ(woken_, (Names{0, 2}));
  EXPECT_EQ(waiters_[0].state(), PermitState::kOverLimit);
  EXPECT_EQ(waiters_[2].state(), PermitState::kOverLimit);
  EXPECT_EQ(semaphore_.Expire(waiters_[2]), PermitState::kOverLimit);
  semaphore_.Abandon(waiters_[0]);  // without effect
  EXPECT_EQ(
      semaphore_.Snapshot(),
      (SemaphoreMetrics{
          .limit = 2, .active = 4, .peak = 4, .queued = 2, .acquisitions = 1, .rejected = 2}));
  semaphore_.Release(4);
  EXPECT_EQ(woken_, (Names{0, 2, 1}));
  semaphore_.Release(2);
  EXPECT_EQ(woken_, (Names{0, 2, 1, 3}));
}

TEST_F(SemaphoreQueueTest, WhenASmallerLimitRefusesTheLastOfTheQueueItIsForgotten) {
  Fill(3);
  Enter(4);
  semaphore_.Resize(3);
  EXPECT_EQ(woken_, (Names{0}));
  semaphore_.Release();
  EXPECT_TRUE(semaphore_.TryAcquire());
}

TEST_F(SemaphoreQueueTest, TheLargestDebtCanBeTakenAndPaid) {
  Semaphore largest({.limit = kMostPermits});
  EXPECT_TRUE(largest.TryAcquire(kMostPermits));
  largest.Resize(1);
  EXPECT_FALSE(largest.TryAcquire());
  EXPECT_EQ(largest.Snapshot().active, kMostPermits);
  EXPECT_EQ(largest.Snapshot().acquisitions, 1u);
  largest.Release(kMostPermits - 1);
  EXPECT_FALSE(largest.TryAcquire());
  largest.Release();
  EXPECT_TRUE(largest.TryAcquire());
  largest.Resize(kMostPermits);
  EXPECT_EQ(largest.active(), 1);
  EXPECT_TRUE(largest.TryAcquire(kMostPermits - 1));
  EXPECT_FALSE(largest.TryAcquire());
}

}  // namespace
}  // namespace assay
