// Uses something of each library of the package; exit status 0 if all of it works.
#include <cstdio>

#include "assay/engines/engines.h"
#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "assay/measure/latency_histogram.h"
#include "assay/patterns/semaphore/call.h"
#include "assay/transport/client.h"

#if __has_include("assay/engines/async_slot.h") || __has_include("assay/table/table.h")
#error "a header that is not for users is installed"
#endif

namespace {

bool Check(bool good, const char* what) {
  if (!good) std::fprintf(stderr, "wrong: %s\n", what);
  return good;
}

// The engine, to a server behind a gate that resets the first connection.
bool EngineMeetsTheFault(const assay::fixture::MockServer& server) {
  const assay::fixture::Gate gate(
      {.upstream_port = server.port(),
       .connection_faults = {{.name = "first", .when = {.nth = {1}}, .action = {}}}});
  const assay::Request get{.url = assay::Url::Parse(gate.Url("/get")).value()};
  const auto engine = assay::MakeAsyncEngine({.concurrency = 1});
  const assay::RunSummary run = engine->Run({.requests = {get}, .count = 10});
  return Check(run.requests == 10 && run.failed == 1, "10 requests, 1 failed") &
         Check(gate.Stats().injected.at("first") == 1, "the gate counts the fault");
}

// A client under a pattern, timed.
bool ClientIsAnswered(const assay::fixture::MockServer& server) {
  assay::Semaphore semaphore({.limit = 1});
  assay::LatencyHistogram latency;
  assay::Client client;
  const assay::Request get{.url = assay::Url::Parse(server.Url("/status/204")).value()};
  const assay::TimePoint begin = assay::SteadyClock().Now();
  const auto response =
      assay::Call(semaphore, assay::Deadline::Never(), [&] { return client.Send(get); });
  latency.Record(assay::SteadyClock().Now() - begin);
  return Check(response.ok() && response.value().status == 204, "status 204") &
         Check(latency.count() == 1, "one latency");
}

bool GateSpeaksTls(const assay::fixture::MockServer& server) {
  const assay::fixture::Gate gate(
      {.upstream_port = server.port(), .tls = assay::fixture::TlsOptions{}});
  assay::Client client(assay::Pooling::kPooled, {.tls = {.ca_pem = gate.AuthorityPem()}});
  const auto response = client.Send({.url = assay::Url::Parse(gate.Url("/status/204")).value()});
  return Check(response.ok() && response.value().status == 204, "status 204 through TLS");
}

}  // namespace

int main() {
  // With the project's own warnings, which are not for users, this would not compile.
  const assay::fixture::MockServer server({.max_connections = (int)16.0});
  return EngineMeetsTheFault(server) & ClientIsAnswered(server) & GateSpeaksTls(server) ? 0 : 1;
}
