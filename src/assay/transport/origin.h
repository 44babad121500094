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
  std::string authority{};                                  // for messages: "host:port"
  std::vector<boost::asio::ip::tcp::endpoint> endpoints{};  // in the order to try, never empty
  std::string host{};                                       // what a certificate has to name
  std::uint16_t port = 80;
  bool tls = false;
  std::size_t index = 0;  // in the OriginTable that it is part of
};

// The order in which to try addresses (RFC 8305 section 4): the families take turns,
// that of the first address comes first, and within a family all stays as it was.
// The resolver sorts by RFC 6724, so where IPv6 works it comes first.
std::vector<boost::asio::ip::tcp::endpoint> InTurns(
    const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);

// Blocks while the name is looked up. kResolveFailed names the host.
Result<Origin> ResolveOrigin(const std::string& host, std::uint16_t port, bool tls = false);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_ORIGIN_H_
