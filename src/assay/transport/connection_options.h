// What every connection obeys, blocking or not.
#ifndef ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_
#define ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_

#include <cstddef>

#include "assay/core/clock.h"

namespace assay {

struct ConnectionOptions {
  // For a whole exchange: connect (where needed), send and receive. > 0.
  // Looking up a host name is not under it: getaddrinfo cannot be interrupted.
  Duration timeout = std::chrono::seconds(30);
  // Status line and header fields together, 64 bytes to 16 MiB. Beyond it: kHeaderTooLarge.
  std::size_t max_header_bytes = 16 * 1024;
  // Body after transfer decoding. Beyond it: kBodyTooLarge.
  std::size_t max_body_bytes = 64 * 1024 * 1024;
};

// std::invalid_argument that names the option, its value and what is accepted.
void Validate(const ConnectionOptions& options);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_
