// What does a circuit breaker cost: closed, open, half-open, and shared by threads?
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/call.h"
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

// What a breaker with a window cannot do without: one load, and a sample shifted into a word that
// others shift theirs into as well.
void WindowFloor(benchmark::State& state, std::atomic<std::uint64_t>& word,
                 std::atomic<std::uint64_t>& window) {
  std::int64_t closed = 0;
  for (auto _ : state) {
    const bool admitted = word.load(std::memory_order_acquire) == 0;
    if (admitted) benchmark::DoNotOptimize(TrivialCall());
    std::uint64_t seen = window.load(std::memory_order_relaxed);
    while (!window.compare_exchange_weak(seen, seen << 1 | (admitted ? 0 : 1))) {
    }
    if (admitted) ++closed;
  }
  if (closed != state.iterations()) state.SkipWithError("the floor does not add up");
}

// `now` is called once per iteration.
template <class Now>
void TimeClosed(benchmark::State& state, CircuitBreaker& breaker, Now now) {
  if (!CallThrough(breaker, now())) state.SkipWithError("a closed breaker did not admit");
  std::int64_t counted = 0;
  for (auto _ : state) {
    if (CallThrough(breaker, now())) ++counted;
  }
  const CircuitBreakerSnapshot after = breaker.Snapshot(kNow);
  if (counted != state.iterations() || after.state != CircuitState::kClosed ||
      after.generation != 0 || after.rejected != 0 || after.window.failures != 0) {
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

CircuitBreakerOptions CountWindow(int calls) {
  return {.window = CircuitWindowOptions{.calls = calls}};
}

CircuitBreakerOptions TimeWindow() {
  return {.window = CircuitWindowOptions{.over = WindowOver::kTime}};
}

// A time window, and a rule that looks at how long each call took.
CircuitBreakerOptions SlowCalls() {
  CircuitBreakerOptions options = TimeWindow();
  options.slow_calls = SlowCallOptions{.longer_than = std::chrono::seconds(1)};
  return options;
}

// The window has to see the calls, or its price would be that of a bystander.
void TimeWindowed(benchmark::State& state, CircuitBreaker& breaker) {
  TimeClosed(state, breaker, [] { return kNow; });
  if (breaker.Snapshot(kNow).window.calls == 0) state.SkipWithError("the window is empty");
}

// A failure every tenth call, so that windows are judged and do not trip.
void TimeMixed(benchmark::State& state, CircuitBreaker& breaker) {
  std::uint64_t calls = 0;
  const auto call = [&] {
    const Admission admission = breaker.Admit(kNow);
    benchmark::DoNotOptimize(TrivialCall());
    const bool fails = ++calls % 10 == 0;
    breaker.Record(admission, fails ? Outcome::kFailure : Outcome::kSuccess, kNow);
  };
  for (int i = 0; i < 100; ++i) call();
  for (auto _ : state) call();
  const CircuitBreakerSnapshot after = breaker.Snapshot(kNow);
  if (after.generation != 0 || after.window.failures == 0) {
    state.SkipWithError("the window tripped, or did not see the failures");
  }
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

struct FixedClock {
  TimePoint Now() const noexcept { return kNow; }
};

// Through the wrapper, with an error as a value.
void RefusingCall(benchmark::State& state) {
  CircuitBreaker breaker;
  Open(breaker);
  const FixedClock clock;
  const auto refused = [&] {
    return Call(breaker, clock, TrivialCall).error().code == ErrorCode::kCircuitOpen;
  };
  if (!refused()) state.SkipWithError("an open breaker did not refuse");
  for (auto _ : state) benchmark::DoNotOptimize(refused());
  if (breaker.Snapshot(kNow).rejected != static_cast<std::uint64_t>(state.iterations()) + 1) {
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

// One breaker for two threads: calm, and with failures.
void RegisterContended(const std::string& name, const CircuitBreakerOptions& options) {
  const auto calm = std::make_shared<CircuitBreaker>(options);
  RegisterPatternCase(
      name.c_str(),
      [calm](benchmark::State& state) { TimeClosed(state, *calm, [] { return kNow; }); })
      ->Threads(2)
      ->UseRealTime();
  if (!options.window) return;
  const auto mixed = std::make_shared<CircuitBreaker>(options);
  RegisterPatternCase((name + "/failures").c_str(),
                      [mixed](benchmark::State& state) { TimeMixed(state, *mixed); })
      ->Threads(2)
      ->UseRealTime();
}

void RegisterFloors() {
  struct Words {
    alignas(64) std::atomic<std::uint64_t> word{0};
    alignas(64) std::atomic<std::uint64_t> calls{0};
  };
  const auto words = std::make_shared<Words>();
  const auto floor = [words](benchmark::State& state) {
    WindowFloor(state, words->word, words->calls);
  };
  RegisterPatternCase("pattern/circuit_breaker/floor", Floor);
  RegisterPatternCase("pattern/circuit_breaker/floor", Floor)->Threads(2)->UseRealTime();
  RegisterPatternCase("pattern/circuit_breaker/window_floor", floor);
  RegisterPatternCase("pattern/circuit_breaker/window_floor", floor)->Threads(2)->UseRealTime();
}

void RegisterWindows() {
  struct Row {
    const char* name;
    CircuitBreakerOptions options;
  };
  const std::vector<Row> rows{
      {"pattern/circuit_breaker/count_window:20", CountWindow(20)},
      {"pattern/circuit_breaker/count_window:100", CountWindow(100)},
      {"pattern/circuit_breaker/time_window", TimeWindow()},
      {"pattern/circuit_breaker/slow_calls", SlowCalls()},
  };
  for (const Row& row : rows) {
    RegisterPatternCase(row.name, [options = row.options](benchmark::State& state) {
      CircuitBreaker breaker(options);
      TakeAllocations();  // those of the construction
      TimeWindowed(state, breaker);
    });
  }
  for (const Row& row : rows) {
    RegisterPatternCase((std::string(row.name) + "/failures").c_str(),
                        [options = row.options](benchmark::State& state) {
                          CircuitBreaker breaker(options);
                          TakeAllocations();  // those of the construction
                          TimeMixed(state, breaker);
                        });
  }
}

}  // namespace

void RegisterCircuitBreakerBenchmarks() {
  RegisterFloors();
  RegisterPatternCase("pattern/circuit_breaker/off", Off);
  RegisterPatternCase("pattern/circuit_breaker/calm", Calm);
  RegisterPatternCase("pattern/circuit_breaker/calm_with_clock", CalmWithClock);
  RegisterWindows();
  RegisterPatternCase("pattern/circuit_breaker/half_open", HalfOpen);
  RegisterPatternCase("pattern/circuit_breaker/refusing", Refusing);
  RegisterPatternCase("pattern/circuit_breaker/refusing_call", RefusingCall);
  RegisterContended("pattern/circuit_breaker/contended", {});
  RegisterContended("pattern/circuit_breaker/contended/count_window:20", CountWindow(20));
  RegisterContended("pattern/circuit_breaker/contended/count_window:100", CountWindow(100));
  RegisterContended("pattern/circuit_breaker/contended/time_window", TimeWindow());
}

}  // namespace assay::bench
