#include "assay/transport/connection_options.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

void RequirePositive(Duration limit, const char* option) {
  if (limit > Duration::zero()) return;
  throw std::invalid_argument(std::string(option) + ": " + std::to_string(limit.count()) +
                              " ns is not above 0");
}

void RequireNotNegative(Duration limit, const char* option) {
  if (limit >= Duration::zero()) return;
  throw std::invalid_argument(std::string(option) + ": " + std::to_string(limit.count()) +
                              " ns is not 0 (no limit) or more");
}

}  // namespace

void Validate(const ConnectionOptions& options) {
  RequirePositive(options.timeout, "timeout");
  RequireNotNegative(options.connect_timeout, "connect_timeout");
  RequireNotNegative(options.write_timeout, "write_timeout");
  RequireNotNegative(options.first_byte_timeout, "first_byte_timeout");
  RequireNotNegative(options.idle_timeout, "idle_timeout");
  RequirePositive(options.expect_timeout, "expect_timeout");
  RequirePositive(options.next_address_after, "next_address_after");
  if (options.max_header_bytes < 64 || options.max_header_bytes > 16 * 1024 * 1024) {
    throw std::invalid_argument("max_header_bytes: " + std::to_string(options.max_header_bytes) +
                                " is not 64 to 16777216");
  }
  if (options.redirects && options.redirects->limit < 0) {
    throw std::invalid_argument("redirects.limit: " + std::to_string(options.redirects->limit) +
                                " is below 0");
  }
  Validate(options.tls);
}

}  // namespace assay
