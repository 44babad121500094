// What does a hedge cost that is not needed: the delay to look up, a winner, a latency to learn
// from?
#include "assay/patterns/hedge/hedge.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

struct FixedClock {
  TimePoint Now() const noexcept { return kNow; }
};

// One read-modify-write to claim the answer, two clock reads to know how long it took.
void Floor(benchmark::State& state) {
  std::atomic<int> winner{0};
  const SteadyClock clock;
  for (auto _ : state) {
    benchmark::DoNotOptimize(clock.Now());
    benchmark::DoNotOptimize(TrivialCall());
    winner.fetch_add(1);
    benchmark::DoNotOptimize(clock.Now());
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

// What CallAsync decides for a call whose first attempt answers in time; the coroutine and its
// timer are not in it.
template <class Clock>
bool PrimaryWins(Hedge& hedge, const Clock& clock) {
  const TimePoint begun = clock.Now();
  if (!hedge.Begin(0, begun)) return false;
  benchmark::DoNotOptimize(Deadline::After(begun, hedge.Delay()));
  Winner winner;
  benchmark::DoNotOptimize(TrivialCall());
  if (!winner.Claim(0)) return false;
  const TimePoint now = clock.Now();
  hedge.Won(0, now - begun, now);
  return true;
}

template <class Clock>
void TimeCalm(benchmark::State& state, Hedge& hedge) {
  const Clock clock;
  std::int64_t won = 0;
  for (auto _ : state) {
    if (PrimaryWins(hedge, clock)) ++won;
  }
  if (won != state.iterations() || hedge.Snapshot() != HedgeSnapshot{}) {
    state.SkipWithError("not every call was answered by its first attempt");
  }
}

template <class Clock>
void Calm(benchmark::State& state, const HedgeOptions& options) {
  RetryBudget budget;
  Hedge hedge(options, &budget);
  TimeCalm<Clock>(state, hedge);
}

// One hedge for two threads, and one shared word: each latency that is learnt is written for all.
void RegisterContended(const HedgeOptions& options) {
  struct Shared {
    explicit Shared(const HedgeOptions& hedge_options) : hedge(hedge_options, &budget) {}
    RetryBudget budget{};
    Hedge hedge;
    std::atomic<std::uint64_t> learnt{0};
  };
  const auto shared = std::make_shared<Shared>(options);
  const auto floor = [shared](benchmark::State& state) {
    for (auto _ : state) {
      benchmark::DoNotOptimize(TrivialCall());
      shared->learnt.fetch_add(1);
    }
  };
  const auto calm = [shared](benchmark::State& state) {
    TimeCalm<FixedClock>(state, shared->hedge);
  };
  RegisterPatternCase("pattern/hedge/floor_contended", floor)->Threads(2)->UseRealTime();
  RegisterPatternCase("pattern/hedge/calm_learning", calm)->Threads(2)->UseRealTime();
}

// An empty budget: the hedge is not sent, the call goes on.
void Refusing(benchmark::State& state) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  while (budget.Withdraw(kNow)) {
  }
  Hedge hedge({}, &budget);
  for (auto _ : state) benchmark::DoNotOptimize(hedge.Begin(1, kNow));
  if (hedge.Snapshot().refused != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every hedge was refused");
  }
}

}  // namespace

void RegisterHedgeBenchmarks() {
  const HedgeOptions learning{.latency = LatencyQuantileOptions{}};
  RegisterPatternCase("pattern/hedge/floor", Floor);
  RegisterPatternCase("pattern/hedge/off", Off);
  RegisterPatternCase("pattern/hedge/calm", [](auto& state) { Calm<FixedClock>(state, {}); });
  RegisterPatternCase("pattern/hedge/calm_learning",
                      [=](auto& state) { Calm<FixedClock>(state, learning); });
  RegisterPatternCase("pattern/hedge/calm_with_clock",
                      [=](auto& state) { Calm<SteadyClock>(state, learning); });
  RegisterPatternCase("pattern/hedge/refusing", Refusing);
  RegisterContended(learning);
}

}  // namespace assay::bench
