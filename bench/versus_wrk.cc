// How far is the async engine from wrk? Both in turn on the same fixture, without
// latency; every iteration is one second of each, and the order alternates.
//
//   versus_wrk/async/pooled/latency_us:0/concurrency:<C>
//
// Counters: rps, wrk_rps and their rps_ratio (above 1: faster than wrk);
// cpu_us_per_req, wrk_cpu_us_per_req and their cpu_ratio (below 1: cheaper than
// wrk), both from the kernel's account of the client alone, wrk's with its start. wrk reads no
// further than a response's length; the engine checks status and length.
#include <benchmark/benchmark.h>

#include <exception>

#include "assay/engines/engines.h"
#include "bench/benchmarks.h"
#include "bench/harness/checking_sink.h"
#include "bench/harness/fixture.h"
#include "bench/harness/wrk.h"

namespace assay::bench {
namespace {

constexpr int kSeconds = 1;

struct Totals {
  double requests = 0;
  double seconds = 0;
  double cpu_us = 0;

  void Add(double more_requests, double more_seconds, Duration cpu) {
    requests += more_requests;
    seconds += more_seconds;
    cpu_us += std::chrono::duration<double, std::micro>(cpu).count();
  }
  double rps() const { return requests / seconds; }
  double cpu_us_per_req() const { return cpu_us / requests; }
};

void SetCounters(benchmark::State& state, const Totals& ours, const Totals& wrk) {
  auto& counters = state.counters;
  counters["rps"] = ours.rps();
  counters["wrk_rps"] = wrk.rps();
  counters["rps_ratio"] = ours.rps() / wrk.rps();
  counters["cpu_us_per_req"] = ours.cpu_us_per_req();
  counters["wrk_cpu_us_per_req"] = wrk.cpu_us_per_req();
  counters["cpu_ratio"] = ours.cpu_us_per_req() / wrk.cpu_us_per_req();
}

void TimeBoth(benchmark::State& state, int concurrency) {
  fixture::MockServer server(FixtureOptions(Duration::zero(), concurrency));
  const Request request = FixtureRequest(server);
  const auto engine = MakeAsyncEngine({.concurrency = concurrency});
  CheckingSink verification(CheckingSink::Depth::kBody);
  const auto warm_up = 10 * static_cast<std::uint64_t>(concurrency);
  engine->Run({{request}, warm_up, {}}, verification);
  if (verification.wrong() > 0 || verification.seen() != warm_up) {
    return state.SkipWithError(("verification: " + verification.first_wrong()).c_str());
  }

  static bool wrk_first = false;
  Totals ours, wrk;
  CheckingSink sink(CheckingSink::Depth::kLength);
  for (auto _ : state) {
    wrk_first = !wrk_first;
    for (const bool run_wrk : {wrk_first, !wrk_first}) {
      if (run_wrk) {
        const auto report = RunWrk(request.url.ToString(), concurrency, kSeconds);
        if (!report) return state.SkipWithError(report.error().message.c_str());
        const auto requests = static_cast<double>(report->requests);
        wrk.Add(requests, requests / report->requests_per_second, report->cpu);
      } else {
        server.ResetStats();
        const RunSummary run = engine->Run({{request}, {}, std::chrono::seconds(kSeconds)}, sink);
        if (server.Stats().requests != run.requests) {
          return state.SkipWithError("while timed: the server counted other requests");
        }
        ours.Add(static_cast<double>(run.requests),
                 std::chrono::duration<double>(run.elapsed).count(), run.cpu);
      }
    }
  }
  if (sink.wrong() > 0) {
    return state.SkipWithError(("while timed: " + sink.first_wrong()).c_str());
  }
  SetCounters(state, ours, wrk);
}

void RunVersusWrk(benchmark::State& state, int concurrency) {
  try {
    TimeBoth(state, concurrency);
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

}  // namespace

void RegisterVersusWrkBenchmarks() {
  benchmark::RegisterBenchmark("versus_wrk/async/pooled/latency_us:0/concurrency:32",
                               [](benchmark::State& state) { RunVersusWrk(state, 32); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace assay::bench
