#include "assay/transport/client.h"

#include "assay/transport/blocking_connection.h"
#include "assay/transport/request_text.h"

namespace assay {

struct Client::Link {
  Link(Pooling how, const ConnectionOptions& limits)
      : pooling(how), tls(limits.tls), timer(limits), connection(context, limits, tls) {}

  Pooling pooling;
  TlsContext tls;
  PhaseTimer timer;
  BlockingContext context;
  BlockingConnection connection;
  // Where `connection` leads.
  std::string host;
  std::uint16_t port = 0;
  bool secure = false;

  bool LeadsTo(const Url& url) const {
    return host == url.host && port == url.port && secure == url.tls;
  }
};

Client::Client(Pooling pooling, const ConnectionOptions& options) {
  Validate(options);
  link_ = std::make_unique<Link>(pooling, options);
}

Client::~Client() = default;

Result<Response> Client::Send(const Request& request) {
  auto text = RequestText(request, link_->pooling);
  if (!text) return std::move(text).error();

  const Url& url = request.url;
  BlockingConnection& connection = link_->connection;
  if (!link_->LeadsTo(url)) connection.Close();
  link_->timer.Start(connection.open() ? Phase::kSend : Phase::kConnect, SteadyClock().Now());
  if (!connection.open()) {
    auto origin = ResolveOrigin(url.host, url.port, url.tls);
    if (!origin) return std::move(origin).error();
    if (auto connected = connection.Connect(*origin, link_->timer); !connected) {
      return std::move(connected).error();
    }
    link_->host = url.host;
    link_->port = url.port;
    link_->secure = url.tls;
  }
  if (auto done = connection.Exchange(*text, request.method, link_->timer); !done) {
    return std::move(done).error();
  }
  if (link_->pooling == Pooling::kNaive) connection.Close();
  return connection.response();
}

}  // namespace assay
