// Random operations, each compared with a model that has nothing to do with bits, atomics or lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "assay/patterns/semaphore/semaphore.h"
#include "tests/patterns/semaphore_test_waiter.h"

namespace assay {
namespace {

constexpr int kQueueLimit = 6;

class Model {
 public:
  explicit Model(int limit) { metrics_.limit = limit; }

  bool Try(int permits) {
    const bool free = queue_.empty() && permits <= metrics_.limit - metrics_.active;
    if (free) {
      Grant(permits);
    } else {
      ++metrics_.rejected;
    }
    return free;
  }

  PermitState Enter(int name, int permits) {
    if (permits > metrics_.limit) {
      ++metrics_.rejected;
      return PermitState::kOverLimit;
    }
    if (queue_.empty() && permits <= metrics_.limit - metrics_.active) {
      Grant(permits);
      return PermitState::kGranted;
    }
    if (queue_.size() == kQueueLimit) {
      ++metrics_.rejected;
      return PermitState::kQueueFull;
    }
    queue_.push_back({name, permits});
    return PermitState::kQueued;
  }

  void Release(int permits) {
    metrics_.active -= permits;
    Serve();
  }

  // False when it is not in the queue.
  bool Leave(int name) {
    const auto left = std::erase_if(queue_, [&](const auto& who) { return who.name == name; });
    Serve();
    return left != 0;
  }
  void CountTimeout() { ++metrics_.timeouts; }

  void Resize(int limit) {
    metrics_.limit = limit;
    std::deque<Place> stay;
    for (const Place& place : queue_) {
      if (place.permits <= limit) {
        stay.push_back(place);
      } else {
        ++metrics_.rejected;
        woken_.push_back(place.name);
      }
    }
    queue_ = stay;
    Serve();
  }

  SemaphoreMetrics Snapshot() const {
    SemaphoreMetrics metrics = metrics_;
    metrics.queued = static_cast<int>(queue_.size());
    return metrics;
  }
  const std::vector<int>& woken() const { return woken_; }

 private:
  struct Place {
    int name;
    int permits;
  };

  void Grant(int permits) {
    metrics_.active += permits;
    metrics_.peak = std::max(metrics_.peak, metrics_.active);
    ++metrics_.acquisitions;
  }
  void Serve() {
    while (!queue_.empty() && queue_.front().permits <= metrics_.limit - metrics_.active) {
      Grant(queue_.front().permits);
      woken_.push_back(queue_.front().name);
      queue_.pop_front();
    }
  }

  SemaphoreMetrics metrics_{};
  std::deque<Place> queue_{};
  std::vector<int> woken_{};
};

// The semaphore, its model and those who came to it.
class Comparison {
 public:
  explicit Comparison(unsigned seed) : random_(seed) {}

  void Step() {
    switch (Pick(7)) {
      case 0: return Try(1 + Pick(4));
      case 1:
      case 2: return Enter(1 + Pick(8));
      case 3:
      case 4: return Release();
      case 5: return Leave();
      default: return Pick(4) == 0 ? Resize(1 + Pick(8)) : Release();
    }
  }

  void Finish() {
    while (!present_.empty()) Leave();
    while (held_ > 0) Release();
  }

  void ExpectSame() {
    EXPECT_EQ(woken_, model_.woken());
    EXPECT_EQ(semaphore_.Snapshot(), model_.Snapshot());
  }
  const Semaphore& semaphore() const { return semaphore_; }

 private:
  int Pick(int options) { return std::uniform_int_distribution(0, options - 1)(random_); }

  void Try(int permits) {
    const int before = semaphore_.active();
    const bool granted = semaphore_.TryAcquire(permits);
    EXPECT_EQ(granted, model_.Try(permits));
    if (!granted) return;
    held_ += permits;
    EXPECT_LE(before + permits, semaphore_.limit());
  }

  void Enter(int permits) {
    const int name = static_cast<int>(all_.size());
    all_.emplace_back(name, permits, woken_);
    const PermitState state = semaphore_.Enter(all_.back());
    EXPECT_EQ(state, model_.Enter(name, permits));
    if (state == PermitState::kGranted) held_ += permits;
    if (state == PermitState::kQueued) present_.push_back(name);
  }

  // Any part of what somebody holds.
  void Release() {
    TakeOverGrants();
    if (held_ == 0) return;
    const int permits = 1 + Pick(held_);
    held_ -= permits;
    semaphore_.Release(permits);
    model_.Release(permits);
  }

  // Somebody who has entered the queue expires or goes away, whatever has become of it.
  void Leave() {
    if (present_.empty()) return;
    const auto at = present_.begin() + Pick(static_cast<int>(present_.size()));
    SemaphoreTestWaiter& waiter = all_[static_cast<std::size_t>(*at)];
    const int name = *at;
    present_.erase(at);
    const bool granted = waiter.state() == PermitState::kGranted;
    if (Pick(2) == 0) {
      const bool timed_out = semaphore_.Expire(waiter) == PermitState::kTimedOut;
      EXPECT_EQ(timed_out, model_.Leave(name));
      if (timed_out) model_.CountTimeout();
      if (granted) held_ += waiter.permits();
    } else {
      semaphore_.Abandon(waiter);
      if (granted) model_.Release(waiter.permits());
      model_.Leave(name);
    }
  }

  void Resize(int limit) {
    semaphore_.Resize(limit);
    model_.Resize(limit);
  }

  // Those who go on with what they waited for.
  void TakeOverGrants() {
    std::erase_if(present_, [&](int name) {
      const SemaphoreTestWaiter& waiter = all_[static_cast<std::size_t>(name)];
      if (waiter.state() == PermitState::kGranted) held_ += waiter.permits();
      return waiter.state() != PermitState::kQueued;
    });
  }

  std::mt19937 random_;
  Semaphore semaphore_{{.limit = 5, .queue_limit = kQueueLimit}};
  Model model_{5};
  std::deque<SemaphoreTestWaiter> all_{};
  std::vector<int> woken_{};
  std::vector<int> present_{};  // entered the queue, and neither left nor went on yet
  int held_ = 0;                // of those who went on
};

TEST(SemaphoreModelTest, AgreesWithTheModelAfterEveryOperation) {
  std::uint64_t timeouts = 0;
  std::uint64_t woken = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Comparison comparison(seed);
    for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) {
      comparison.Step();
      comparison.ExpectSame();
    }
    comparison.Finish();
    comparison.ExpectSame();
    const SemaphoreMetrics end = comparison.semaphore().Snapshot();
    EXPECT_EQ(end.active, 0);
    EXPECT_EQ(end.queued, 0);
    timeouts += end.timeouts;
    woken += end.acquisitions;
    if (HasFailure()) return;
  }
  // That is, the operations were about something.
  EXPECT_GT(timeouts, 1'000u);
  EXPECT_GT(woken, 10'000u);
}

}  // namespace
}  // namespace assay
