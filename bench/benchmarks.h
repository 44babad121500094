// The list of questions. To add one, write its file, declare its registration
// here and call it in main.cc; what patterns cost is in bench/pattern.
#ifndef ASSAY_BENCH_BENCHMARKS_H_
#define ASSAY_BENCH_BENCHMARKS_H_

namespace assay::bench {

void RegisterEngineBenchmarks();
void RegisterPoolingBenchmarks();
void RegisterVersusWrkBenchmarks();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_BENCHMARKS_H_
