// What do all patterns cost together, around one call that goes well, or is refused?
#include "assay/stack/stack.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/core/clock.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/stack_patterns.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

// What the patterns of a stack share with others.
struct Words {
  alignas(64) std::atomic<std::uint64_t> rate{0};
  alignas(64) std::atomic<std::uint64_t> permits{0};
  alignas(64) std::atomic<std::uint64_t> circuit{0}, budget{0};
};

// One clock read; one read-modify-write for the limiter, two for the semaphore; two loads for the
// breaker, one for the budget.
void TimeFloor(benchmark::State& state, Words& words) {
  benchmark::DoNotOptimize(&words);  // somebody else might write them
  std::int64_t calm = 0;
  for (auto _ : state) {
    words.rate.fetch_add(
        static_cast<std::uint64_t>(SteadyClock().Now().time_since_epoch().count()));
    if (words.circuit.load(std::memory_order_acquire) == 0) {
      words.permits.fetch_add(1);
      benchmark::DoNotOptimize(TrivialCall());
      words.permits.fetch_sub(1);
    }
    if (words.circuit.load(std::memory_order_relaxed) == 0 && words.budget.load() == 0) ++calm;
  }
  if (calm != state.iterations()) state.SkipWithError("the floor does not add up");
}

void Floor(benchmark::State& state) {
  Words words;
  TimeFloor(state, words);
}

// The same Call() with every layer off.
void Nothing(benchmark::State& state) {
  Stack stack{off, off, off, off, off, off};
  const SteadyThreadTime time;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        Call(stack, time, kRepeatable, [](const Try&) { return TrivialCall(); }));
  }
}

template <class AnyStack>
void TimeCalm(benchmark::State& state, const AnyStack& stack) {
  const SteadyThreadTime time;
  std::int64_t answered = 0;
  for (auto _ : state) {
    if (Call(stack, time, kRepeatable, [](const Try&) { return TrivialCall(); }).ok()) ++answered;
  }
  if (answered != state.iterations()) state.SkipWithError("a calm call failed");
}

void ThreePatterns(benchmark::State& state) {
  StackPatterns all;
  TimeCalm(state, Stack{off, off, all.retry, off, all.breaker, all.semaphore});
}

void TimeAll(benchmark::State& state, StackPatterns& all) {
  TimeCalm(state, all.All());
  if (!all.calm()) state.SkipWithError("a calm call was not calm");
}

void AllPatterns(benchmark::State& state) {
  StackPatterns all;
  TimeAll(state, all);
}

// One of each pattern for two threads.
void RegisterContended() {
  const auto words = std::make_shared<Words>();
  const auto all = std::make_shared<StackPatterns>();
  RegisterPatternCase("stack/floor", [words](auto& state) { TimeFloor(state, *words); })
      ->Threads(2)
      ->UseRealTime();
  RegisterPatternCase("stack/all", [all](auto& state) { TimeAll(state, *all); })
      ->Threads(2)
      ->UseRealTime();
}

void Refusing(benchmark::State& state) {
  CircuitBreaker breaker;
  breaker.ForceOpen(SteadyClock().Now());
  const RetryOptions options;
  Retry retry(options);
  Semaphore semaphore;
  Stack stack{off, off, retry, off, breaker, semaphore};
  const SteadyThreadTime time;
  std::int64_t refused = 0;
  for (auto _ : state) {
    if (!Call(stack, time, kRepeatable, [](const Try&) { return TrivialCall(); }).ok()) ++refused;
  }
  if (refused != state.iterations()) state.SkipWithError("an open breaker let a call through");
}

}  // namespace

void RegisterStackBenchmarks() {
  RegisterPatternCase("stack/floor", Floor);
  RegisterPatternCase("stack/off", Nothing);
  RegisterPatternCase("stack/retry_breaker_semaphore", ThreePatterns);
  RegisterPatternCase("stack/all", AllPatterns);
  RegisterPatternCase("stack/refusing", Refusing);
  RegisterContended();
}

}  // namespace assay::bench
