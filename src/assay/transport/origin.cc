#include "assay/transport/origin.h"

#include <boost/asio/io_context.hpp>

namespace assay {

Result<Origin> ResolveOrigin(const std::string& host, std::uint16_t port) {
  using boost::asio::ip::tcp;
  const std::string service = std::to_string(port);
  Origin origin{host + ":" + service, {}};

  boost::system::error_code ec;
  boost::asio::io_context context;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, service, tcp::resolver::numeric_service, ec);
  if (ec || found.empty()) {
    return Error{ErrorCode::kResolveFailed, "resolve '" + host + "': " + ec.message()};
  }
  for (const auto& entry : found) origin.endpoints.push_back(entry.endpoint());
  return origin;
}

}  // namespace assay
