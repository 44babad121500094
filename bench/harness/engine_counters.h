// What is made of a timed engine run: the check that it was what it claims to be,
// and the counters.
#ifndef ASSAY_BENCH_HARNESS_ENGINE_COUNTERS_H_
#define ASSAY_BENCH_HARNESS_ENGINE_COUNTERS_H_

#include <cstdint>
#include <map>
#include <string>

#include "assay/engines/engine.h"
#include "assay/fixture/server/stats.h"
#include "bench/harness/checking_sink.h"

namespace assay::bench {

// Empty when all connections of `run`, or none, took up a TLS session.
std::string WhatIsWrongWithSessions(const RunSummary& run, bool resumes);

struct EngineMeasurement {
  int concurrency = 1;
  Pooling pooling = Pooling::kPooled;
  RunSummary total{};                 // of all timed batches
  fixture::MockServerStats server{};  // of the same time
  Duration server_cpu{};
  bool resumes = false;  // new connections take up a TLS session; else none does
};

// Empty when every request that was asked for was sent once, answered rightly and
// seen by the server, over as many connections as the pooling strategy says:
// one each (naive), or none beyond those that the warm-up opened (pooled), and TLS
// sessions were taken up as `resumes` says.
std::string WhatIsWrong(const EngineMeasurement& measured, const CheckingSink& sink,
                        std::uint64_t requests_wanted);

//   rps                     requests per second, wall time
//   p50_us, p99_us          latency of right answers
//   errors                  wrong answers
//   cpu_us_per_req          CPU of the engine's threads
//   fixture_cpu_us_per_req  CPU of the server's threads
//   allocs_per_op           operator new on the engine's threads, per request
// and where the server delayed its answers:
//   planned_us, injected_us  mean delay that the plan asked for, and that the server
//                           measured from reading a request to answering it; what
//                           its threads wait for a CPU is in the second one only
//   ideal_ratio             rps ÷ (concurrency ÷ injected delay)
//   ideal_ratio_planned     rps ÷ (concurrency ÷ planned delay)
// and where new connections take up TLS sessions:
//   resumed_ratio           of the connections, those that did: 1
std::map<std::string, double> EngineCounters(const EngineMeasurement& measured,
                                             const CheckingSink& sink);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_ENGINE_COUNTERS_H_
