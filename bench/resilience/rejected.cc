// What does failing fast save? A call that fails, in three ways:
//
//   resilience/rejected/open_circuit          rejected by a breaker; nothing leaves the process
//   resilience/rejected/status_500            sent, and answered with an error
//   resilience/rejected/connection_refused    nobody listens at the other end
//
// An iteration is one call. Counters: requests_per_call, as the server counted them;
// allocs_per_op and cpu_us_per_req of the caller.
#include <benchmark/benchmark.h>

#include <exception>
#include <string>

#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/waiting.h"
#include "assay/transport/client.h"
#include "bench/fixture/spread.h"
#include "bench/harness/allocations.h"
#include "bench/harness/one_cpu.h"
#include "bench/resilience/flaky_server.h"
#include "bench/resilience/resilience_benchmarks.h"

namespace assay::bench {
namespace {

// `call` returns a Result that `fails` has to be true for. `requests` per call have to reach the
// server.
template <class F, class Fails>
void TimeFailing(benchmark::State& state, const FlakyServer& server, std::uint64_t requests, F call,
                 Fails fails) {
  Verify(fails(call()), "a call did not fail as it has to");
  const std::uint64_t before = server.requests();
  benchmark::IterationCount failed = 0;
  TakeAllocations();
  const Duration cpu_before = CpuTime();
  for (auto _ : state) {
    if (fails(call())) ++failed;
  }
  const Duration cpu = CpuTime() - cpu_before;
  const auto calls = static_cast<double>(state.iterations());
  state.counters["allocs_per_op"] = static_cast<double>(TakeAllocations()) / calls;
  state.counters["cpu_us_per_req"] = ToMicroseconds(cpu) / calls;
  const std::uint64_t reached = server.requests() - before;
  state.counters["requests_per_call"] = static_cast<double>(reached) / calls;
  Verify(failed == state.iterations(), "a call did not fail as it has to");
  Verify(reached == requests * static_cast<std::uint64_t>(failed), "requests at the server");
}

void OpenCircuit(benchmark::State& state, FlakyServer& server, Client& client) {
  CircuitBreaker breaker({.failure_threshold = 5, .open_duration = std::chrono::hours(1)});
  const SteadyThreadTime time;
  const Request request = server.request();
  const auto call = [&] { return Call(breaker, time, [&] { return client.Send(request); }); };
  server.SetErrorRate(1);
  for (int i = 0; i < 5; ++i) Verify(call().ok(), "a closed circuit let nothing through");
  TimeFailing(state, server, 0, call, [](const Result<Response>& result) {
    return !result.ok() && result.error().code == ErrorCode::kCircuitOpen;
  });
}

void Status500(benchmark::State& state, FlakyServer& server, Client& client) {
  server.SetErrorRate(1);
  const Request request = server.request();
  TimeFailing(
      state, server, 1, [&] { return client.Send(request); },
      [](const Result<Response>& result) { return result.ok() && result->status == 500; });
}

void ConnectionRefused(benchmark::State& state, FlakyServer& server, Client& client) {
  server.Down();
  const Request request = server.request();
  TimeFailing(
      state, server, 0, [&] { return client.Send(request); },
      [](const Result<Response>& result) {
        return !result.ok() && result.error().code == ErrorCode::kConnectRefused;
      });
}

template <class Row>
void Register(const char* name, Row row) {
  benchmark::RegisterBenchmark((std::string("resilience/rejected/") + name).c_str(),
                               [row](benchmark::State& state) {
                                 try {
                                   const OneCpu one_cpu;
                                   state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
                                   FlakyServer server;
                                   Client client;
                                   Verify(IsRight(client.Send(server.request())),
                                          "not the fixture's answer");
                                   row(state, server, client);
                                 } catch (const std::exception& error) {
                                   state.SkipWithError(error.what());
                                 }
                               })
      ->UseRealTime();
}

}  // namespace

void RegisterRejectedBenchmarks() {
  Register("open_circuit", OpenCircuit);
  Register("status_500", Status500);
  Register("connection_refused", ConnectionRefused);
}

}  // namespace assay::bench
