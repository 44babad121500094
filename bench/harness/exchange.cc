#include "bench/harness/exchange.h"

#include <utility>

namespace assay::bench {
namespace {

constexpr std::string_view kOwnPath = "/exchange";

// The server has routes for bodies of one byte and more; the rest is a rule.
bool HasRoute(const Exchange& exchange) {
  return exchange.request_bytes == 0 && exchange.response_bytes > 0;
}

fixture::MockServerOptions ServerOptions(const ExchangeServerOptions& options) {
  fixture::MockServerOptions made = FixtureOptions(options.latency, options.concurrency);
  if (HasRoute(options.exchange)) return made;
  fixture::Rule rule{.name = "exchange",
                     .match = {.path = std::string(kOwnPath)},
                     .key = [](const fixture::RequestView&) { return std::string("all"); }};
  rule.answer.emplace().body = FixtureBody(options.exchange.response_bytes);
  if (options.exchange.request_bytes > 0) {
    rule.match.method = "POST";
    rule.match.predicate =
        [body = FixtureBody(options.exchange.request_bytes)](const fixture::RequestView& request) {
          return request.body == body;
        };
  }
  made.plan.rules.push_back(std::move(rule));
  return made;
}

}  // namespace

ExchangeServer::ExchangeServer(const ExchangeServerOptions& options)
    : exchange_(options.exchange),
      response_body_(FixtureBody(options.exchange.response_bytes)),
      server_(ServerOptions(options)) {
  if (options.way == Way::kDirect) return;
  fixture::GateOptions gate{.upstream_port = server_.port()};
  if (options.way == Way::kTls) gate.tls.emplace();
  gate_.emplace(gate);
}

Request ExchangeServer::request() const {
  const std::string path = HasRoute(exchange_)
                               ? "/bytes/" + std::to_string(exchange_.response_bytes)
                               : std::string(kOwnPath);
  return {.method = exchange_.request_bytes > 0 ? Method::kPost : Method::kGet,
          .url = Url::Parse(gate_ ? gate_->Url(path) : server_.Url(path)).value(),
          .headers = {},
          .body = exchange_.request_bytes > 0 ? FixtureBody(exchange_.request_bytes) : ""};
}

Duration ExchangeServer::CpuTime() const {
  return server_.CpuTime() + (gate_ ? gate_->CpuTime() : Duration::zero());
}

}  // namespace assay::bench
