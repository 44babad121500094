// What does an adaptive limit cost: a call under it, a call that it refuses, two threads that share
// it?
#include "assay/patterns/adaptive_limit/adaptive_limit.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/core/clock.h"
#include "assay/patterns/adaptive_limit/call.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

struct FixedClock {
  TimePoint Now() const noexcept { return kNow; }
};

// What no limit on calls in flight can do without: two additions, one at the beginning and one at
// the end, which counts what has ended in its upper half as well. How long it took is not kept.
void Floor(benchmark::State& state, std::atomic<std::uint64_t>& word) {
  constexpr std::uint64_t kEnded = std::uint64_t{1} << 32;
  for (auto _ : state) {
    word.fetch_add(1, std::memory_order_relaxed);
    benchmark::DoNotOptimize(TrivialCall());
    word.fetch_add(kEnded - 1, std::memory_order_relaxed);
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

template <class Clock>
void Calm(benchmark::State& state, AdaptiveLimit& limit) {
  const Clock clock;
  std::int64_t answered = 0;
  for (auto _ : state) {
    if (Call(limit, clock, TrivialCall).ok()) ++answered;
  }
  if (answered != state.iterations()) state.SkipWithError("a call below the limit was refused");
}

// `begins` is called once per iteration, with the limit.
template <class F>
void TimeRefused(benchmark::State& state, F begins) {
  AdaptiveLimit limit({.initial_limit = 1});
  if (!limit.TryBegin() || begins(limit)) state.SkipWithError("a full limit did not refuse");
  const std::uint64_t before = limit.Snapshot().rejected;
  for (auto _ : state) benchmark::DoNotOptimize(begins(limit));
  if (limit.Snapshot().rejected - before != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every call was refused");
  }
}

void Refusing(benchmark::State& state) {
  TimeRefused(state, [](AdaptiveLimit& limit) { return limit.TryBegin(); });
}

// Through the wrapper, with an error as a value.
void RefusingCall(benchmark::State& state) {
  TimeRefused(state,
              [](AdaptiveLimit& limit) { return Call(limit, FixedClock(), TrivialCall).ok(); });
}

}  // namespace

void RegisterAdaptiveLimitBenchmarks() {
  const auto word = std::make_shared<std::atomic<std::uint64_t>>(0);
  const auto limit = std::make_shared<AdaptiveLimit>();
  const auto floor = [word](benchmark::State& state) { Floor(state, *word); };
  RegisterPatternCase("pattern/adaptive_limit/floor", floor);
  RegisterPatternCase("pattern/adaptive_limit/off", Off);
  RegisterPatternCase("pattern/adaptive_limit/calm",
                      [limit](auto& state) { Calm<FixedClock>(state, *limit); });
  RegisterPatternCase("pattern/adaptive_limit/calm_with_clock",
                      [limit](auto& state) { Calm<SteadyClock>(state, *limit); });
  RegisterPatternCase("pattern/adaptive_limit/refusing", Refusing);
  RegisterPatternCase("pattern/adaptive_limit/refusing_call", RefusingCall);
  RegisterPatternCase("pattern/adaptive_limit/floor_contended", floor)->Threads(2)->UseRealTime();
  RegisterPatternCase("pattern/adaptive_limit/contended",
                      [limit](auto& state) { Calm<FixedClock>(state, *limit); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
