#include "assay/transport/client.h"

#include "assay/transport/blocking_connection.h"
#include "assay/transport/request_text.h"

namespace assay {

struct Client::Link {
  Link(Pooling how, const ConnectionOptions& limits)
      : pooling(how), options(limits), connection(context, limits) {}

  Pooling pooling;
  ConnectionOptions options;
  BlockingContext context;
  BlockingConnection connection;
  std::string host;  // where `connection` leads
  std::uint16_t port = 0;
};

Client::Client(Pooling pooling, const ConnectionOptions& options) {
  Validate(options);
  link_ = std::make_unique<Link>(pooling, options);
}

Client::~Client() = default;

Result<Response> Client::Send(const Request& request) {
  auto text = RequestText(request, link_->pooling);
  if (!text) return std::move(text).error();

  const Deadline deadline = Deadline::After(SteadyClock().Now(), link_->options.timeout);
  BlockingConnection& connection = link_->connection;
  if (link_->host != request.url.host || link_->port != request.url.port) connection.Close();
  if (!connection.open()) {
    auto origin = ResolveOrigin(request.url.host, request.url.port);
    if (!origin) return std::move(origin).error();
    if (auto connected = connection.Connect(*origin, deadline); !connected) {
      return std::move(connected).error();
    }
    link_->host = request.url.host;
    link_->port = request.url.port;
  }
  if (auto done = connection.Exchange(*text, request.method, deadline); !done) {
    return std::move(done).error();
  }
  if (link_->pooling == Pooling::kNaive) connection.Close();
  return connection.response();
}

}  // namespace assay
