#include "tools/serve/running.h"

namespace assay::serve {
namespace {

// Behind a gate any port does: nobody is told of it.
fixture::MockServerOptions ServerOptions(const Config& config) {
  fixture::MockServerOptions options = config.server;
  if (config.gate) options.port = 0;
  return options;
}

}  // namespace

Running::Running(const Config& config) : server_(ServerOptions(config)) {
  if (!config.gate) return;
  fixture::GateOptions options = *config.gate;
  options.upstream_port = server_.port();
  options.port = config.server.port;
  gate_.emplace(options);
}

Served Running::Stop() {
  Served served;
  server_.Down();  // after which it counts nothing any more
  if (gate_) served.gate = gate_->Stats();
  served.stats = server_.Stats();
  served.audit = server_.Audit();
  for (const fixture::Rule& rule : server_.options().plan.rules) {
    served.rules.push_back({.name = rule.name,
                            .met = server_.Hits(rule.name),
                            .faulted = server_.FaultedHits(rule.name)});
  }
  return served;
}

}  // namespace assay::serve
