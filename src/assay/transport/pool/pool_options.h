// How many connections are kept, and for how long. A value.
#ifndef ASSAY_TRANSPORT_POOL_POOL_OPTIONS_H_
#define ASSAY_TRANSPORT_POOL_POOL_OPTIONS_H_

#include <cstdint>
#include <optional>

#include "assay/core/clock.h"

namespace assay {

enum class PoolOrder {
  kLifo,  // the connection used last goes first: few stay warm, the rest expire
  kFifo,  // the connection idle for longest goes first: all stay warm
};

struct PoolOptions {
  int max_connections = 100;            // open at once, to all origins: 1 to 100,000
  std::optional<int> max_per_origin{};  // 1 to max_connections; none: as many
  int max_idle = 20;                    // kept while nobody uses them: 0 to max_connections
  Duration idle_expiry = std::chrono::seconds(30);  // idle so long: closed; above 0
  // Idle so long: looked at before it is used, since the server may have closed it, or said
  // what would be taken for the answer to the next request. A system call; 0 or more.
  Duration check_after = std::chrono::milliseconds(1);
  PoolOrder order = PoolOrder::kLifo;
  std::uint64_t max_requests = 0;  // on one connection, which is closed then; 0: no limit
};

// Since the pool was made.
struct PoolStats {
  std::uint64_t opened = 0;  // leases of a connection to be made
  std::uint64_t reused = 0;  // leases of one that was there
  std::uint64_t waited = 0;  // leases that were not to be had at once
  // Connections closed that could have been used again, by reason.
  std::uint64_t expired = 0;           // idle_expiry
  std::uint64_t over_idle_limit = 0;   // max_idle
  std::uint64_t for_other_origin = 0;  // max_connections
  std::uint64_t worn_out = 0;          // max_requests
  std::uint64_t found_closed = 0;      // check_after: by the server
  int peak_connections = 0;            // leased and idle

  std::uint64_t evicted() const noexcept {
    return expired + over_idle_limit + for_other_origin + worn_out + found_closed;
  }

  friend bool operator==(const PoolStats&, const PoolStats&) = default;
};

// std::invalid_argument that names the option, its value and what is accepted.
void Validate(const PoolOptions& options);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_POOL_POOL_OPTIONS_H_
