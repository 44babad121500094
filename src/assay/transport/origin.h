// A host and port to connect to, with the addresses that its name stands for.
// Internal to transport and engines: it includes Asio.
#ifndef ASSAY_TRANSPORT_ORIGIN_H_
#define ASSAY_TRANSPORT_ORIGIN_H_

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "assay/core/result.h"

namespace assay {

struct Origin {
  std::string authority;                                  // for messages: "host:port"
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;  // in the resolver's order, never empty
};

// Blocks while the name is looked up. kResolveFailed names the host.
Result<Origin> ResolveOrigin(const std::string& host, std::uint16_t port);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_ORIGIN_H_
