#include "assay/transport/origin.h"

#include <netdb.h>

#include <cstring>
#include <memory>

namespace assay {

// getaddrinfo() rather than Asio's resolver, which wants an event loop and throws
// when there is no descriptor left for one.
Result<Origin> ResolveOrigin(const std::string& host, std::uint16_t port) {
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
  Origin origin{host + ":" + service, {}};
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    endpoint.resize(entry->ai_addrlen);
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    origin.endpoints.push_back(endpoint);
  }
  return origin;
}

}  // namespace assay
