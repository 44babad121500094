// How much of the waiting do engines hide, before a server that hardly costs any CPU?
//
//   matrix/light_latency/<engine>/latency_us:<L>/concurrency:<C>
//
// As matrix/latency, with the same delays on the average, but the server is one thread with an
// epoll, in a process of its own (bench/harness/child_server.h), where MockServer has a thread for
// each connection: those take some 50 us of CPU for a request, with 1,000 connections at 50 ms
// nearly one CPU. Connections are open and answers verified before the clock starts.
//
// Counters: rps, p50_us, p99_us, cpu_us_per_req, and ideal_ratio_planned = rps / (concurrency /
// mean delay). That delay is the planned one: what the server is late counts against the engine.
#include <benchmark/benchmark.h>

#include <exception>
#include <string>
#include <utility>

#include "bench/harness/checking_sink.h"
#include "bench/harness/child_server.h"
#include "bench/harness/descriptors.h"
#include "bench/harness/warm_up.h"
#include "bench/matrix/contestants.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {
namespace {

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// Empty, or what was wrong.
std::string Time(benchmark::State& state, const EngineKind& kind, Duration latency,
                 int concurrency) {
  const ChildServer server(ChildServer::Wire::kPlain, latency);
  const Request request = server.request();
  const auto engine = kind.make({.concurrency = concurrency});
  const auto slots = static_cast<std::uint64_t>(concurrency);
  if (std::string wrong = VerifyAndWarmUp(*engine, {.request = request,
                                                    .body = FixtureBody(),
                                                    .slots = concurrency,
                                                    .requests = 10 * slots});
      !wrong.empty()) {
    return wrong;
  }
  CheckingSink sink(CheckingSink::Depth::kLength);
  RunSummary total;
  // So many that the end of a batch, where slots have nothing left to do, weighs half a percent.
  const std::uint64_t batch = 100 * slots;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(batch))) {
    const RunSummary part = engine->Run({{request}, batch, {}}, sink);
    total.requests += part.requests;
    total.connections_opened += part.connections_opened;
    total.elapsed += part.elapsed;
    total.cpu += part.cpu;
  }
  if (sink.wrong() > 0) return "while timed: " + sink.first_wrong();
  if (total.connections_opened > 0) return "while timed: connections were opened anew";
  const double rps = total.requests_per_second();
  state.counters["rps"] = rps;
  state.counters["cpu_us_per_req"] = Microseconds(total.cpu) / static_cast<double>(total.requests);
  state.counters["p50_us"] = Microseconds(sink.latency().Quantile(0.50));
  state.counters["p99_us"] = Microseconds(sink.latency().Quantile(0.99));
  state.counters["ideal_ratio_planned"] =
      rps * Microseconds(ChildServer::MeanDelay(latency)) / 1e6 / concurrency;
  return {};
}

void Run(benchmark::State& state, const EngineKind& kind, Duration latency, int concurrency) try {
  std::string wrong = WhyNotDescriptors(static_cast<std::size_t>(concurrency) + 64);
  if (wrong.empty()) wrong = Time(state, kind, latency, concurrency);
  if (!wrong.empty()) state.SkipWithError(wrong.c_str());
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace

void RegisterLightLatencyBenchmarks() {
  for (const EngineKind& kind : FloorAndEngines()) {
    for (const auto& [latency_ms, concurrency] : {std::pair{5, 20}, {5, 100}, {50, 1000}}) {
      if (concurrency > kind.max_concurrency) continue;
      const std::string name = "matrix/light_latency/" + std::string(kind.name) +
                               "/latency_us:" + std::to_string(1000 * latency_ms) +
                               "/concurrency:" + std::to_string(concurrency);
      const Duration latency = std::chrono::milliseconds(latency_ms);
      benchmark::RegisterBenchmark(name.c_str(), [kind, latency, connections = concurrency](
                                                     benchmark::State& state) {
        Run(state, kind, latency, connections);
      })->UseRealTime();
    }
  }
}

}  // namespace assay::bench
