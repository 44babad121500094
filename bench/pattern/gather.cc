// What does a gathering cost around many calls, beside the same calls one after the other? In
// coroutines and on threads.
#include "assay/patterns/gather/gather.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <ranges>
#include <vector>

#include "assay/patterns/gather/gather_threads.h"
#include "bench/pattern/coroutine_case.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"

namespace assay::bench {
namespace {

using boost::asio::awaitable;

constexpr int kCalls = 64;  // in each gathering; items_per_second counts them

// The calls in turn, and a place for what they come to.
void Floor(benchmark::State& state) {
  RunCoroutine(state, [&](AsioTime&) -> awaitable<void> {
    for (auto _ : state) {
      std::vector<int> values;
      values.reserve(kCalls);
      for (int i = 0; i < kCalls; ++i) {
        auto result = co_await TrivialTask();
        values.push_back(*result);
      }
      benchmark::DoNotOptimize(values.data());
    }
  });
  state.SetItemsProcessed(state.iterations() * kCalls);
}

void Calm(benchmark::State& state, int limit) {
  std::int64_t values = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [](int) { return TrivialTask(); };
    for (auto _ : state) {
      const auto all = co_await Gather(time, limit, std::views::iota(0, kCalls), fn);
      if (all.ok()) values += static_cast<std::int64_t>(all.value().size());
    }
  };
  RunCoroutine(state, loop);
  if (values != state.iterations() * kCalls) state.SkipWithError("not every call has a value");
  state.SetItemsProcessed(state.iterations() * kCalls);
}

// Without a place for what they come to.
void Each(benchmark::State& state, int limit) {
  std::int64_t values = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [](int) { return TrivialTask(); };
    const auto take = [&values](std::size_t, const Result<int>& result) {
      if (result.ok()) ++values;
      return true;
    };
    for (auto _ : state) co_await GatherEach(time, limit, std::views::iota(0, kCalls), fn, take);
  };
  RunCoroutine(state, loop);
  if (values != state.iterations() * kCalls) state.SkipWithError("not every call has a value");
  state.SetItemsProcessed(state.iterations() * kCalls);
}

// The first call fails, and nothing else is begun.
void Failing(benchmark::State& state) {
  std::int64_t failed = 0, calls = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    const auto fn = [&](int) -> awaitable<Result<int>> {
      ++calls;
      co_return Error{ErrorCode::kTimeout, ""};
    };
    for (auto _ : state) {
      const auto all = co_await Gather(time, 1, std::views::iota(0, kCalls), fn);
      if (!all.ok()) ++failed;
    }
  };
  RunCoroutine(state, loop);
  if (failed != state.iterations() || calls != state.iterations()) {
    state.SkipWithError("a gathering has not ended with its first error");
  }
}

// The same without coroutines.
void ThreadsFloor(benchmark::State& state) {
  for (auto _ : state) {
    std::vector<int> values;
    values.reserve(kCalls);
    for (int i = 0; i < kCalls; ++i) values.push_back(*TrivialCall());
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
}

// With a limit of 1 no thread begins.
void Threads(benchmark::State& state, int limit) {
  std::int64_t values = 0;
  for (auto _ : state) {
    const auto all = Gather(limit, std::views::iota(0, kCalls), [](int) { return TrivialCall(); });
    if (all.ok()) values += static_cast<std::int64_t>(all.value().size());
  }
  if (values != state.iterations() * kCalls) state.SkipWithError("not every call has a value");
  state.SetItemsProcessed(state.iterations() * kCalls);
}

}  // namespace

void RegisterGatherBenchmarks() {
  RegisterPatternCase("pattern/gather/floor", Floor);
  RegisterPatternCase("pattern/gather/calm/limit:1", [](auto& state) { Calm(state, 1); });
  RegisterPatternCase("pattern/gather/calm/limit:8", [](auto& state) { Calm(state, 8); });
  RegisterPatternCase("pattern/gather/each/limit:1", [](auto& state) { Each(state, 1); });
  RegisterPatternCase("pattern/gather/each/limit:8", [](auto& state) { Each(state, 8); });
  RegisterPatternCase("pattern/gather/failing", Failing);
  RegisterPatternCase("pattern/gather/threads/floor", ThreadsFloor);
  RegisterPatternCase("pattern/gather/threads/limit:1", [](auto& state) { Threads(state, 1); });
  RegisterPatternCase("pattern/gather/threads/limit:8", [](auto& state) { Threads(state, 8); });
}

}  // namespace assay::bench
