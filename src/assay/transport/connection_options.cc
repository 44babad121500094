#include "assay/transport/connection_options.h"

#include <stdexcept>
#include <string>

namespace assay {

void Validate(const ConnectionOptions& options) {
  if (options.timeout <= Duration::zero()) {
    throw std::invalid_argument("timeout: " + std::to_string(options.timeout.count()) +
                                " ns is not above 0");
  }
  if (options.max_header_bytes < 64 || options.max_header_bytes > 16 * 1024 * 1024) {
    throw std::invalid_argument("max_header_bytes: " + std::to_string(options.max_header_bytes) +
                                " is not 64 to 16777216");
  }
}

}  // namespace assay
