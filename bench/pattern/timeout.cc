// What does a time-out cost that doesn't fire, and one that does?
#include "assay/patterns/timeout/timeout.h"

#include <benchmark/benchmark.h>

#include <cstdint>

#include "assay/core/clock.h"
#include "assay/patterns/timeout/call.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

struct FixedTime {
  TimePoint Now() const noexcept { return kNow; }
};

// A deadline cannot be made without knowing what time it is.
void Floor(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(SteadyClock().Now());
    benchmark::DoNotOptimize(TrivialCall());
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

template <class Time>
void Calm(benchmark::State& state) {
  Timeout timeout;
  const Time time;
  const auto call = [&] {
    return Call(timeout, time, Deadline::Never(), [&](Deadline deadline) {
      benchmark::DoNotOptimize(deadline);
      return TrivialCall();
    });
  };
  if (!call().ok()) state.SkipWithError("a call in time failed");
  for (auto _ : state) benchmark::DoNotOptimize(call());
  if (timeout.Snapshot().expired != 0) state.SkipWithError("a call in time has expired");
}

// The error that says so costs a text.
void Expired(benchmark::State& state) {
  Timeout timeout;
  const FixedTime time;
  const Deadline over = Deadline::At(kNow);
  const auto call = [&] {
    return Call(timeout, time, over,
                [](Deadline) { return Result<int>(Error{ErrorCode::kTimeout, ""}); });
  };
  for (auto _ : state) benchmark::DoNotOptimize(call());
  if (timeout.Snapshot().expired != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every call has expired");
  }
}

}  // namespace

void RegisterTimeoutBenchmarks() {
  RegisterPatternCase("pattern/timeout/floor", Floor);
  RegisterPatternCase("pattern/timeout/off", Off);
  RegisterPatternCase("pattern/timeout/calm", Calm<FixedTime>);
  RegisterPatternCase("pattern/timeout/calm_with_clock", Calm<SteadyClock>);
  RegisterPatternCase("pattern/timeout/expired", Expired);
}

}  // namespace assay::bench
