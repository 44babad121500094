// What do both patterns cost together, through the wrappers that a user calls, on
// the real clock?
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/semaphore/call.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

// The floors of the two: two read-modify-writes and two loads.
void Floor(benchmark::State& state) {
  std::atomic<std::uint64_t> permits{0};
  std::atomic<std::uint64_t> word{0};
  std::uint64_t closed = 0;
  benchmark::DoNotOptimize(&word);  // somebody else might write it
  for (auto _ : state) {
    permits.fetch_add(1);
    const bool admitted = word.load(std::memory_order_acquire) == 0;
    if (admitted) benchmark::DoNotOptimize(TrivialCall());
    if (word.load(std::memory_order_relaxed) == 0) ++closed;
    permits.fetch_sub(1);
  }
  if (closed != static_cast<std::uint64_t>(state.iterations()) || permits.load() != 0) {
    state.SkipWithError("the floor does not add up");
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

// The permit outside: a call that the breaker refuses holds it for nanoseconds only,
// and a call that waits for a permit does not wait with a probe in its hands.
Result<int> GuardedCall(Semaphore& semaphore, CircuitBreaker& breaker,
                        const SteadyThreadTime& clock) {
  return Call(semaphore, clock, [&] { return Call(breaker, clock, TrivialCall); });
}

// Both have to be in the way, or their price would be that of a bystander.
bool BothRefuse(const SteadyThreadTime& clock) {
  Semaphore full({.limit = 1});
  CircuitBreaker open({.failure_threshold = 1});
  const CircuitPass failed(open, clock);
  open.Record(failed.admission(), Outcome::kFailure, clock.Now());
  const Result<int> by_breaker = GuardedCall(full, open, clock);
  const Permit held = TryPermit(full);
  CircuitBreaker closed;
  const auto by_semaphore = Call(full, clock, Deadline::At(clock.Now()),
                                 [&] { return Call(closed, clock, TrivialCall); });
  return !by_breaker.ok() && by_breaker.error().code == ErrorCode::kCircuitOpen &&
         !by_semaphore.ok() && by_semaphore.error().code == ErrorCode::kLimitReached;
}

void Calm(benchmark::State& state) {
  const SteadyThreadTime clock;
  Semaphore semaphore;
  CircuitBreaker breaker;
  if (!BothRefuse(clock)) state.SkipWithError("one of the patterns lets everything pass");
  if (!GuardedCall(semaphore, breaker, clock).ok()) state.SkipWithError("the call was refused");
  const std::uint64_t before = semaphore.Snapshot().acquisitions;
  std::int64_t answers = 0;
  for (auto _ : state) {
    if (GuardedCall(semaphore, breaker, clock).ok()) ++answers;
  }
  const SemaphoreMetrics after = semaphore.Snapshot();
  if (answers != state.iterations() || after.active != 0 ||
      after.acquisitions - before != static_cast<std::uint64_t>(answers) ||
      breaker.Snapshot(clock.Now()) != CircuitBreakerSnapshot{}) {
    state.SkipWithError("calls, permits and the breaker's counters do not agree");
  }
}

}  // namespace

void RegisterSemaphoreBreakerBenchmarks() {
  RegisterPatternCase("pattern/semaphore_and_circuit_breaker/floor", Floor);
  RegisterPatternCase("pattern/semaphore_and_circuit_breaker/off", Off);
  RegisterPatternCase("pattern/semaphore_and_circuit_breaker/calm", Calm);
}

}  // namespace assay::bench
