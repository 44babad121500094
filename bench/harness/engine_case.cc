#include "bench/harness/engine_case.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "bench/harness/descriptors.h"
#include "bench/harness/engine_counters.h"
#include "bench/harness/one_cpu.h"
#include "bench/harness/warm_up.h"

namespace assay::bench {
namespace {

// So many bytes take a fraction of a second.
constexpr std::size_t kBatchBytes = 256 << 20;

// Long enough that the ramp at the start and the drain at the end weigh little:
// at the end of a batch each slot idles for half a delay on average, 0.5 % of a
// hundred delays. A single slot needs more for its p99 to mean anything. Large
// bodies get shorter batches, in which each slot has its turn twice.
std::uint64_t BatchSize(const EngineCase& engine_case) {
  const auto slots = static_cast<std::uint64_t>(engine_case.concurrency);
  if (engine_case.latency > Duration::zero()) return std::max<std::uint64_t>(300, 100 * slots);
  // A handshake takes as long as a hundred requests.
  if (engine_case.way == Way::kTls && engine_case.pooling == Pooling::kNaive)
    return 10 * slots + 90;
  const Exchange& exchange = engine_case.exchange;
  const std::uint64_t carried =
      kBatchBytes / (exchange.request_bytes + exchange.response_bytes + 1);
  return std::max(2 * slots, std::min(carried, std::max<std::uint64_t>(2000, 100 * slots)));
}

// Ten requests a slot, large bodies excepted: enough that each opens its connection.
std::uint64_t WarmUpSize(const EngineCase& engine_case) {
  return std::min(10 * static_cast<std::uint64_t>(engine_case.concurrency), BatchSize(engine_case));
}

// Client and server are both in this process, and so is a gate with two ends of its own. Twice,
// for connections that are being closed.
std::string WhyNotHere(const EngineCase& engine_case) {
  const int ends = engine_case.way == Way::kDirect ? 2 : 4;
  return WhyNotDescriptors(static_cast<std::size_t>(2 * ends * engine_case.concurrency + 64));
}

void Time(benchmark::State& state, const EngineCase& engine_case) {
  ExchangeServer fixture({.latency = engine_case.latency,
                          .concurrency = engine_case.concurrency,
                          .exchange = engine_case.exchange,
                          .way = engine_case.way});
  const Request request = fixture.request();
  const auto engine =
      engine_case.engine.make({.concurrency = engine_case.concurrency,
                               .pooling = engine_case.pooling,
                               .connection = {.timeout = std::chrono::seconds(30),
                                              .tls = {.ca_pem = fixture.AuthorityPem(),
                                                      .session_resumption = engine_case.resumes}}});
  if (const auto wrong = VerifyAndWarmUp(*engine, {.request = request,
                                                   .body = fixture.response_body(),
                                                   .slots = engine_case.concurrency,
                                                   .requests = WarmUpSize(engine_case),
                                                   .resumes = engine_case.resumes,
                                                   .pooling = engine_case.pooling});
      !wrong.empty()) {
    return state.SkipWithError(wrong.c_str());
  }

  fixture.server().ResetStats();
  const Duration server_cpu_before = fixture.CpuTime();
  CheckingSink sink(CheckingSink::Depth::kLength, fixture.response_body());
  const Workload batch{{request}, BatchSize(engine_case), {}};
  EngineMeasurement measured{.concurrency = engine_case.concurrency,
                             .pooling = engine_case.pooling,
                             .resumes = engine_case.resumes};
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(*batch.count))) {
    const RunSummary part = engine->Run(batch, sink);
    measured.total.requests += part.requests;
    measured.total.connections_opened += part.connections_opened;
    measured.total.elapsed += part.elapsed;
    measured.total.cpu += part.cpu;
    measured.total.tls_resumed += part.tls_resumed;
  }
  measured.server = fixture.server().Stats();
  measured.server_cpu = fixture.CpuTime() - server_cpu_before;

  const auto wanted = static_cast<std::uint64_t>(state.iterations());
  if (const std::string wrong = WhatIsWrong(measured, sink, wanted); !wrong.empty()) {
    return state.SkipWithError(("while timed: " + wrong).c_str());
  }
  for (const auto& [name, value] : EngineCounters(measured, sink)) state.counters[name] = value;
}

}  // namespace

void RunEngineCase(benchmark::State& state, const EngineCase& engine_case) {
  if (const std::string why = WhyNotHere(engine_case); !why.empty()) {
    return state.SkipWithError(why.c_str());
  }
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
  if (engine_case.concurrency > engine_case.engine.max_concurrency) return;
  if (engine_case.way == Way::kTls && !engine_case.engine.tls) return;
  const auto latency = std::chrono::duration_cast<std::chrono::microseconds>(engine_case.latency);
  const std::string name = family + "/latency_us:" + std::to_string(latency.count()) +
                           "/concurrency:" + std::to_string(engine_case.concurrency);
  benchmark::RegisterBenchmark(name.c_str(), [engine_case](benchmark::State& state) {
    RunEngineCase(state, engine_case);
  })->UseRealTime();
}

}  // namespace assay::bench
