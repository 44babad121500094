// Which engine, for how many connections and what bodies, plain and over TLS?
//
//   matrix/payload/<engine>/<plain|tls>/bytes:<response>/latency_us:0/concurrency:<C>
//   matrix/post/<engine>/<plain|tls>/bytes:<request>/latency_us:0/concurrency:32
//   matrix/latency/<engine>/latency_us:<L>/concurrency:<C>
//
// The engine `floor` (bench/peers) stands beside ours: one write and one read a request, and
// nothing parsed. A row over TLS goes through the fixture's gate, a plain one does not: compare
// the rows' cpu_us_per_req, which is the client's alone, rather than their rps. With 1,000
// connections the server's threads want most of two CPUs: matrix/light_latency has a lighter one.
#include <string>

#include "bench/harness/engine_case.h"
#include "bench/matrix/contestants.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {
namespace {

constexpr std::size_t kKiB = 1024;

void RegisterCase(const std::string& question, std::size_t bytes, EngineCase engine_case) {
  for (const Way way : {Way::kDirect, Way::kTls}) {
    engine_case.way = way;
    RegisterEngineCase("matrix/" + question + "/" + std::string(engine_case.engine.name) +
                           (way == Way::kTls ? "/tls" : "/plain") +
                           "/bytes:" + std::to_string(bytes),
                       engine_case);
  }
}

}  // namespace

void RegisterPayloadBenchmarks() {
  for (const EngineKind& kind : FloorAndEngines()) {
    for (const std::size_t bytes : {0 * kKiB, 1 * kKiB, 64 * kKiB, 1024 * kKiB}) {
      for (const int concurrency : {1, 8, 32, 100, 1000}) {
        RegisterCase(
            "payload", bytes,
            {.engine = kind, .concurrency = concurrency, .exchange = {.response_bytes = bytes}});
      }
    }
    for (const std::size_t bytes : {1 * kKiB, 64 * kKiB}) {
      const int concurrency = kind.max_concurrency < 32 ? 1 : 32;
      RegisterCase(
          "post", bytes,
          {.engine = kind, .concurrency = concurrency, .exchange = {.request_bytes = bytes}});
    }
    for (const auto& [latency_ms, concurrency] : {std::pair{5, 20}, {5, 100}, {50, 1000}}) {
      RegisterEngineCase("matrix/latency/" + std::string(kind.name),
                         {.engine = kind,
                          .latency = std::chrono::milliseconds(latency_ms),
                          .concurrency = concurrency});
    }
  }
}

}  // namespace assay::bench
