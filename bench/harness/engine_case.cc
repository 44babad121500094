#include "bench/harness/engine_case.h"

#include <algorithm>

#include "bench/harness/checking_sink.h"
#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// Long enough that the ramp at the start and the drain at the end weigh little:
// at the end of a batch each slot idles for half a delay on average, 0.5 % of a
// hundred delays.
std::uint64_t BatchSize(const EngineCase& engine_case) {
  const auto slots = static_cast<std::uint64_t>(engine_case.concurrency);
  if (engine_case.latency > Duration::zero()) return 100 * slots;
  return std::max<std::uint64_t>(2000, 100 * slots);
}

void SetCounters(benchmark::State& state, const EngineCase& engine_case, const RunSummary& total,
                 const CheckingSink& sink, const fixture::MockServerStats& stats,
                 Duration fixture_cpu) {
  const auto requests = static_cast<double>(total.requests);
  const double rps = total.requests_per_second();
  auto& counters = state.counters;
  counters["rps"] = rps;
  counters["p50_us"] = Microseconds(sink.latency().Quantile(0.50));
  counters["p99_us"] = Microseconds(sink.latency().Quantile(0.99));
  counters["errors"] = static_cast<double>(sink.wrong());
  counters["cpu_us_per_req"] = Microseconds(total.cpu) / requests;
  counters["fixture_cpu_us_per_req"] = Microseconds(fixture_cpu) / requests;
  counters["allocs_per_op"] = static_cast<double>(sink.allocations()) / requests;
  if (engine_case.latency == Duration::zero()) return;
  const double planned_us = Microseconds(stats.planned_mean());
  const double injected_us = Microseconds(stats.injected_mean());
  const double rps_per_us = rps / engine_case.concurrency / 1e6;
  counters["planned_us"] = planned_us;
  counters["injected_us"] = injected_us;
  counters["ideal_ratio"] = rps_per_us * injected_us;
  counters["ideal_ratio_planned"] = rps_per_us * planned_us;
}

// Empty when every answer is right.
std::string Verify(Engine& engine, const Request& request, int concurrency) {
  const auto count = static_cast<std::uint64_t>(2 * concurrency);
  CheckingSink sink(CheckingSink::Depth::kBody);
  engine.Run({{request}, count, {}}, sink);
  if (sink.wrong() > 0) return "verification: " + sink.first_wrong();
  if (sink.seen() != count) {
    return "verification: " + std::to_string(sink.seen()) + " results for " +
           std::to_string(count) + " requests";
  }
  return {};
}

}  // namespace

void RunEngineCase(benchmark::State& state, const EngineCase& engine_case) {
  fixture::MockServer server(FixtureOptions(engine_case.latency, engine_case.concurrency));
  const Request request = FixtureRequest(server);
  const auto engine = FindEngine(engine_case.engine)
                          ->make({.concurrency = engine_case.concurrency,
                                  .pooling = engine_case.pooling,
                                  .connection = {.timeout = std::chrono::seconds(10)}});
  if (const std::string wrong = Verify(*engine, request, engine_case.concurrency); !wrong.empty()) {
    state.SkipWithError(wrong.c_str());
    return;
  }

  server.ResetStats();
  const Duration fixture_cpu_before = server.CpuTime();
  CheckingSink sink(CheckingSink::Depth::kLength);
  const Workload batch{{request}, BatchSize(engine_case), {}};
  RunSummary total;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(*batch.count))) {
    const RunSummary part = engine->Run(batch, sink);
    total.requests += part.requests;
    total.elapsed += part.elapsed;
    total.cpu += part.cpu;
  }
  const fixture::MockServerStats stats = server.Stats();

  if (sink.wrong() > 0 || stats.requests != total.requests) {
    const std::string wrong = "while timed: " + std::to_string(sink.wrong()) + " of " +
                              std::to_string(total.requests) + " answers wrong, " +
                              std::to_string(stats.requests) +
                              " seen by the server; first: " + sink.first_wrong();
    state.SkipWithError(wrong.c_str());
    return;
  }
  SetCounters(state, engine_case, total, sink, stats, server.CpuTime() - fixture_cpu_before);
}

}  // namespace assay::bench
