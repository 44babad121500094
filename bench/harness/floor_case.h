// The cheapest round trip that this machine and the fixture allow: one write and
// one read on a blocking socket, with no HTTP client in between; and the same with a
// connection for each. On one CPU, as the engine rows that it stands beside.
#ifndef ASSAY_BENCH_HARNESS_FLOOR_CASE_H_
#define ASSAY_BENCH_HARNESS_FLOOR_CASE_H_

#include <benchmark/benchmark.h>

#include "assay/transport/pooling.h"

namespace assay::bench {

// Checks the first answer's status line and body, then every answer's length.
// Counters rps and cpu_us_per_req, as for RunEngineCase().
void RunFloorCase(benchmark::State& state, Pooling pooling);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_HARNESS_FLOOR_CASE_H_
