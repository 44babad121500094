// One engine against the fixture: verified, then timed, then counted.
#ifndef ASSAY_BENCH_HARNESS_ENGINE_CASE_H_
#define ASSAY_BENCH_HARNESS_ENGINE_CASE_H_

#include <benchmark/benchmark.h>

#include <string>

#include "assay/engines/engines.h"

namespace assay::bench {

struct EngineCase {
  std::string_view engine;  // a name from EngineKinds()
  Pooling pooling = Pooling::kPooled;
  Duration latency{};  // of the fixture, before jitter
  int concurrency = 1;
};

// Starts a fixture, checks status, body and count of two requests for each slot,
// and times batches of requests; an iteration is one request. Skips with an error
// when an answer is wrong, before or while it is timed. Counters:
//
//   rps                   requests per second, wall time
//   p50_us, p99_us        latency of successful requests
//   errors                requests that failed or had the wrong status or length
//   cpu_us_per_req        CPU of the engine's threads
//   fixture_cpu_us_per_req  CPU of the server's threads
//   allocs_per_op         operator new on the engine's threads, per request
// and with a latency
//   planned_us, injected_us  mean delay that the plan asked for and that the
//                         server measured between reading a request and answering
//   ideal_ratio           rps ÷ (concurrency ÷ injected delay): 1 means that the
//                         client adds nothing
//   ideal_ratio_planned   the same against the planned delay
void RunEngineCase(benchmark::State& state, const EngineCase& engine_case);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ENGINE_CASE_H_
