// Questions with many rows, which take minutes. They all begin with "matrix/" and run only
// where a filter is given:
//
//   build/release/bin/assay_bench --benchmark_filter='^matrix/'
#ifndef ASSAY_BENCH_MATRIX_MATRIX_BENCHMARKS_H_
#define ASSAY_BENCH_MATRIX_MATRIX_BENCHMARKS_H_

namespace assay::bench {

// What is run when the command line and the environment have no filter: all but these, for which
// two minutes are too short.
inline constexpr const char* kDefaultFilter =
    "-^(matrix|resilience|stack/async|"
    "pattern/(adaptive_limit|bridge|fallback|gather|hedge|pipeline|shield|timeout))/";

void RegisterPayloadBenchmarks();
void RegisterConnectionBenchmarks();
void RegisterManyConnectionsBenchmarks();
void RegisterIdleMemoryBenchmarks();
void RegisterStreamedBenchmarks();
void RegisterLightLatencyBenchmarks();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_MATRIX_MATRIX_BENCHMARKS_H_
