// What does a resilience pattern cost per call?
//
// Rows: `floor` (the cheapest instructions that could
// do the job), `off` (the same call without the pattern), `calm` (nothing to
// refuse), `refusing`, `contended`. Every row checks the pattern's answers before
// it is timed and its counters afterwards; a wrong one fails the row.
#ifndef ASSAY_BENCH_PATTERN_PATTERN_BENCHMARKS_H_
#define ASSAY_BENCH_PATTERN_PATTERN_BENCHMARKS_H_

namespace assay::bench {

void RegisterAdaptiveLimitBenchmarks();
void RegisterBridgeBenchmarks();
void RegisterFallbackBenchmarks();
void RegisterGatherBenchmarks();
void RegisterHedgeBenchmarks();
void RegisterSemaphoreBenchmarks();
void RegisterCircuitBreakerBenchmarks();
void RegisterPipelineBenchmarks();
void RegisterSemaphoreBreakerBenchmarks();
void RegisterRetryBenchmarks();
void RegisterRateLimiterBenchmarks();
void RegisterShieldBenchmarks();
void RegisterStackBenchmarks();
void RegisterStackAsyncBenchmarks();
void RegisterTimedAsyncBenchmarks();
void RegisterTimeoutBenchmarks();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PATTERN_PATTERN_BENCHMARKS_H_
