// What every connection obeys, blocking or not.
#ifndef ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_
#define ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_

#include <cstddef>
#include <optional>

#include "assay/core/clock.h"
#include "assay/http/redirect.h"
#include "assay/transport/tls/tls_options.h"

namespace assay {

struct ConnectionOptions {
  // For a whole exchange: connect (where needed), send and receive. > 0.
  // Looking up a host name is not under it: getaddrinfo cannot be interrupted.
  Duration timeout = std::chrono::seconds(30);
  // Limits for parts of it, each 0 (none) or more: until the connection stands, all
  // addresses and the TLS handshake included; until the operating system has taken
  // the request; from there to the first byte of the response; between any two reads
  // of bytes after that.
  Duration connect_timeout{0};
  Duration write_timeout{0};
  Duration first_byte_timeout{0};
  Duration idle_timeout{0};
  // With Request::expect_continue: so long "100 Continue" is waited for; then the body is sent
  // all the same (RFC 9110 section 10.1.1). > 0.
  Duration expect_timeout = std::chrono::seconds(1);
  // An address has so long to answer before the next one of the same name is tried
  // (RFC 8305 section 5); the last one has what is left of the limits above. > 0.
  Duration next_address_after = std::chrono::milliseconds(250);
  // Status line and header fields together, 64 bytes to 16 MiB. Beyond it: kHeaderTooLarge.
  std::size_t max_header_bytes = 16 * 1024;
  // Body after decoding. Beyond it: kBodyTooLarge. A BodyTarget has no limit.
  std::size_t max_body_bytes = 64 * 1024 * 1024;
  // Asks for "Accept-Encoding: gzip, deflate" and undoes what the server has done.
  bool decode = false;
  // Redirects are followed, so many in a row; `timeout` is for all together. None: the
  // redirect is the response. A new host's name is looked up where it turns up, which
  // keeps other requests on the same thread waiting.
  std::optional<RedirectOptions> redirects{};
  TlsOptions tls{};  // for https
};

// std::invalid_argument that names the option, its value and what is accepted.
void Validate(const ConnectionOptions& options);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_CONNECTION_OPTIONS_H_
