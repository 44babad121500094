// What resilience patterns do around real requests: the server is the fixture's MockServer, the
// client a blocking one (transport/client.h), the calls go over the loopback interface.
//
// bench/pattern says what a pattern costs by itself. Here the server counts what reaches it, and
// every row holds that count, and the answers, against what has to come out; a difference fails the
// row.
#ifndef ASSAY_BENCH_RESILIENCE_RESILIENCE_BENCHMARKS_H_
#define ASSAY_BENCH_RESILIENCE_RESILIENCE_BENCHMARKS_H_

namespace assay::bench {

void RegisterBreakerTimelineBenchmarks();
void RegisterRejectedBenchmarks();
void RegisterRetryAmplificationBenchmarks();
void RegisterEndToEndBenchmarks();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_RESILIENCE_BENCHMARKS_H_
