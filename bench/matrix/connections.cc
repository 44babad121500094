// What does a connection cost that serves one request?
//
//   matrix/new_connection/floor/latency_us:0/concurrency:1   connect, one write, one read, close
//   matrix/new_connection/<engine>/latency_us:0/concurrency:<C>
//   matrix/tls_handshake/<none|full|resumed>/<engine>/latency_us:0/concurrency:<C>
//
// All rows of tls_handshake go through the fixture's gate, `none` without TLS: what the others
// take more is TLS. `full` never takes a session up, `resumed` always does; both is verified,
// before the clock starts and after it.
#include <string>
#include <string_view>

#include "bench/harness/engine_case.h"
#include "bench/harness/floor_case.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {

void RegisterConnectionBenchmarks() {
  benchmark::RegisterBenchmark(
      "matrix/new_connection/floor/latency_us:0/concurrency:1",
      [](benchmark::State& state) { RunFloorCase(state, Pooling::kNaive); })
      ->UseRealTime();
  struct Handshake {
    std::string_view name;
    Way way;
    bool resumes;
  };
  for (const EngineKind& kind : EngineKinds()) {
    for (const int concurrency : {1, 32}) {
      EngineCase one{.engine = kind, .pooling = Pooling::kNaive, .concurrency = concurrency};
      RegisterEngineCase("matrix/new_connection/" + std::string(kind.name), one);
      if (!kind.tls) continue;
      for (const Handshake& handshake :
           {Handshake{"none", Way::kGate, false}, Handshake{"full", Way::kTls, false},
            Handshake{"resumed", Way::kTls, true}}) {
        one.way = handshake.way;
        one.resumes = handshake.resumes;
        RegisterEngineCase(
            "matrix/tls_handshake/" + std::string(handshake.name) + "/" + std::string(kind.name),
            one);
      }
    }
  }
}

}  // namespace assay::bench
