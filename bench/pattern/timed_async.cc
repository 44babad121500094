// What do a time-out and a hedge cost in coroutines, where they can cancel, and each attempt is a
// coroutine that can be cancelled alone?
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/patterns/hedge/call.h"
#include "assay/patterns/timeout/call.h"
#include "bench/pattern/coroutine_case.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"

namespace assay::bench {
namespace {

using boost::asio::awaitable;

// Asio's own way to have such a coroutine, and to await it.
void Floor(benchmark::State& state) {
  RunCoroutine(state, [&](AsioTime&) -> awaitable<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (auto _ : state) {
      auto task = TrivialTask();
      benchmark::DoNotOptimize(
          co_await boost::asio::co_spawn(executor, std::move(task), boost::asio::use_awaitable));
    }
  });
}

void CalmTimeout(benchmark::State& state) {
  Timeout timeout;
  std::int64_t answered = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [](Deadline) { return TrivialTask(); };
    for (auto _ : state) {
      const auto result = co_await CallAsync(timeout, time, Deadline::Never(), fn);
      if (result.ok()) ++answered;
    }
  };
  RunCoroutine(state, loop);
  if (answered != state.iterations() || timeout.Snapshot().expired != 0) {
    state.SkipWithError("a call in time was not answered");
  }
}

void CalmHedge(benchmark::State& state) {
  RetryBudget budget;
  Hedge hedge({}, &budget);
  std::int64_t answered = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [](int) { return TrivialTask(); };
    for (auto _ : state) {
      const auto result = co_await CallAsync(hedge, time, fn);
      if (result.ok()) ++answered;
    }
  };
  RunCoroutine(state, loop);
  if (answered != state.iterations() || hedge.Snapshot() != HedgeSnapshot{}) {
    state.SkipWithError("not every call was answered by its first attempt");
  }
}

}  // namespace

void RegisterTimedAsyncBenchmarks() {
  RegisterPatternCase("pattern/timeout/async/floor", Floor);
  RegisterPatternCase("pattern/timeout/async/calm", CalmTimeout);
  RegisterPatternCase("pattern/hedge/async/floor", Floor);
  RegisterPatternCase("pattern/hedge/async/calm", CalmHedge);
}

}  // namespace assay::bench
