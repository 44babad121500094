// assay_bench: every question of the suite, as one Google Benchmark program.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "bench/benchmarks.h"
#include "bench/fixture/fixture_benchmarks.h"
#include "bench/harness/context.h"
#include "bench/pattern/pattern_benchmarks.h"

namespace {

// A hundred connections with both ends in this process need more descriptors
// than the usual soft limit of 1024 leaves room for.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  RaiseDescriptorLimit();
  assay::bench::RegisterEngineBenchmarks();
  assay::bench::RegisterPoolingBenchmarks();
  assay::bench::RegisterVersusWrkBenchmarks();
  assay::bench::RegisterSemaphoreBenchmarks();
  assay::bench::RegisterCircuitBreakerBenchmarks();
  assay::bench::RegisterSemaphoreBreakerBenchmarks();
  assay::bench::RegisterFixtureCapacityBenchmarks();
  assay::bench::RegisterFixtureDelayBenchmarks();
  assay::bench::RegisterFixtureStartStopBenchmarks();
  assay::bench::AddContext(argc, argv);

  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return matched == 0 ? 2 : 0;
}
