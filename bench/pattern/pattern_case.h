// Registers a row of a pattern and counts what it allocates.
#ifndef ASSAY_BENCH_PATTERN_PATTERN_CASE_H_
#define ASSAY_BENCH_PATTERN_PATTERN_CASE_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>

#include "bench/harness/allocations.h"

namespace assay::bench {

// How many iterations each row is to run, from the environment (ASSAY_BENCH_ITERATIONS); 0: as
// many as Google Benchmark likes.
std::int64_t FixedIterations();

// `run` is called with the benchmark::State; the counter `allocs_per_op` is what it
// takes from operator new, per iteration and, with several threads, on average.
template <class Run>
benchmark::internal::Benchmark* RegisterPatternCase(const char* name, Run run) {
  auto* row = benchmark::RegisterBenchmark(name, [run = std::move(run)](benchmark::State& state) {
    TakeAllocations();  // what came before is not this row's
    run(state);
    const double allocations =
        static_cast<double>(TakeAllocations()) / static_cast<double>(state.iterations());
    state.counters["allocs_per_op"] =
        benchmark::Counter(allocations, benchmark::Counter::kAvgThreads);
  });
  if (const std::int64_t iterations = FixedIterations(); iterations > 0) row->Iterations(iterations);
  return row;
}

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PATTERN_PATTERN_CASE_H_
