// The connections of one event loop.
//
// `Connection` is made from a Context& and a TlsContext&, and has Close(), fd() and
// secure(). All calls come from the loop's thread; there is no lock. Internal to engines:
// it includes OpenSSL.
#ifndef ASSAY_ENGINES_LOOP_POOL_H_
#define ASSAY_ENGINES_LOOP_POOL_H_

#include <deque>
#include <optional>

#include "assay/engines/engine.h"
#include "assay/transport/pool/connection_pool.h"
#include "assay/transport/tcp_socket.h"
#include "assay/transport/tls/tls_session.h"

namespace assay {

template <class Connection>
class LoopPool {
 public:
  using Context = typename Connection::Context;
  using Place = ConnectionPool::Place;
  using Waiter = ConnectionPool::Waiter;

  struct Lease {
    Place place;
    Connection* connection;
    bool connected;  // else close what is there, and connect
  };
  struct Grant {
    Waiter waiter;
    Lease lease;
  };

  // `context` and `tls` outlive the pool. `options` are resolved.
  LoopPool(Context& context, TlsContext& tls, const EngineOptions& options)
      : context_(context), tls_(tls), pooling_(options.pooling), pool_(*options.pool) {}

  // Nothing: `waiter` is in the queue and will be granted one.
  std::optional<Lease> Acquire(std::size_t origin, Waiter waiter, TimePoint now) {
    Expire(now);
    const auto lease = pool_.Acquire(origin, waiter, now);
    if (!lease) return std::nullopt;
    return Take(*lease);
  }

  // The connection that stands is not wanted, but a new one in its place.
  void Reopen(Lease& lease) {
    pool_.Reopen(lease.place);
    lease.connected = false;
  }

  void Abandon(Waiter waiter) { pool_.Abandon(waiter); }

  void Release(const Lease& lease, bool reusable, TimePoint now) {
    reusable = reusable && pooling_ == Pooling::kPooled;
    if (!reusable) lease.connection->Close();
    const auto released = pool_.Release(lease.place, reusable, now);
    if (released.close) connections_[*released.close].Close();
    if (released.grant) granted_.push_back(*released.grant);
  }

  // The next who has waited and may go on.
  std::optional<Grant> NextGrant() {
    if (granted_.empty()) return std::nullopt;
    const ConnectionPool::Grant grant = granted_.front();
    granted_.pop_front();
    return Grant{grant.waiter, Take(grant.lease)};
  }

  const PoolStats& stats() const noexcept { return pool_.stats(); }

 private:
  Lease Take(const ConnectionPool::Lease& lease) {
    while (connections_.size() <= lease.place) connections_.emplace_back(context_, tls_);
    Connection& connection = connections_[lease.place];
    Lease taken{lease.place, &connection, lease.connected};
    if (lease.check && LooksClosed(connection.fd(), connection.secure())) Reopen(taken);
    return taken;
  }

  void Expire(TimePoint now) {
    while (const auto expired = pool_.Expire(now)) connections_[*expired].Close();
  }

  Context& context_;
  TlsContext& tls_;
  Pooling pooling_;
  ConnectionPool pool_;
  std::deque<Connection> connections_;  // by place
  std::deque<ConnectionPool::Grant> granted_;
};

}  // namespace assay

#endif  // ASSAY_ENGINES_LOOP_POOL_H_
