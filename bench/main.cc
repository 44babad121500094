// assay_bench: every question of the suite, as one Google Benchmark program. Without a filter the
// longer questions are left out (kDefaultFilter).
#include <benchmark/benchmark.h>

#include "bench/benchmarks.h"
#include "bench/fixture/fixture_benchmarks.h"
#include "bench/harness/context.h"
#include "bench/harness/descriptors.h"
#include "bench/matrix/matrix_benchmarks.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/resilience/resilience_benchmarks.h"

int main(int argc, char** argv) {
  assay::bench::RaiseDescriptorLimit();
  assay::bench::RegisterEngineBenchmarks();
  assay::bench::RegisterPoolingBenchmarks();
  assay::bench::RegisterVersusWrkBenchmarks();
  assay::bench::RegisterAdaptiveLimitBenchmarks();
  assay::bench::RegisterBridgeBenchmarks();
  assay::bench::RegisterFallbackBenchmarks();
  assay::bench::RegisterGatherBenchmarks();
  assay::bench::RegisterHedgeBenchmarks();
  assay::bench::RegisterSemaphoreBenchmarks();
  assay::bench::RegisterCircuitBreakerBenchmarks();
  assay::bench::RegisterPipelineBenchmarks();
  assay::bench::RegisterSemaphoreBreakerBenchmarks();
  assay::bench::RegisterRetryBenchmarks();
  assay::bench::RegisterRateLimiterBenchmarks();
  assay::bench::RegisterShieldBenchmarks();
  assay::bench::RegisterStackBenchmarks();
  assay::bench::RegisterStackAsyncBenchmarks();
  assay::bench::RegisterTimedAsyncBenchmarks();
  assay::bench::RegisterTimeoutBenchmarks();
  assay::bench::RegisterBreakerTimelineBenchmarks();
  assay::bench::RegisterRejectedBenchmarks();
  assay::bench::RegisterRetryAmplificationBenchmarks();
  assay::bench::RegisterEndToEndBenchmarks();
  assay::bench::RegisterFixtureCapacityBenchmarks();
  assay::bench::RegisterFixtureDelayBenchmarks();
  assay::bench::RegisterFixtureStartStopBenchmarks();
  assay::bench::RegisterPayloadBenchmarks();
  assay::bench::RegisterConnectionBenchmarks();
  assay::bench::RegisterManyConnectionsBenchmarks();
  assay::bench::RegisterIdleMemoryBenchmarks();
  assay::bench::RegisterStreamedBenchmarks();
  assay::bench::RegisterLightLatencyBenchmarks();
  assay::bench::AddContext(argc, argv);

  // A filter of the command line comes later, one of the environment is there already.
  if (benchmark::GetBenchmarkFilter().empty()) {
    benchmark::SetBenchmarkFilter(assay::bench::kDefaultFilter);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return matched == 0 ? 2 : 0;
}
