// What does it cost to shield work from the cancelling of its caller?
#include "assay/patterns/shield/shield.h"

#include <benchmark/benchmark.h>

#include <cstdint>

#include "bench/pattern/coroutine_case.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"

namespace assay::bench {
namespace {

using boost::asio::awaitable;

// The work as a child of its own, which is what cannot be saved: co_spawn() and the way back.
void Floor(benchmark::State& state) {
  std::int64_t done = 0;
  const auto loop = [&](AsioTime&) -> awaitable<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (auto _ : state) {
      auto work = TrivialTask();
      const auto result =
          co_await boost::asio::co_spawn(executor, std::move(work), boost::asio::use_awaitable);
      if (result.ok()) ++done;
    }
  };
  RunCoroutine(state, loop);
  if (done != state.iterations()) state.SkipWithError("work has failed");
}

void Off(benchmark::State& state) {
  RunCoroutine(state, [&](AsioTime&) -> awaitable<void> {
    for (auto _ : state) benchmark::DoNotOptimize(co_await TrivialTask());
  });
}

void Calm(benchmark::State& state) {
  std::int64_t done = 0, lost = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto body = [&](AsioChildren& children) -> awaitable<bool> {
      ShieldScope scope(time, children, [&](const ShieldLoss&) { ++lost; });
      for (auto _ : state) {
        const auto result = co_await scope.Shield(TrivialTask);
        if (result.ok()) ++done;
      }
      co_return co_await scope.Join(Deadline::Never());
    };
    co_await time.WithChildren<bool>(body);
  };
  RunCoroutine(state, loop);
  if (done != state.iterations() || lost != 0) state.SkipWithError("work has failed or got lost");
}

}  // namespace

void RegisterShieldBenchmarks() {
  RegisterPatternCase("pattern/shield/floor", Floor);
  RegisterPatternCase("pattern/shield/off", Off);
  RegisterPatternCase("pattern/shield/calm", Calm);
}

}  // namespace assay::bench
