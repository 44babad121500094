#include "bench/harness/engine_case.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "bench/harness/engine_counters.h"
#include "bench/harness/fixture.h"
#include "bench/harness/one_cpu.h"

namespace assay::bench {
namespace {

// Long enough that the ramp at the start and the drain at the end weigh little:
// at the end of a batch each slot idles for half a delay on average, 0.5 % of a
// hundred delays. A single slot needs more for its p99 to mean anything.
std::uint64_t BatchSize(const EngineCase& engine_case) {
  const auto slots = static_cast<std::uint64_t>(engine_case.concurrency);
  if (engine_case.latency > Duration::zero()) return std::max<std::uint64_t>(300, 100 * slots);
  return std::max<std::uint64_t>(2000, 100 * slots);
}

// Empty when every answer is right and, if pooled, every slot has its connection.
std::string VerifyAndWarmUp(Engine& engine, const Request& request, const EngineCase& engine_case) {
  const auto slots = static_cast<std::uint64_t>(engine_case.concurrency);
  std::uint64_t opened = 0;
  for (int round = 0; round < 100; ++round) {
    CheckingSink sink(CheckingSink::Depth::kBody);
    opened += engine.Run({{request}, 10 * slots, {}}, sink).connections_opened;
    if (sink.wrong() > 0) return "verification: " + sink.first_wrong();
    if (sink.seen() != 10 * slots) {
      return "verification: " + std::to_string(sink.seen()) + " results for " +
             std::to_string(10 * slots) + " requests";
    }
    if (opened >= slots) return {};
  }
  return "warm-up: only " + std::to_string(opened) + " connections of " + std::to_string(slots);
}

void Time(benchmark::State& state, const EngineCase& engine_case) {
  fixture::MockServer server(FixtureOptions(engine_case.latency, engine_case.concurrency));
  const Request request = FixtureRequest(server);
  const auto engine = FindEngine(engine_case.engine)
                          ->make({.concurrency = engine_case.concurrency,
                                  .pooling = engine_case.pooling,
                                  .connection = {.timeout = std::chrono::seconds(10)}});
  if (const auto wrong = VerifyAndWarmUp(*engine, request, engine_case); !wrong.empty()) {
    return state.SkipWithError(wrong.c_str());
  }

  server.ResetStats();
  const Duration server_cpu_before = server.CpuTime();
  CheckingSink sink(CheckingSink::Depth::kLength);
  const Workload batch{{request}, BatchSize(engine_case), {}};
  EngineMeasurement measured{.concurrency = engine_case.concurrency,
                             .pooling = engine_case.pooling};
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(*batch.count))) {
    const RunSummary part = engine->Run(batch, sink);
    measured.total.requests += part.requests;
    measured.total.connections_opened += part.connections_opened;
    measured.total.elapsed += part.elapsed;
    measured.total.cpu += part.cpu;
  }
  measured.server = server.Stats();
  measured.server_cpu = server.CpuTime() - server_cpu_before;

  const auto wanted = static_cast<std::uint64_t>(state.iterations());
  if (const std::string wrong = WhatIsWrong(measured, sink, wanted); !wrong.empty()) {
    return state.SkipWithError(("while timed: " + wrong).c_str());
  }
  for (const auto& [name, value] : EngineCounters(measured, sink)) state.counters[name] = value;
}

}  // namespace

void RunEngineCase(benchmark::State& state, const EngineCase& engine_case) {
  std::optional<OneCpu> one_cpu;
  if (engine_case.concurrency == 1 && engine_case.latency == Duration::zero()) {
    one_cpu.emplace();
    state.SetLabel(one_cpu->active() ? "one CPU" : "not pinned");
  }
  try {
    Time(state, engine_case);
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

void RegisterEngineCase(const std::string& family, const EngineCase& engine_case) {
  const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(engine_case.latency);
  const std::string name = family + "/latency_us:" + std::to_string(latency.count()) +
                           "/concurrency:" + std::to_string(engine_case.concurrency);
  benchmark::RegisterBenchmark(name.c_str(), [engine_case](benchmark::State& state) {
    RunEngineCase(state, engine_case);
  })->UseRealTime();
}

}  // namespace assay::bench
