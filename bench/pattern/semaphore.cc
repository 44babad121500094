// What does a permit cost: taken and returned, refused, and shared by threads?
#include "assay/patterns/semaphore/semaphore.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/patterns/semaphore/permit.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

// Two uncontended read-modify-writes: one to take, one to give back.
void Floor(benchmark::State& state) {
  std::atomic<std::uint64_t> word{0};
  for (auto _ : state) {
    word.fetch_add(1);
    benchmark::DoNotOptimize(TrivialCall());
    word.fetch_sub(1);
  }
  if (word.load() != 0) state.SkipWithError("the floor does not add up");
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

bool CallWithPermit(Semaphore& semaphore) {
  const Permit permit = TryPermit(semaphore);
  if (!permit) return false;
  benchmark::DoNotOptimize(TrivialCall());
  return true;
}

bool GrantsAndReturns(Semaphore& semaphore) {
  return CallWithPermit(semaphore) && semaphore.active() == 0;
}

void Calm(benchmark::State& state) {
  Semaphore semaphore;
  if (!GrantsAndReturns(semaphore)) state.SkipWithError("a free permit was not granted");
  const std::uint64_t before = semaphore.Snapshot().acquisitions;
  for (auto _ : state) benchmark::DoNotOptimize(CallWithPermit(semaphore));
  const SemaphoreMetrics after = semaphore.Snapshot();
  if (after.acquisitions - before != static_cast<std::uint64_t>(state.iterations()) ||
      after.rejections != 0 || after.active != 0) {
    state.SkipWithError("not every call was granted a permit and gave it back");
  }
}

void Refusing(benchmark::State& state) {
  Semaphore semaphore({.limit = 1});
  const Permit held = TryPermit(semaphore);
  if (!held || CallWithPermit(semaphore)) state.SkipWithError("a full semaphore did not refuse");
  const std::uint64_t before = semaphore.Snapshot().rejections;
  for (auto _ : state) benchmark::DoNotOptimize(CallWithPermit(semaphore));
  const std::uint64_t refused = semaphore.Snapshot().rejections - before;
  if (refused != static_cast<std::uint64_t>(state.iterations()) || semaphore.active() != 1) {
    state.SkipWithError("not every call was refused");
  }
}

// One semaphore with room for all threads: what is timed is the shared cache line.
void Contended(benchmark::State& state, Semaphore& semaphore) {
  const bool first = state.thread_index() == 0;
  if (first && !GrantsAndReturns(semaphore)) state.SkipWithError("a free permit was not granted");
  const std::uint64_t before = semaphore.Snapshot().acquisitions;  // of use on `first` only
  for (auto _ : state) benchmark::DoNotOptimize(CallWithPermit(semaphore));
  if (!first) return;
  const auto calls =
      static_cast<std::uint64_t>(state.iterations()) * static_cast<std::uint64_t>(state.threads());
  const SemaphoreMetrics after = semaphore.Snapshot();
  if (after.acquisitions - before != calls || after.rejections != 0 || after.active != 0) {
    state.SkipWithError("grants and calls differ");
  }
}

}  // namespace

void RegisterSemaphoreBenchmarks() {
  RegisterPatternCase("pattern/semaphore/floor", Floor);
  RegisterPatternCase("pattern/semaphore/off", Off);
  RegisterPatternCase("pattern/semaphore/calm", Calm);
  RegisterPatternCase("pattern/semaphore/refusing", Refusing);
  const auto shared = std::make_shared<Semaphore>();
  RegisterPatternCase("pattern/semaphore/contended",
                      [shared](benchmark::State& state) { Contended(state, *shared); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
