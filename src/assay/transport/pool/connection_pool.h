// Which connection a request gets, and what becomes of it afterwards: the decision, without any
// socket, clock or thread.
//
// A pool has places. Whoever leases a place connects there, if nothing is connected, and gives it
// back; what stands in a place between two leases is idle. The pool decides by the limits of
// PoolOptions; its owner, who keeps the sockets by their places, opens and closes as it is told.
// Nobody waits in here: who finds no place is put in a queue, and gets the next one that suits
// from the Release() of another, the first first.
//
// Constant time for each call, but that a waiter whose origin is at its limit is passed over one
// by one. Allocates only for more places, origins or waiters than ever before. Not thread-safe.
#ifndef ASSAY_TRANSPORT_POOL_CONNECTION_POOL_H_
#define ASSAY_TRANSPORT_POOL_CONNECTION_POOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "assay/core/clock.h"
#include "assay/transport/pool/index_list.h"
#include "assay/transport/pool/pool_options.h"

namespace assay {

class ConnectionPool {
 public:
  using Place = std::uint32_t;   // 0 to max_connections - 1
  using Waiter = std::uint32_t;  // the owner's number for whoever asks; waits at most once

  struct Lease {
    Place place = 0;
    bool connected = false;  // false: close what is there, if anything, and connect to the origin
    bool check = false;      // look whether it is still open; if it is not, Reopen()

    friend bool operator==(const Lease&, const Lease&) = default;
  };
  struct Grant {
    Waiter waiter = 0;
    Lease lease{};

    friend bool operator==(const Grant&, const Grant&) = default;
  };
  struct Released {
    std::optional<Place> close{};  // the connection in this place, not always the one given back
    std::optional<Grant> grant{};  // for one who waited

    friend bool operator==(const Released&, const Released&) = default;
  };

  // Throws like Validate().
  explicit ConnectionPool(const PoolOptions& options);

  // A connection to `origin`, a small number that stands for a host and port. Nothing: `waiter`
  // is now in the queue.
  std::optional<Lease> Acquire(std::size_t origin, Waiter waiter, TimePoint now);

  // Out of the queue. False if it is not in it, for instance because it has been granted a lease.
  bool Abandon(Waiter waiter);

  // Ends the lease of `place`. Not `reusable` if the connection has failed, or may not be used
  // again; the answer then says to close it unless somebody else gets the place.
  Released Release(Place place, bool reusable, TimePoint now);

  // A connection that a lease said to check was closed: it will be connected anew instead.
  void Reopen(Place place);

  // A place whose connection has been idle for too long: to be closed. Call it until there is
  // none; when does not matter, since an expired connection is never leased.
  std::optional<Place> Expire(TimePoint now);

  const PoolStats& stats() const noexcept { return stats_; }

 private:
  struct Connection {
    std::size_t origin = 0;
    std::uint64_t requests = 0;
    TimePoint idle_since{};
  };
  struct Origin {
    int connections = 0;  // leased and idle
    IndexList idle{};     // the longest idle first
  };

  Lease LeaseIdle(std::size_t origin, TimePoint now);
  Lease LeaseNew(std::size_t origin);
  Lease Begin(Place place, std::size_t origin);
  std::optional<Grant> GrantTo(Place place, bool reusable);
  void Leave(Place place);
  void Unidle(Place place);
  bool Expired(Place place, TimePoint now) const;
  bool HasRoom(std::size_t origin) const;

  PoolOptions options_;
  int max_per_origin_;
  std::vector<Connection> connections_;  // by place
  std::vector<Origin> origins_;
  std::vector<Place> free_;  // places that nothing is connected in
  int idle_count_ = 0;
  IndexList idle_{};  // of all origins, the longest idle first
  IndexLinks idle_links_, origin_idle_links_;

  struct Waiting {
    std::size_t origin = 0;
    bool queued = false;
  };
  std::vector<Waiting> waiting_;  // by waiter
  IndexList queue_{};
  IndexLinks queue_links_;
  PoolStats stats_{};
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_POOL_CONNECTION_POOL_H_
