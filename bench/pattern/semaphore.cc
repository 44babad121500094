// What does a permit cost: taken and returned, refused, and shared by threads?
#include "assay/patterns/semaphore/semaphore.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/patterns/semaphore/call.h"
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

// The same two by each of two threads, on one word.
void ContendedFloor(benchmark::State& state, std::atomic<std::uint64_t>& word) {
  for (auto _ : state) {
    word.fetch_add(1);
    benchmark::DoNotOptimize(TrivialCall());
    word.fetch_sub(1);
  }
  if (state.thread_index() == 0 && word.load() != 0) {
    state.SkipWithError("the floor does not add up");
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

bool CallWithPermit(Semaphore& semaphore, int permits = 1) {
  const Permit permit = TryPermit(semaphore, permits);
  if (!permit) return false;
  benchmark::DoNotOptimize(TrivialCall());
  return true;
}

bool GrantsAndReturns(Semaphore& semaphore) {
  return CallWithPermit(semaphore) && semaphore.active() == 0;
}

// `call` is called once per iteration, with the semaphore.
template <class F>
void TimeGranted(benchmark::State& state, F call) {
  Semaphore semaphore;
  if (!GrantsAndReturns(semaphore)) state.SkipWithError("a free permit was not granted");
  const std::uint64_t before = semaphore.Snapshot().acquisitions;
  for (auto _ : state) benchmark::DoNotOptimize(call(semaphore));
  const SemaphoreMetrics after = semaphore.Snapshot();
  if (after.acquisitions - before != static_cast<std::uint64_t>(state.iterations()) ||
      after.rejected != 0 || after.active != 0) {
    state.SkipWithError("not every call was granted a permit and gave it back");
  }
}

void Calm(benchmark::State& state) {
  TimeGranted(state, [](auto& s) { return CallWithPermit(s); });
}

// Several permits, how many the compiler does not know.
void Weighted(benchmark::State& state) {
  int permits = 7;
  benchmark::DoNotOptimize(permits);
  TimeGranted(state, [permits](auto& s) { return CallWithPermit(s, permits); });
}

// Through the wrapper that would wait.
void CalmCall(benchmark::State& state) {
  const SteadyThreadTime time;
  TimeGranted(state, [&](auto& s) { return Call(s, time, TrivialCall).ok(); });
}

// `call` is called once per iteration, with the semaphore, and true where it was granted.
template <class F>
void TimeRefused(benchmark::State& state, F call) {
  Semaphore semaphore({.limit = 1, .queue_limit = 0});
  const Permit held = TryPermit(semaphore);
  if (!held || call(semaphore)) state.SkipWithError("a full semaphore did not refuse");
  const std::uint64_t before = semaphore.Snapshot().rejected;
  for (auto _ : state) benchmark::DoNotOptimize(call(semaphore));
  const std::uint64_t refused = semaphore.Snapshot().rejected - before;
  if (refused != static_cast<std::uint64_t>(state.iterations()) || semaphore.active() != 1) {
    state.SkipWithError("not every call was refused");
  }
}

void Refusing(benchmark::State& state) {
  TimeRefused(state, [](auto& s) { return CallWithPermit(s); });
}

// Through the wrapper, with a full queue: one look at the clock, and an error as a value.
void RefusingCall(benchmark::State& state) {
  const SteadyThreadTime time;
  TimeRefused(state, [&](auto& s) { return Call(s, time, TrivialCall).ok(); });
}

class Waiter final : public SemaphoreWaiter {
 public:
  Waiter() : SemaphoreWaiter(1) {}

 private:
  void Wake() noexcept override {}
};

// What a permit costs that is handed to one who waits: into the queue, and served.
void HandOver(benchmark::State& state) {
  Semaphore semaphore({.limit = 1});
  if (!semaphore.TryAcquire()) state.SkipWithError("a free permit was not granted");
  std::int64_t handed_over = 0;
  for (auto _ : state) {
    Waiter waiter;
    const bool waits = semaphore.Enter(waiter) == PermitState::kQueued;
    semaphore.Release();
    if (waits && waiter.state() == PermitState::kGranted) ++handed_over;
  }
  if (handed_over != state.iterations() || semaphore.active() != 1) {
    state.SkipWithError("not every permit was handed over");
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
  if (after.acquisitions - before != calls || after.rejected != 0 || after.active != 0) {
    state.SkipWithError("grants and calls differ");
  }
}

}  // namespace

void RegisterSemaphoreBenchmarks() {
  RegisterPatternCase("pattern/semaphore/floor", Floor);
  RegisterPatternCase("pattern/semaphore/off", Off);
  RegisterPatternCase("pattern/semaphore/calm", Calm);
  RegisterPatternCase("pattern/semaphore/weighted", Weighted);
  RegisterPatternCase("pattern/semaphore/calm_call", CalmCall);
  RegisterPatternCase("pattern/semaphore/refusing", Refusing);
  RegisterPatternCase("pattern/semaphore/refusing_call", RefusingCall);
  RegisterPatternCase("pattern/semaphore/hand_over", HandOver);
  const auto word = std::make_shared<std::atomic<std::uint64_t>>(0);
  RegisterPatternCase("pattern/semaphore/contended_floor",
                      [word](benchmark::State& state) { ContendedFloor(state, *word); })
      ->Threads(2)
      ->UseRealTime();
  const auto shared = std::make_shared<Semaphore>();
  RegisterPatternCase("pattern/semaphore/contended",
                      [shared](benchmark::State& state) { Contended(state, *shared); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
