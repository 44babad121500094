// The pool against a plain model, over many random histories.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "assay/transport/pool/connection_pool.h"

namespace assay {
namespace {

using Place = ConnectionPool::Place;
using Lease = ConnectionPool::Lease;

// What an owner of sockets would see.
class Owner {
 public:
  Owner(const PoolOptions& options, unsigned seed)
      : options_(options), pool_(options), random_(seed) {}

  void Step() {
    now_ += Duration(random_() % 4);
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2: return Ask();
      case 3: return GiveUp();
      case 4:
        while (const auto place = pool_.Expire(now_)) Close(*place);
        return;
      default: return GiveBack();
    }
  }

  // Nobody waits who could be served, and no limit is passed.
  void Check() const {
    std::map<std::size_t, int> open;
    for (const auto& [place, socket] : sockets_) ++open[socket.origin];
    int idle = 0;
    for (const auto& [place, socket] : sockets_) idle += socket.leased ? 0 : 1;
    EXPECT_LE(static_cast<int>(sockets_.size()), options_.max_connections);
    EXPECT_LE(idle, options_.max_idle);
    for (const auto& [origin, count] : open) EXPECT_LE(count, *options_.max_per_origin);
    const bool room = idle > 0 || static_cast<int>(sockets_.size()) < options_.max_connections;
    for (const auto& [waiter, origin] : waiting_) {
      EXPECT_TRUE(!room || open[origin] == *options_.max_per_origin);
      for (const auto& [place, socket] : sockets_) {
        EXPECT_TRUE(socket.leased || socket.origin != origin);
      }
    }
    const PoolStats& stats = pool_.stats();
    EXPECT_EQ(stats.opened + stats.reused, leases_);
    EXPECT_EQ(stats.opened, sockets_.size() + closed_);
    EXPECT_EQ(stats.waited, waited_);
    EXPECT_EQ(stats.peak_connections, peak_);
    EXPECT_LE(stats.evicted(), closed_);
  }

 private:
  struct Socket {
    std::size_t origin;
    bool leased;
    TimePoint idle_since{};
  };

  void Ask() {
    const auto waiter = static_cast<ConnectionPool::Waiter>(random_() % 12);
    if (waiting_.contains(waiter)) return;
    const std::size_t origin = random_() % 4;
    if (const auto lease = pool_.Acquire(origin, waiter, now_)) return Begin(*lease, origin);
    waiting_[waiter] = origin;
    ++waited_;
  }

  void GiveUp() {
    const auto waiter = static_cast<ConnectionPool::Waiter>(random_() % 12);
    EXPECT_EQ(pool_.Abandon(waiter), waiting_.erase(waiter) == 1);
  }

  void GiveBack() {
    std::vector<Place> leased;
    for (const auto& [place, socket] : sockets_) {
      if (socket.leased) leased.push_back(place);
    }
    if (leased.empty()) return;
    const Place place = leased[random_() % leased.size()];
    const auto released = pool_.Release(place, random_() % 4 != 0, now_);
    sockets_.at(place).leased = false;
    sockets_.at(place).idle_since = now_;
    if (released.close) Close(*released.close);
    if (released.grant) {
      const std::size_t origin = waiting_.at(released.grant->waiter);
      waiting_.erase(released.grant->waiter);
      Begin(released.grant->lease, origin);
    }
  }

  void Close(Place place) {
    ASSERT_TRUE(sockets_.contains(place));
    EXPECT_FALSE(sockets_.at(place).leased);
    sockets_.erase(place);
    ++closed_;
  }

  void Begin(const Lease& lease, std::size_t origin) {
    ++leases_;
    EXPECT_LT(lease.place, static_cast<Place>(options_.max_connections));
    const auto found = sockets_.find(lease.place);
    if (lease.connected) {
      ASSERT_NE(found, sockets_.end());
      EXPECT_EQ(found->second.origin, origin);
      EXPECT_FALSE(found->second.leased);
      EXPECT_LT(now_ - found->second.idle_since, options_.idle_expiry);
      EXPECT_EQ(lease.check, now_ - found->second.idle_since >= options_.check_after);
    } else if (found != sockets_.end()) {
      EXPECT_FALSE(found->second.leased);
      Close(lease.place);
    }
    sockets_[lease.place] = {.origin = origin, .leased = true};
    peak_ = std::max(peak_, static_cast<int>(sockets_.size()));
    if (lease.check && random_() % 2 == 0) {
      pool_.Reopen(lease.place);
      ++closed_;
    }
  }

  PoolOptions options_;
  ConnectionPool pool_;
  std::mt19937 random_;
  TimePoint now_{};
  std::map<Place, Socket> sockets_;
  std::map<ConnectionPool::Waiter, std::size_t> waiting_;
  std::uint64_t leases_ = 0, closed_ = 0, waited_ = 0;
  int peak_ = 0;
};

TEST(ConnectionPoolProperty, KeepsItsLimitsAndItsPromises) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const int most = 1 + static_cast<int>(seed % 7);
    Owner owner({.max_connections = most,
                 .max_per_origin = 1 + static_cast<int>(seed / 7) % most,
                 .max_idle = static_cast<int>(seed / 3) % (most + 1),
                 .idle_expiry = Duration(1 + seed % 30),
                 .check_after = Duration(seed % 11),
                 .order = seed % 2 == 0 ? PoolOrder::kLifo : PoolOrder::kFifo,
                 .max_requests = seed % 5},
                seed);
    for (int step = 0; step < 300 && !testing::Test::HasFailure(); ++step) {
      owner.Step();
      owner.Check();
    }
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace assay
