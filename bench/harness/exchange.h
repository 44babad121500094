// What goes to the fixture and comes back, and on which way.
#ifndef ASSAY_BENCH_HARNESS_EXCHANGE_H_
#define ASSAY_BENCH_HARNESS_EXCHANGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "assay/http/request.h"
#include "bench/harness/fixture.h"

namespace assay::bench {

struct Exchange {
  std::size_t request_bytes = 0;            // of the body; above 0 it is a POST, else a GET
  std::size_t response_bytes = kBodyBytes;  // of the body, 0 to 1 MiB; of a POST kBodyBytes
};

enum class Way {
  kDirect,  // plain, to the MockServer
  kGate,    // plain, through a gate before it
  kTls,     // over TLS to the gate: another one than kGate in nothing but TLS
};

struct ExchangeServerOptions {
  Duration latency{};  // before jitter
  int concurrency = 1;
  Exchange exchange{};
  Way way = Way::kDirect;
};

// A MockServer, with a gate before it if need be, that knows one exchange.
class ExchangeServer {
 public:
  // Throws as MockServer and Gate do.
  explicit ExchangeServer(const ExchangeServerOptions& options);

  // The request that is measured. A POST whose body does not arrive whole gets status 404.
  Request request() const;
  // The body that it must get.
  const std::string& response_body() const noexcept { return response_body_; }
  // PEM of whom a client has to trust; empty without TLS.
  std::string AuthorityPem() const { return gate_ ? gate_->AuthorityPem() : std::string(); }

  fixture::MockServer& server() noexcept { return server_; }
  // Of all threads of the server and the gate.
  Duration CpuTime() const;

 private:
  Exchange exchange_;
  std::string response_body_;
  fixture::MockServer server_;
  std::optional<fixture::Gate> gate_{};
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_EXCHANGE_H_
