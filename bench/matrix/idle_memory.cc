// What memory does a pooled connection take while nothing happens on it, and what a slot, which
// carries one request at a time?
//
//   matrix/idle_memory/<engine>/<plain|tls>/connections:<N>
//
// With as many slots, N connections are compared with a tenth of them, and then N slots with a
// tenth of them for as many connections. Counters: heap_bytes_per_connection and
// heap_bytes_per_slot, what malloc() has handed out, be it to us or to a library;
// rss_bytes_per_connection, what the process has grown by. The kernel's buffers are in none.
//
// The engine `floor` (bench/peers) stands beside ours: a descriptor, and what reads a first answer
// properly. It has a slot for each connection, and what both take is the connection's. The server
// is a process of its own.
#include <benchmark/benchmark.h>

#include <exception>
#include <stdexcept>
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

constexpr int kMany = 1000;
constexpr int kFew = kMany / 10;

Memory operator-(const Memory& a, const Memory& b) {
  return {a.heap_bytes - b.heap_bytes, a.resident_bytes - b.resident_bytes};
}

// What an engine takes, from before it was made, whose slots have all served and whose
// connections are all idle. Throws std::runtime_error for a wrong answer.
Memory Taken(const EngineKind& kind, const ChildServer& server, int slots, int connections) {
  const WarmUp warm_up{.request = server.request(),
                       .body = FixtureBody(),
                       .slots = connections,
                       .requests = 20 * static_cast<std::uint64_t>(slots)};
  const Memory before = MemoryNow();
  const auto engine =
      kind.make({.concurrency = slots,
                 .connection = {.tls = {.ca_pem = server.authority()}},
                 .pool = PoolOptions{.max_connections = connections, .max_idle = connections}});
  if (const std::string wrong = VerifyAndWarmUp(*engine, warm_up); !wrong.empty()) {
    throw std::runtime_error(wrong);
  }
  return MemoryNow() - before;
}

struct Shares {
  Memory connection{};
  Memory slot{};
};

Shares SharesOf(const EngineKind& kind, const ChildServer& server) {
  const bool pools = FindEngine(kind.name) != nullptr;  // else a slot has its connection
  const Memory few = Taken(kind, server, kFew, kFew);
  const Memory many = Taken(kind, server, kMany, kMany);
  if (!pools) return {.connection = many - few};
  const Memory many_slots = Taken(kind, server, kMany, kFew);
  return {.connection = many - many_slots, .slot = many_slots - few};
}

void Run(benchmark::State& state, const EngineKind& kind, ChildServer::Wire wire) try {
  // The server's process has both ends of its gate, and the same limit.
  if (const std::string why = WhyNotDescriptors(3 * kMany + 64); !why.empty()) {
    return state.SkipWithError(why.c_str());
  }
  const ChildServer server(wire);
  Taken(kind, server, kMany, kMany);  // what a library takes once is not the connections'
  for (auto _ : state) {
    const Shares shares = SharesOf(kind, server);
    state.counters["heap_bytes_per_connection"] = shares.connection.heap_bytes / (kMany - kFew);
    state.counters["rss_bytes_per_connection"] = shares.connection.resident_bytes / (kMany - kFew);
    if (shares.slot.heap_bytes > 0) {
      state.counters["heap_bytes_per_slot"] = shares.slot.heap_bytes / (kMany - kFew);
    }
  }
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

}  // namespace

void RegisterIdleMemoryBenchmarks() {
  for (const EngineKind& kind : FloorAndEngines()) {
    if (kind.max_concurrency < kMany) continue;
    for (const auto wire : {ChildServer::Wire::kPlain, ChildServer::Wire::kTls}) {
      const bool tls = wire == ChildServer::Wire::kTls;
      if (tls && !kind.tls) continue;
      const std::string name = "matrix/idle_memory/" + std::string(kind.name) +
                               (tls ? "/tls" : "/plain") + "/connections:" + std::to_string(kMany);
      benchmark::RegisterBenchmark(
          name.c_str(), [kind, wire](benchmark::State& state) { Run(state, kind, wire); })
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
    }
  }
}

}  // namespace assay::bench
