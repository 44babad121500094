// Connections that several threads share, each of which waits for what it does.
//
// Thread-safe, but for construction and destruction; one lock is held while a connection
// is chosen, and never while anything is sent or received. Internal to transport and
// engines: it includes Asio and OpenSSL.
#ifndef ASSAY_TRANSPORT_BLOCKING_POOL_H_
#define ASSAY_TRANSPORT_BLOCKING_POOL_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "assay/transport/blocking_connection.h"
#include "assay/transport/pool/connection_pool.h"
#include "assay/transport/pooling.h"

namespace assay {

class BlockingPool {
 public:
  // For the waiters 0 to `waiters` - 1. `tls` outlives the pool.
  BlockingPool(const PoolOptions& options, Pooling pooling, TlsContext& tls, std::size_t waiters)
      : pool_(options), pooling_(pooling), tls_(tls), waiters_(waiters) {}

  // Carries `request` from `started` to its result, which `transaction` has then.
  // `waiter` is a number that no other thread uses at the same time.
  void Perform(Transaction& transaction, const PreparedRequest& request, TimePoint started,
               ConnectionPool::Waiter waiter, const Interrupt& interrupt);

  // Opens up to `count` connections, one after the other, for `request`, which is
  // ConnectOnly(). To be called while nobody else uses the pool.
  void WarmUp(Transaction& transaction, const PreparedRequest& request, int count,
              const Interrupt& interrupt);

  PoolStats stats() const;

 private:
  struct Lease {
    ConnectionPool::Place place;
    BlockingConnection& connection;
    bool connected;
    TimePoint now;
  };
  struct Waiting {
    std::condition_variable granted{};
    std::optional<ConnectionPool::Lease> lease{};
  };

  std::optional<Lease> Acquire(Transaction& transaction, ConnectionPool::Waiter waiter,
                               const Interrupt& interrupt);
  std::optional<ConnectionPool::Lease> Wait(std::unique_lock<std::mutex>& lock,
                                            const Transaction& transaction,
                                            ConnectionPool::Waiter waiter,
                                            const Interrupt& interrupt);
  void Release(const Lease& lease, bool reusable, TimePoint now);

  mutable std::mutex mutex_;
  ConnectionPool pool_;
  Pooling pooling_;
  TlsContext& tls_;
  std::deque<BlockingConnection> connections_;  // by place
  std::deque<Waiting> waiters_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_BLOCKING_POOL_H_
