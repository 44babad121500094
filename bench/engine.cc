// Which engine: sync, threaded, async or uring? Pooled connections throughout, at no
// latency (what the engine itself costs) and at the first seed's 5 ms + 0 to 20 %
// (how much of the waiting it hides).
//
//   engine/<engine>/pooled/latency_us:<L>/concurrency:<C>
//   engine/floor/pooled/latency_us:0/concurrency:1   one write and one read, no HTTP
#include <string>

#include "bench/benchmarks.h"
#include "bench/harness/engine_case.h"
#include "bench/harness/floor_case.h"

namespace assay::bench {

void RegisterEngineBenchmarks() {
  benchmark::RegisterBenchmark(
      "engine/floor/pooled/latency_us:0/concurrency:1",
      [](benchmark::State& state) { RunFloorCase(state, Pooling::kPooled); })
      ->UseRealTime();
  for (const EngineKind& kind : EngineKinds()) {
    for (const int latency_us : {0, 5000}) {
      for (const int concurrency : {1, 10, 20, 100}) {
        RegisterEngineCase("engine/" + std::string(kind.name) + "/pooled",
                           {.engine = kind,
                            .pooling = Pooling::kPooled,
                            .latency = std::chrono::microseconds(latency_us),
                            .concurrency = concurrency});
      }
    }
  }
}

}  // namespace assay::bench
