// What memory does a pooled connection take while nothing happens on it?
//
//   matrix/idle_memory/<engine>/<plain|tls>/connections:<N>
//
// Counters: heap_bytes_per_connection, what malloc() has handed out for it, be it to us or to a
// library, its slot in the engine included; rss_bytes_per_connection, what the process has grown
// by. The kernel's buffers are in neither. The engine `floor` (bench/peers) stands beside ours: a
// descriptor, and what reads a first answer properly. The server is a process of its own.
#include <benchmark/benchmark.h>

#include <exception>
#include <string>

#include "bench/harness/child_server.h"
#include "bench/harness/descriptors.h"
#include "bench/harness/fixture.h"
#include "bench/harness/memory.h"
#include "bench/harness/warm_up.h"
#include "bench/matrix/contestants.h"
#include "bench/matrix/matrix_benchmarks.h"

namespace assay::bench {
namespace {

constexpr int kConnections = 1000;

struct Growth {
  std::string wrong{};
  Memory of_all{};
};

// By an engine with all its connections open, from before it was made.
Growth GrowthByEngine(const EngineKind& kind, const ChildServer& server) {
  const WarmUp warm_up{.request = server.request(),
                       .body = FixtureBody(),
                       .slots = kConnections,
                       .requests = 5 * kConnections};
  const Memory before = MemoryNow();
  const auto engine = kind.make(
      {.concurrency = kConnections, .connection = {.tls = {.ca_pem = server.authority()}}});
  Growth growth{.wrong = VerifyAndWarmUp(*engine, warm_up)};
  const Memory after = MemoryNow();
  growth.of_all = {after.heap_bytes - before.heap_bytes,
                   after.resident_bytes - before.resident_bytes};
  return growth;
}

void Run(benchmark::State& state, const EngineKind& kind, ChildServer::Wire wire) try {
  // The server's process has both ends of its gate, and the same limit.
  if (const std::string why = WhyNotDescriptors(3 * kConnections + 64); !why.empty()) {
    return state.SkipWithError(why.c_str());
  }
  const ChildServer server(wire);
  // What a library takes once is not the connections'.
  if (const Growth first = GrowthByEngine(kind, server); !first.wrong.empty()) {
    return state.SkipWithError(first.wrong.c_str());
  }
  Memory sum;
  for (auto _ : state) {
    const Growth growth = GrowthByEngine(kind, server);
    if (!growth.wrong.empty()) return state.SkipWithError(growth.wrong.c_str());
    sum.heap_bytes += growth.of_all.heap_bytes;
    sum.resident_bytes += growth.of_all.resident_bytes;
  }
  const double connections = kConnections * static_cast<double>(state.iterations());
  state.counters["heap_bytes_per_connection"] = sum.heap_bytes / connections;
  state.counters["rss_bytes_per_connection"] = sum.resident_bytes / connections;
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace

void RegisterIdleMemoryBenchmarks() {
  for (const EngineKind& kind : FloorAndEngines()) {
    if (kind.max_concurrency < kConnections) continue;
    for (const auto wire : {ChildServer::Wire::kPlain, ChildServer::Wire::kTls}) {
      const bool tls = wire == ChildServer::Wire::kTls;
      if (tls && !kind.tls) continue;
      const std::string name = "matrix/idle_memory/" + std::string(kind.name) +
                               (tls ? "/tls" : "/plain") +
                               "/connections:" + std::to_string(kConnections);
      benchmark::RegisterBenchmark(
          name.c_str(), [kind, wire](benchmark::State& state) { Run(state, kind, wire); })
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace assay::bench
