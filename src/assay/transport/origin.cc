#include "assay/transport/origin.h"

#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace assay {

std::vector<boost::asio::ip::tcp::endpoint> InTurns(
    const std::vector<boost::asio::ip::tcp::endpoint>& endpoints) {
  std::vector<boost::asio::ip::tcp::endpoint> ordered, others;
  for (const auto& endpoint : endpoints) {
    const bool first_family = endpoint.protocol() == endpoints.front().protocol();
    (first_family ? ordered : others).push_back(endpoint);
  }
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto turn = static_cast<std::ptrdiff_t>(std::min(2 * i + 1, ordered.size()));
    ordered.insert(ordered.begin() + turn, others[i]);
  }
  return ordered;
}

// getaddrinfo() rather than Asio's resolver, which wants an event loop and throws
// when there is no descriptor left for one.
Result<Origin> ResolveOrigin(const std::string& host, std::uint16_t port, bool tls) {
  const std::string service = std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failure = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &found);
      failure != 0) {
    return Error{ErrorCode::kResolveFailed, "resolve '" + host + "': " + ::gai_strerror(failure)};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    endpoint.resize(entry->ai_addrlen);
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoints.push_back(endpoint);
  }
  return Origin{.authority = host + ":" + service,
                .endpoints = InTurns(endpoints),
                .host = host,
                .port = port,
                .tls = tls};
}

}  // namespace assay
