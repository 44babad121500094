// Pool or not? The same engine, requests and concurrency; only what happens to a
// connection after its response differs, so that nothing else explains the ratio.
//
//   pooling/<naive|pooled>/plain/latency_us:<L>/concurrency:<C>
#include <string>

#include "bench/benchmarks.h"
#include "bench/harness/engine_case.h"

namespace assay::bench {

void RegisterPoolingBenchmarks() {
  for (const int latency_us : {0, 5000}) {
    for (const int concurrency : {1, 32, 100}) {
      if (latency_us > 0 && concurrency == 1) continue;  // 5 ms hide what differs
      for (const Pooling pooling : {Pooling::kNaive, Pooling::kPooled}) {
        RegisterEngineCase("pooling/" + std::string(ToString(pooling)) + "/plain",
                           {.engine = *FindEngine("async"),
                            .pooling = pooling,
                            .latency = std::chrono::microseconds(latency_us),
                            .concurrency = concurrency});
      }
    }
  }
}

}  // namespace assay::bench
