// What do patterns add to a request that goes over the loopback interface and back?
//
//   resilience/end_to_end/<none|semaphore|circuit_breaker|retry|rate_limiter|timeout|fallback
//                          |adaptive_limit|stack>
//
// Tens of nanoseconds on top of tens of microseconds, which vary by microseconds: two rows beside
// each other show nothing but the machine. So each row times both: blocks of ten requests through
// the pattern and ten without, in turn, the first of each pair alternately, on the same connection,
// client and server on one CPU; and reports the differences of the pairs. `none` has nothing on
// either side: what it shows is noise, and what others show within that is noise, too. The label
// says whether a row can tell its difference from zero; if not, bench/pattern has the figure.
//
// The time of a row is that of a request through the pattern. Counters: request_ns, the same
// without it (median of the blocks); overhead_ns, the median of the paired differences per request,
// its 95 % confidence interval (overhead_low_ns, overhead_high_ns) and their quartiles
// (overhead_q1_ns, overhead_q3_ns); overhead_cpu_ns, with its interval, the same of the calling
// thread's CPU time, which varies less; overhead_allocs; overhead_ratio = overhead_ns / request_ns;
// cpu_us_per_req through the pattern; pairs.
//
// Left out: hedges and gathering, which need coroutines.
#include <benchmark/benchmark.h>

#include <exception>
#include <string>

#include "assay/patterns/adaptive_limit/call.h"
#include "assay/patterns/fallback/call.h"
#include "assay/stack/stack.h"
#include "assay/transport/client.h"
#include "bench/harness/one_cpu.h"
#include "bench/resilience/flaky_server.h"
#include "bench/resilience/paired_blocks.h"
#include "bench/resilience/resilience_benchmarks.h"

namespace assay::bench {
namespace {

using bench::IsRight;
bool IsRight(const Result<Answer<Response>>& result) {
  return result.ok() && !result->degraded() && IsRight(result->value);
}

// `through(send)` calls `send`, which sends one request, through the pattern.
template <class Through>
void TimePairs(benchmark::State& state, Through through) {
  const OneCpu one_cpu;
  FlakyServer server;
  Client client;
  const Request request = server.request();
  const auto bare = [&] { return client.Send(request); };
  const auto without = [&] { Verify(IsRight(bare()), "a wrong answer"); };
  const auto with = [&] { Verify(IsRight(through(bare)), "a wrong answer"); };
  without();
  with();
  const std::uint64_t before = server.requests();
  PairedBlocks pairs;
  while (state.KeepRunningBatch(kBlock)) {
    state.SetIterationTime(std::chrono::duration<double>(pairs.Time(with, without)).count());
  }
  Verify(server.requests() - before == 2 * kBlock * pairs.count(),
         "the server has not got what was sent");
  for (const auto& [name, value] : pairs.Figures()) state.counters[name] = value;
  state.SetLabel(std::string(one_cpu.active() ? "one CPU, " : "not pinned, ") +
                 (pairs.seen() ? "seen" : "lost in noise"));
}

// A row for each, as a user would make it: defaults where they refuse nothing.
void None(benchmark::State& state) {
  TimePairs(state, [](auto& send) { return send(); });
}

void ThroughSemaphore(benchmark::State& state) {
  Semaphore semaphore;
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) { return Call(semaphore, time, send); });
}

void ThroughCircuitBreaker(benchmark::State& state) {
  CircuitBreaker breaker;
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) { return Call(breaker, time, send); });
}

void ThroughRetry(benchmark::State& state) {
  RetryBudget budget;
  const RetryOptions options;
  Retry retry(options, &budget);
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) {
    return Call(retry, time, {.repeatable = true}, [&](const Try&) { return send(); });
  });
}

// More than any machine needs, so that nobody waits.
constexpr RateLimiterOptions kALot{
    .tokens = 1'000'000'000, .per = std::chrono::seconds(1), .burst = 1'000'000};

void ThroughRateLimiter(benchmark::State& state) {
  RateLimiter limiter(kALot);
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) { return Call(limiter, time, RateRequest{}, send); });
}

void ThroughTimeout(benchmark::State& state) {
  Timeout timeout;
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) {
    return Call(timeout, time, Deadline::Never(), [&](Deadline) { return send(); });
  });
}

void ThroughFallback(benchmark::State& state) {
  Fallback fallback;
  TimePairs(state, [&](auto& send) {
    return Call(fallback, send, [](const Error&) -> Result<Response> { return Response{}; });
  });
}

void ThroughAdaptiveLimit(benchmark::State& state) {
  AdaptiveLimit limit;
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) { return Call(limit, time, send); });
}

void ThroughStack(benchmark::State& state) {
  RateLimiter limiter(kALot);
  Timeout total, per_try({.limit = std::chrono::seconds(1)});
  RetryBudget budget;
  const RetryOptions options;
  Retry retry(options, &budget);
  CircuitBreaker breaker;
  Semaphore semaphore;
  const Stack stack{limiter, total, retry, per_try, breaker, semaphore};
  const SteadyThreadTime time;
  TimePairs(state, [&](auto& send) {
    return Call(stack, time, {.repeatable = true}, [&](const Try&) { return send(); });
  });
}

void Register(const char* name, void (*row)(benchmark::State&)) {
  benchmark::RegisterBenchmark((std::string("resilience/end_to_end/") + name).c_str(),
                               [row](benchmark::State& state) {
                                 try {
                                   row(state);
                                 } catch (const std::exception& error) {
                                   state.SkipWithError(error.what());
                                 }
                               })
      ->UseManualTime();
}

}  // namespace

void RegisterEndToEndBenchmarks() {
  Register("none", None);
  Register("semaphore", ThroughSemaphore);
  Register("circuit_breaker", ThroughCircuitBreaker);
  Register("retry", ThroughRetry);
  Register("rate_limiter", ThroughRateLimiter);
  Register("timeout", ThroughTimeout);
  Register("fallback", ThroughFallback);
  Register("adaptive_limit", ThroughAdaptiveLimit);
  Register("stack", ThroughStack);
}

}  // namespace assay::bench
