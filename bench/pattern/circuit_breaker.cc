// What does a circuit breaker cost: closed, open, half-open, and shared by threads?
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/core/clock.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

// One load to learn that it is closed, one to learn that it still is.
void Floor(benchmark::State& state) {
  std::atomic<std::uint64_t> word{0};
  std::uint64_t closed = 0;
  benchmark::DoNotOptimize(&word);  // somebody else might write it
  for (auto _ : state) {
    const bool admitted = word.load(std::memory_order_acquire) == 0;
    if (admitted) benchmark::DoNotOptimize(TrivialCall());
    if (word.load(std::memory_order_relaxed) == 0) ++closed;
  }
  if (closed != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("the floor does not add up");
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

// True when the call was admitted and counted.
bool CallThrough(CircuitBreaker& breaker, TimePoint now) {
  const Admission admission = breaker.Admit(now);
  if (!admission.admitted) return false;
  const Result<int> result = TrivialCall();
  return breaker.Record(admission, Classify(result), now) == Recorded::kCounted;
}

// `now` is called once per iteration.
template <class Now>
void TimeClosed(benchmark::State& state, CircuitBreaker& breaker, Now now) {
  if (!CallThrough(breaker, now())) state.SkipWithError("a closed breaker did not admit");
  std::int64_t counted = 0;
  for (auto _ : state) {
    if (CallThrough(breaker, now())) ++counted;
  }
  if (counted != state.iterations() || breaker.Snapshot(kNow) != CircuitBreakerSnapshot{}) {
    state.SkipWithError("a success changed a closed breaker, or was not counted");
  }
}

void Calm(benchmark::State& state) {
  CircuitBreaker breaker;
  TimeClosed(state, breaker, [] { return kNow; });
}

void CalmWithClock(benchmark::State& state) {
  CircuitBreaker breaker;
  TimeClosed(state, breaker, [] { return SteadyClock().Now(); });
}

void Open(CircuitBreaker& breaker) {
  while (breaker.state() == CircuitState::kClosed) {
    breaker.Record(breaker.Admit(kNow), Outcome::kFailure, kNow);
  }
}

void Refusing(benchmark::State& state) {
  CircuitBreaker breaker;
  Open(breaker);
  if (CallThrough(breaker, kNow)) state.SkipWithError("an open breaker did not refuse");
  const std::uint64_t before = breaker.Snapshot(kNow).rejected;
  for (auto _ : state) benchmark::DoNotOptimize(CallThrough(breaker, kNow));
  const std::uint64_t refused = breaker.Snapshot(kNow).rejected - before;
  if (refused != static_cast<std::uint64_t>(state.iterations()) ||
      breaker.state() != CircuitState::kOpen) {
    state.SkipWithError("not every call was refused");
  }
}

bool ProbeAndGiveBack(CircuitBreaker& breaker, TimePoint now) {
  const Admission probe = breaker.Admit(now);
  if (!probe.probe()) return false;
  benchmark::DoNotOptimize(TrivialCall());
  return breaker.Record(probe, Outcome::kIgnored, now) == Recorded::kIgnored;
}

// A probe taken and given back, so that the breaker stays half-open.
void HalfOpen(benchmark::State& state) {
  CircuitBreaker breaker;
  Open(breaker);
  const TimePoint due = kNow + CircuitBreakerOptions().open_duration;
  if (!ProbeAndGiveBack(breaker, due)) state.SkipWithError("no probe was admitted");
  std::int64_t probes = 0;
  for (auto _ : state) {
    if (ProbeAndGiveBack(breaker, due)) ++probes;
  }
  if (probes != state.iterations() || breaker.state() != CircuitState::kHalfOpen) {
    state.SkipWithError("not every call was a probe");
  }
}

}  // namespace

void RegisterCircuitBreakerBenchmarks() {
  RegisterPatternCase("pattern/circuit_breaker/floor", Floor);
  RegisterPatternCase("pattern/circuit_breaker/off", Off);
  RegisterPatternCase("pattern/circuit_breaker/calm", Calm);
  RegisterPatternCase("pattern/circuit_breaker/calm_with_clock", CalmWithClock);
  RegisterPatternCase("pattern/circuit_breaker/half_open", HalfOpen);
  RegisterPatternCase("pattern/circuit_breaker/refusing", Refusing);
  const auto shared = std::make_shared<CircuitBreaker>();
  RegisterPatternCase(
      "pattern/circuit_breaker/contended",
      [shared](benchmark::State& state) { TimeClosed(state, *shared, [] { return kNow; }); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
