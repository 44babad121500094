// What does a rate limiter cost: granted, refused, promised for later, and shared by threads?
#include "assay/patterns/rate_limiter/rate_limiter.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "assay/core/clock.h"
#include "assay/patterns/rate_limiter/call.h"
#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};
// Never empty while a benchmark runs.
constexpr RateLimiterOptions kPlenty{
    .tokens = 1, .per = Duration(1), .burst = 1'000'000'000'000'000};

// One read-modify-write by compare-and-swap.
void FloorOn(benchmark::State& state, std::atomic<std::int64_t>& word) {
  std::int64_t taken = 0;
  for (auto _ : state) {
    std::int64_t seen = word.load(std::memory_order_acquire);
    while (!word.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel)) {
    }
    ++taken;
    benchmark::DoNotOptimize(TrivialCall());
  }
  if (taken != state.iterations() || word.load() < taken) {
    state.SkipWithError("the floor does not add up");
  }
}

void Floor(benchmark::State& state) {
  std::atomic<std::int64_t> word{0};
  benchmark::DoNotOptimize(&word);  // somebody else might write it
  FloorOn(state, word);
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

bool CallAtRate(RateLimiter& limiter, TimePoint now) {
  if (!limiter.TryTake(now)) return false;
  benchmark::DoNotOptimize(TrivialCall());
  return true;
}

bool Limits() {
  RateLimiter limiter({.burst = 1});
  return CallAtRate(limiter, kNow) && !CallAtRate(limiter, kNow);
}

// `now` is called once per iteration.
template <class Now>
void TimeGranted(benchmark::State& state, RateLimiter& limiter, Now now) {
  if (!Limits()) state.SkipWithError("the limiter does not limit");
  std::int64_t granted = 0;
  for (auto _ : state) {
    if (CallAtRate(limiter, now())) ++granted;
  }
  if (granted != state.iterations() || limiter.Snapshot(kNow).refused != 0) {
    state.SkipWithError("not every call was granted");
  }
}

void Calm(benchmark::State& state) {
  RateLimiter limiter(kPlenty);
  TimeGranted(state, limiter, [] { return kNow; });
}

void CalmWithClock(benchmark::State& state) {
  RateLimiter limiter(kPlenty);
  TimeGranted(state, limiter, [] { return SteadyClock().Now(); });
}

void TimeRefused(benchmark::State& state, bool (*take)(RateLimiter&)) {
  RateLimiter limiter({.tokens = 1, .per = std::chrono::hours(1), .burst = 1});
  if (!CallAtRate(limiter, kNow) || take(limiter)) state.SkipWithError("an empty one granted");
  const std::uint64_t before = limiter.Snapshot(kNow).refused;
  for (auto _ : state) benchmark::DoNotOptimize(take(limiter));
  const RateLimiterSnapshot after = limiter.Snapshot(kNow);
  if (after.refused - before != static_cast<std::uint64_t>(state.iterations()) ||
      after.granted != 1) {
    state.SkipWithError("not every call was refused");
  }
}

void Refusing(benchmark::State& state) {
  TimeRefused(state, [](RateLimiter& limiter) { return CallAtRate(limiter, kNow); });
}

// With the answer how long it would take.
void RefusingReservation(benchmark::State& state) {
  TimeRefused(state, [](RateLimiter& limiter) {
    return limiter.Reserve(kNow, 1, Duration::zero()).granted();
  });
}

// Through the wrapper that would wait, with an error as a value.
void RefusingCall(benchmark::State& state) {
  TimeRefused(state, [](RateLimiter& limiter) {
    const RateRequest request{.deadline = Deadline::At(kNow), .now = kNow};
    return Call(limiter, SteadyThreadTime(), request, TrivialCall).ok();
  });
}

// A promise for later, given back.
void ReserveAndCancel(benchmark::State& state) {
  RateLimiter limiter({.tokens = 1, .per = std::chrono::hours(1), .burst = 1});
  if (!CallAtRate(limiter, kNow)) state.SkipWithError("a full one refused");
  std::int64_t promised = 0;
  for (auto _ : state) {
    const Reservation reservation = limiter.Reserve(kNow, 1, std::chrono::hours(2));
    if (reservation.wait == std::chrono::hours(1)) ++promised;
    limiter.Cancel(reservation);
  }
  if (promised != state.iterations() || limiter.Snapshot(kNow).waiting != 0) {
    state.SkipWithError("a promise was not given back");
  }
}

void Keyed(benchmark::State& state) {
  KeyedRateLimiter limiters({.limit = kPlenty});
  const std::string key = "an.example.host:443";
  std::int64_t granted = 0;
  for (int i = 0; i < 500; ++i) limiters.Find(std::to_string(i), kNow);
  limiters.Find(key, kNow);
  TakeAllocations();  // keys are paid for once
  for (auto _ : state) {
    const auto limiter = limiters.Find(key, kNow);
    if (limiter && CallAtRate(*limiter, kNow)) ++granted;
  }
  if (granted != state.iterations() || limiters.Snapshot().keys != 501) {
    state.SkipWithError("not every call was granted");
  }
}

}  // namespace

void RegisterRateLimiterBenchmarks() {
  RegisterPatternCase("pattern/rate_limiter/floor", Floor);
  RegisterPatternCase("pattern/rate_limiter/off", Off);
  RegisterPatternCase("pattern/rate_limiter/calm", Calm);
  RegisterPatternCase("pattern/rate_limiter/calm_with_clock", CalmWithClock);
  RegisterPatternCase("pattern/rate_limiter/keyed", Keyed);
  RegisterPatternCase("pattern/rate_limiter/reserve_and_cancel", ReserveAndCancel);
  RegisterPatternCase("pattern/rate_limiter/refusing", Refusing);
  RegisterPatternCase("pattern/rate_limiter/refusing_reservation", RefusingReservation);
  RegisterPatternCase("pattern/rate_limiter/refusing_call", RefusingCall);
  const auto word = std::make_shared<std::atomic<std::int64_t>>(0);
  RegisterPatternCase("pattern/rate_limiter/floor_contended",
                      [word](benchmark::State& state) { FloorOn(state, *word); })
      ->Threads(2)
      ->UseRealTime();
  const auto shared = std::make_shared<RateLimiter>(kPlenty);
  RegisterPatternCase(
      "pattern/rate_limiter/contended",
      [shared](benchmark::State& state) { TimeGranted(state, *shared, [] { return kNow; }); })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
