// The list of questions. To add one, write its file, declare its registration
// here and call it in main.cc.
#ifndef ASSAY_BENCH_BENCHMARKS_H_
#define ASSAY_BENCH_BENCHMARKS_H_

namespace assay::bench {

void RegisterEngineBenchmarks();
void RegisterPoolingBenchmarks();
void RegisterVersusWrkBenchmarks();
void RegisterSemaphoreBenchmarks();
void RegisterCircuitBreakerBenchmarks();
void RegisterSemaphoreBreakerBenchmarks();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_BENCHMARKS_H_
