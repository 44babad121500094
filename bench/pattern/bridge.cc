// What does it cost to cross from a coroutine to a thread that may block, and from a thread to a
// coroutine?
#include <benchmark/benchmark.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <future>
#include <latch>
#include <thread>

#include "assay/adapters/asio_bridge.h"
#include "bench/pattern/coroutine_case.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"

namespace assay::bench {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

// To another thread and back, with what Asio has for it.
void BlockingFloor(benchmark::State& state) {
  asio::thread_pool pool(1);
  RunCoroutine(state, [&](AsioTime&) -> awaitable<void> {
    const auto here = co_await asio::this_coro::executor;
    for (auto _ : state) {
      co_await asio::post(pool, asio::use_awaitable);
      benchmark::DoNotOptimize(TrivialCall());
      co_await asio::post(here, asio::use_awaitable);
    }
  });
  pool.join();
}

void Blocking(benchmark::State& state) {
  BlockingCalls calls({.threads = 1});
  std::int64_t done = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    for (auto _ : state) {
      const auto result = co_await calls.Run(time, TrivialCall);
      if (result.ok()) ++done;
    }
  };
  RunCoroutine(state, loop);
  if (done != state.iterations()) state.SkipWithError("a call was refused");
}

// One thread, which is taken, and nobody may wait.
void BlockingRefusing(benchmark::State& state) {
  BlockingCalls calls({.threads = 1, .queue_limit = 0});
  std::latch held(1);
  std::int64_t refused = 0;
  const auto loop = [&](AsioTime& time) -> awaitable<void> {
    for (auto _ : state) {
      const auto result = co_await calls.Run(time, TrivialCall);
      if (!result.ok()) ++refused;
    }
    held.count_down();
  };
  asio::io_context context(1);
  AsioTime time(context.get_executor());
  const auto hold = [&held]() -> Result<int> {
    held.wait();
    return 0;
  };
  asio::co_spawn(context, calls.Run(time, hold), [](std::exception_ptr, const Result<int>&) {});
  while (calls.active() == 0) context.poll_one();
  asio::co_spawn(context, loop(time), [](std::exception_ptr) {});
  context.run();
  if (refused != state.iterations()) state.SkipWithError("a call was let through");
}

// A context with a thread of its own.
struct Loop {
  ~Loop() {
    work.reset();
    thread.join();
  }
  // What its thread has allocated for each iteration; `allocs_per_op` is of the row's own thread.
  void CountAllocations(benchmark::State& state) {
    std::promise<std::uint64_t> taken;
    asio::post(context, [&taken] { taken.set_value(TakeAllocations()); });
    state.counters["context_allocs_per_op"] =
        static_cast<double>(taken.get_future().get()) / static_cast<double>(state.iterations());
  }

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread{[this] { context.run(); }};
};

// A promise kept on the other thread, without any coroutine.
void AwaitFloor(benchmark::State& state) {
  Loop loop;
  for (auto _ : state) {
    std::promise<Result<int>> promise;
    auto future = promise.get_future();
    asio::post(loop.context, [&promise] { promise.set_value(TrivialCall()); });
    benchmark::DoNotOptimize(future.get());
  }
  loop.CountAllocations(state);
}

void AwaitCalm(benchmark::State& state) {
  Loop loop;
  std::int64_t done = 0;
  for (auto _ : state) {
    if (Await(loop.context, TrivialTask()).ok()) ++done;
  }
  loop.CountAllocations(state);
  if (done != state.iterations()) state.SkipWithError("a task has failed");
}

}  // namespace

void RegisterBridgeBenchmarks() {
  // Real time: the thread of the row sleeps while the other one works.
  const auto crossing = [](const char* name, auto row) {
    RegisterPatternCase(name, row)->UseRealTime();
  };
  crossing("pattern/bridge/blocking/floor", BlockingFloor);
  crossing("pattern/bridge/blocking/calm", Blocking);
  RegisterPatternCase("pattern/bridge/blocking/refusing", BlockingRefusing);
  crossing("pattern/bridge/await/floor", AwaitFloor);
  crossing("pattern/bridge/await/calm", AwaitCalm);
}

}  // namespace assay::bench
