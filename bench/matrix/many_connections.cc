// Do ten thousand connections at once hold, and what does a request cost among them?
//
//   matrix/connections/<async|uring>/concurrency:<100|10000>
//
// The row with 100 is what the other one is compared with. The server is a process of its own
// (bench/harness/child_server.h). Verified: every answer; that all connections are open at once,
// by the descriptors of this process; that none is left when the engine is gone.
//
// Counters: rps, p50_us, p99_us, cpu_us_per_req, open_connections.
#include <benchmark/benchmark.h>

#include <exception>
#include <string>

#include "assay/engines/engines.h"
#include "bench/harness/checking_sink.h"
#include "bench/harness/child_server.h"
#include "bench/harness/descriptors.h"
#include "bench/harness/warm_up.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {
namespace {

double Microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

void SetCounters(benchmark::State& state, const RunSummary& total, const CheckingSink& sink) {
  auto& counters = state.counters;
  counters["rps"] = total.requests_per_second();
  counters["cpu_us_per_req"] = Microseconds(total.cpu) / static_cast<double>(total.requests);
  counters["p50_us"] = Microseconds(sink.latency().Quantile(0.50));
  counters["p99_us"] = Microseconds(sink.latency().Quantile(0.99));
}

// Empty, or what was wrong.
std::string Time(benchmark::State& state, const EngineKind& kind, int connections) {
  const ChildServer server(ChildServer::Wire::kPlain);
  const Request request = server.request();
  const std::size_t descriptors_without = OpenDescriptors();
  auto engine =
      kind.make({.concurrency = connections, .connection = {.timeout = std::chrono::seconds(30)}});
  const std::size_t descriptors_before = OpenDescriptors();
  const auto requests = 5 * static_cast<std::uint64_t>(connections);
  if (std::string wrong = VerifyAndWarmUp(
          *engine,
          {.request = request, .body = FixtureBody(), .slots = connections, .requests = requests});
      !wrong.empty()) {
    return wrong;
  }
  const std::size_t open = OpenDescriptors() - descriptors_before;
  state.counters["open_connections"] = static_cast<double>(open);
  if (open != static_cast<std::size_t>(connections)) {
    return "verification: " + std::to_string(open) + " connections are open";
  }

  CheckingSink sink(CheckingSink::Depth::kLength);
  RunSummary total;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(requests))) {
    const RunSummary part = engine->Run({{request}, requests, {}}, sink);
    total.requests += part.requests;
    total.connections_opened += part.connections_opened;
    total.elapsed += part.elapsed;
    total.cpu += part.cpu;
  }
  if (sink.wrong() > 0) return "while timed: " + sink.first_wrong();
  if (total.connections_opened > 0) return "while timed: connections were opened anew";
  SetCounters(state, total, sink);
  engine.reset();
  const std::size_t left = OpenDescriptors();
  if (left == descriptors_without) return {};
  return std::to_string(left) + " descriptors are open where there should be " +
         std::to_string(descriptors_without);
}

void Run(benchmark::State& state, const EngineKind& kind, int connections) try {
  std::string wrong = WhyNotDescriptors(static_cast<std::size_t>(connections) + 64);
  if (wrong.empty()) wrong = Time(state, kind, connections);
  if (!wrong.empty()) state.SkipWithError(wrong.c_str());
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace

void RegisterManyConnectionsBenchmarks() {
  for (const std::string_view engine : {"async", "uring"}) {
    if (FindEngine(engine) == nullptr) continue;
    for (const int connections : {100, 10'000}) {
      const std::string name = "matrix/connections/" + std::string(engine) +
                               "/concurrency:" + std::to_string(connections);
      benchmark::RegisterBenchmark(name.c_str(), [engine, connections](benchmark::State& state) {
        Run(state, *FindEngine(engine), connections);
      })->UseRealTime();
    }
  }
}

}  // namespace assay::bench
