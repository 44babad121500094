#include "assay/transport/pool/pool_options.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

constexpr int kMostConnections = 100'000;

void RequireBetween(const std::string& option, int value, int lowest, int highest) {
  if (value >= lowest && value <= highest) return;
  throw std::invalid_argument("pool: " + option + " " + std::to_string(value) + " is not " +
                              std::to_string(lowest) + " to " + std::to_string(highest));
}

}  // namespace

void Validate(const PoolOptions& options) {
  RequireBetween("max_connections", options.max_connections, 1, kMostConnections);
  if (options.max_per_origin) {
    RequireBetween("max_per_origin", *options.max_per_origin, 1, options.max_connections);
  }
  RequireBetween("max_idle", options.max_idle, 0, options.max_connections);
  if (options.idle_expiry <= Duration::zero()) {
    throw std::invalid_argument("pool: idle_expiry " + std::to_string(options.idle_expiry.count()) +
                                " ns is not above 0");
  }
  if (options.check_after < Duration::zero()) {
    throw std::invalid_argument("pool: check_after " + std::to_string(options.check_after.count()) +
                                " ns is below 0");
  }
}

}  // namespace assay
