// What does a fallback cost that is not needed, and one that is?
#include "assay/patterns/fallback/fallback.h"

#include <benchmark/benchmark.h>

#include <cstdint>

#include "assay/patterns/fallback/call.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

// The result looked at, and moved on.
void Floor(benchmark::State& state) {
  for (auto _ : state) {
    Result<int> result = TrivialCall();
    if (result.ok()) benchmark::DoNotOptimize(*result);
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

void Calm(benchmark::State& state) {
  Fallback fallback;
  std::int64_t own = 0;
  for (auto _ : state) {
    const auto answer = Call(fallback, TrivialCall, [](const Error&) { return TrivialCall(); });
    if (answer.ok() && !answer.value().degraded()) ++own;
  }
  if (own != state.iterations()) state.SkipWithError("not every call has answered itself");
}

void Degraded(benchmark::State& state) {
  Fallback fallback;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Call(
        fallback,
        [] {
          return Result<int>(Error{ErrorCode::kTimeout, ""});
        },
        [](const Error&) { return TrivialCall(); }));
  }
  if (fallback.Snapshot().degraded != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("not every call was answered by the alternative");
  }
}

}  // namespace

void RegisterFallbackBenchmarks() {
  RegisterPatternCase("pattern/fallback/floor", Floor);
  RegisterPatternCase("pattern/fallback/off", Off);
  RegisterPatternCase("pattern/fallback/calm", Calm);
  RegisterPatternCase("pattern/fallback/degraded", Degraded);
}

}  // namespace assay::bench
