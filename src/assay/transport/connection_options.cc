#include "assay/transport/connection_options.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

void RequireNotNegative(Duration limit, const char* option) {
  if (limit >= Duration::zero()) return;
  throw std::invalid_argument(std::string(option) + ": " + std::to_string(limit.count()) +
                              " ns is not 0 (no limit) or more");
}

}  // namespace

void Validate(const ConnectionOptions& options) {
  if (options.timeout <= Duration::zero()) {
    throw std::invalid_argument("timeout: " + std::to_string(options.timeout.count()) +
                                " ns is not above 0");
  }
  RequireNotNegative(options.connect_timeout, "connect_timeout");
  RequireNotNegative(options.write_timeout, "write_timeout");
  RequireNotNegative(options.first_byte_timeout, "first_byte_timeout");
  RequireNotNegative(options.idle_timeout, "idle_timeout");
  if (options.max_header_bytes < 64 || options.max_header_bytes > 16 * 1024 * 1024) {
    throw std::invalid_argument("max_header_bytes: " + std::to_string(options.max_header_bytes) +
                                " is not 64 to 16777216");
  }
  Validate(options.tls);
}

}  // namespace assay
