#include "assay/transport/blocking_pool.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace assay {
namespace {

// Whoever waits for a connection looks up so often, since a condition variable cannot
// wait for a descriptor as well.
constexpr Duration kLookUp = std::chrono::milliseconds(20);

}  // namespace

void BlockingPool::Perform(Transaction& transaction, const PreparedRequest& request,
                           TimePoint started, ConnectionPool::Waiter waiter,
                           const Interrupt& interrupt) {
  using Action = Transaction::Action;
  Action action = transaction.Start(request, started);
  while (action == Action::kAcquire) {
    const auto lease = Acquire(transaction, waiter, interrupt);
    if (!lease) {
      const TimePoint now = SteadyClock().Now();
      const bool cancelled = interrupt.cancel_at().Expired(now);
      action = cancelled ? transaction.Cancel(now) : transaction.Expire(now);
      continue;
    }
    action = lease->connection.Perform(transaction, lease->connected, interrupt, lease->now);
    Release(*lease, transaction.reusable(), transaction.timer().now());
  }
}

// All are held until all are there; else the second would be the first again.
void BlockingPool::WarmUp(Transaction& transaction, const PreparedRequest& request, int count,
                          const Interrupt& interrupt) {
  using Action = Transaction::Action;
  std::vector<Lease> held;
  bool failed = false;
  for (int i = 0; i < count && !failed; ++i) {
    if (transaction.Start(request, SteadyClock().Now()) != Action::kAcquire) break;
    const auto lease = Acquire(transaction, 0, interrupt);
    if (!lease) break;
    held.push_back(*lease);
    lease->connection.Perform(transaction, lease->connected, interrupt, lease->now);
    failed = transaction.error().has_value();
  }
  while (!held.empty()) {
    Release(held.back(), !std::exchange(failed, false), SteadyClock().Now());
    held.pop_back();
  }
}

// Nothing when patience has ended.
std::optional<BlockingPool::Lease> BlockingPool::Acquire(Transaction& transaction,
                                                         ConnectionPool::Waiter waiter,
                                                         const Interrupt& interrupt) {
  if (!transaction.first()) transaction.Queue(SteadyClock().Now());
  TimePoint now = transaction.timer().now();
  std::unique_lock lock(mutex_);
  while (const auto expired = pool_.Expire(now)) connections_[*expired].Close();
  auto lease = pool_.Acquire(transaction.origin().index, waiter, now);
  if (!lease) {
    lease = Wait(lock, transaction, waiter, interrupt);
    if (!lease) return std::nullopt;
    now = SteadyClock().Now();
  }
  while (connections_.size() <= lease->place) connections_.emplace_back(tls_);
  BlockingConnection& connection = connections_[lease->place];
  if (!lease->connected) return Lease{lease->place, connection, false, now};
  lock.unlock();
  if (!transaction.wants_fresh() && !(lease->check && connection.LooksClosed())) {
    return Lease{lease->place, connection, true, now};
  }
  lock.lock();
  pool_.Reopen(lease->place);
  return Lease{lease->place, connection, false, now};
}

std::optional<ConnectionPool::Lease> BlockingPool::Wait(std::unique_lock<std::mutex>& lock,
                                                        const Transaction& transaction,
                                                        ConnectionPool::Waiter waiter,
                                                        const Interrupt& interrupt) {
  Waiting& waiting = waiters_[waiter];
  const SteadyClock clock;
  while (!waiting.lease) {
    const TimePoint now = clock.Now();
    const Deadline end = std::min(transaction.deadline(), interrupt.cancel_at());
    if (end.Expired(now)) {
      pool_.Abandon(waiter);
      return std::nullopt;
    }
    waiting.granted.wait_until(lock, std::min(end, Deadline::After(now, kLookUp)).at());
  }
  return std::exchange(waiting.lease, std::nullopt);
}

void BlockingPool::Release(const Lease& lease, bool reusable, TimePoint now) {
  reusable = reusable && pooling_ == Pooling::kPooled;
  if (!reusable) lease.connection.Close();
  const std::lock_guard lock(mutex_);
  const auto released = pool_.Release(lease.place, reusable, now);
  if (released.close) connections_[*released.close].Close();
  if (!released.grant) return;
  Waiting& waiting = waiters_[released.grant->waiter];
  waiting.lease = released.grant->lease;
  waiting.granted.notify_one();
}

PoolStats BlockingPool::stats() const {
  const std::lock_guard lock(mutex_);
  return pool_.stats();
}

}  // namespace assay
