// What do all patterns cost together around a call in a coroutine?
#include <benchmark/benchmark.h>

#include <cstdint>

#include "assay/stack/call_async.h"
#include "bench/pattern/coroutine_case.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/stack_patterns.h"

namespace assay::bench {
namespace {

using boost::asio::awaitable;

// The same coroutine, awaited without anything around it.
void Floor(benchmark::State& state) {
  RunCoroutine(state, [&](AsioTime&) -> awaitable<void> {
    for (auto _ : state) benchmark::DoNotOptimize(co_await TrivialTask());
  });
}

// Each call has to end as `ok` says.
template <class AnyStack>
void Time(benchmark::State& state, const AnyStack& stack, bool ok = true) {
  std::int64_t as_wanted = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [](const Try&) { return TrivialTask(); };
    for (auto _ : state) {
      const auto result = co_await CallAsync(stack, time, kRepeatable, fn);
      if (result.ok() == ok) ++as_wanted;
    }
  };
  RunCoroutine(state, loop);
  if (as_wanted != state.iterations()) state.SkipWithError("a call has not ended as it should");
}

void Nothing(benchmark::State& state) { Time(state, Stack{off, off, off, off, off, off}); }

void ThreePatterns(benchmark::State& state) {
  StackPatterns all;
  Time(state, Stack{off, off, all.retry, off, all.breaker, all.semaphore});
}

void WithoutTimeouts(benchmark::State& state) {
  StackPatterns all;
  Time(state, Stack{all.limiter, off, all.retry, off, all.breaker, all.semaphore});
}

void AllPatterns(benchmark::State& state) {
  StackPatterns all;
  Time(state, all.All());
  if (!all.calm()) state.SkipWithError("a calm call was not calm");
}

void Refusing(benchmark::State& state) {
  StackPatterns all;
  all.breaker.ForceOpen(SteadyClock().Now());
  Time(state, Stack{off, all.total, all.retry, all.per_try, all.breaker, all.semaphore}, false);
}

}  // namespace

void RegisterStackAsyncBenchmarks() {
  RegisterPatternCase("stack/async/floor", Floor);
  RegisterPatternCase("stack/async/off", Nothing);
  RegisterPatternCase("stack/async/retry_breaker_semaphore", ThreePatterns);
  RegisterPatternCase("stack/async/without_timeouts", WithoutTimeouts);
  RegisterPatternCase("stack/async/all", AllPatterns);
  RegisterPatternCase("stack/async/refusing", Refusing);
}

}  // namespace assay::bench
