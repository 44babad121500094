// How long does a circuit breaker leave a server alone that fails, and how soon is it back?
//
//   resilience/breaker_timeline/up_before_probe    closed -> open -> half_open -> closed
//   resilience/breaker_timeline/up_after_probe     ... -> half_open -> open -> half_open -> closed
//
// One iteration is one such life: calls that go well; the server fails all requests from one point
// on; the circuit opens; the caller goes on calling, as fast as it can, until the circuit is closed
// again. The server is up again as soon as the circuit has opened, with `up_after_probe` when it
// has opened for the second time, for the first probe failed: so the caller waits out an open time
// in vain. A new breaker for each life, one connection for all.
//
// Counters, the median of the lives: calls_to_open and time_to_open_ms from the first failure on;
// open_ms and half_open_ms; time_to_recover_ms from when the server is up until the circuit is
// closed; rejected_calls and what each cost, rejected_ns, the clock read and the loop around it
// included. requests_closed, _open and _half_open are what the server counted. The configured
// values stand beside them: calls_to_open_configured, open_configured_ms (of all open times),
// probes_configured.
#include <benchmark/benchmark.h>

#include <exception>
#include <map>
#include <string>
#include <vector>

#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/waiting.h"
#include "assay/transport/client.h"
#include "bench/fixture/spread.h"
#include "bench/harness/one_cpu.h"
#include "bench/resilience/flaky_server.h"
#include "bench/resilience/resilience_benchmarks.h"
#include "bench/resilience/timeline.h"

namespace assay::bench {
namespace {

constexpr int kCalmCalls = 10;  // before the server fails
constexpr int kFailureThreshold = 5;
constexpr int kSuccessThreshold = 2;
constexpr Duration kOpenDuration = std::chrono::milliseconds(20);
constexpr Duration kLongest = 500 * kOpenDuration;  // that a life may take

// What happens in a life in which so many open times pass.
std::vector<ExpectedStay> Expected(int open_times) {
  std::vector<ExpectedStay> stays{{CircuitState::kClosed, kCalmCalls + kFailureThreshold}};
  for (int i = 1; i <= open_times; ++i) {
    stays.push_back({CircuitState::kOpen, 0});
    // The first failed probe opens.
    stays.push_back({CircuitState::kHalfOpen, i == open_times ? kSuccessThreshold : 1u});
  }
  return stays;
}

// One breaker from its first call to when it is closed again.
class Life {
 public:
  // In which so many open times pass.
  Life(FlakyServer& server, Client& client, int open_times)
      : server_(server), client_(client), open_times_(open_times) {}

  // Throws std::runtime_error if something is not as it has to be.
  std::map<std::string, double> Run() {
    const std::vector<ExpectedStay> expected = Expected(open_times_);
    const std::uint64_t requests = server_.requests();
    const TimePoint begin = time_.Now();
    for (int i = 0; i < kCalmCalls; ++i) Verify(IsRight(CallOnce()), "a wrong answer while closed");
    server_.SetErrorRate(1);
    const TimePoint failing = time_.Now();
    for (std::uint64_t calls = 0; moments_.size() < expected.size(); ++calls) {
      Verify(IsAnswerOrRefusal(CallOnce()), "neither an answer nor a refusal");
      if (calls % 256 != 0) continue;  // the clock is read only now and then
      Verify(time_.Now() - failing < kLongest, "the circuit did not close");
    }
    const std::vector<Stay> stays = StaysOf(begin, requests, moments_);
    const std::string wrong = WhatIsWrongWithTimeline(moments_, stays, expected, kOpenDuration);
    Verify(wrong.empty(), wrong.c_str());
    return Figures(stays, failing);
  }

 private:
  Result<Response> CallOnce() {
    return Call(breaker_, time_, [this] { return client_.Send(request_); });
  }
  static bool IsAnswerOrRefusal(const Result<Response>& result) {
    if (!result.ok()) return result.error().code == ErrorCode::kCircuitOpen;
    return result->status == 500 || IsRight(*result);
  }
  void Changed(const CircuitTransition& change) {
    moments_.push_back({change, server_.requests(), breaker_.Snapshot(change.when).rejected});
    // By number and not by time: were the machine to stall, the probe would come before it.
    if (static_cast<int>(moments_.size()) != 2 * open_times_ - 1) return;
    server_.SetErrorRate(0);
    up_ = time_.Now();
  }
  std::map<std::string, double> Figures(const std::vector<Stay>& stays, TimePoint failing) const {
    const Stay closed = Sum(stays, CircuitState::kClosed), open = Sum(stays, CircuitState::kOpen),
               half_open = Sum(stays, CircuitState::kHalfOpen);
    std::map<std::string, double> figures{
        {"calls_to_open", static_cast<double>(closed.requests - kCalmCalls)},
        {"time_to_open_ms", ToMilliseconds(moments_.front().change.when - failing)},
        {"open_ms", ToMilliseconds(open.length)},
        {"half_open_ms", ToMilliseconds(half_open.length)},
        {"time_to_recover_ms", ToMilliseconds(moments_.back().change.when - up_)},
        {"requests_closed", static_cast<double>(closed.requests)},
        {"requests_open", static_cast<double>(open.requests)},
        {"requests_half_open", static_cast<double>(half_open.requests)},
        {"rejected_calls", static_cast<double>(open.rejected)}};
    if (open.rejected > 0) {  // or the machine stood still for as long as the circuit was open
      figures["rejected_ns"] =
          static_cast<double>(open.length.count()) / static_cast<double>(open.rejected);
    }
    return figures;
  }

  FlakyServer& server_;
  Client& client_;
  const Request request_ = server_.request();
  const int open_times_;
  const SteadyThreadTime time_{};
  TimePoint up_{};
  std::vector<Moment> moments_{};
  CircuitBreaker breaker_{
      {.failure_threshold = kFailureThreshold,
       .open_duration = kOpenDuration,
       .success_threshold = kSuccessThreshold,
       .on_transition = [this](const CircuitTransition& change) { Changed(change); }}};
};

void RunTimeline(benchmark::State& state, int open_times) try {
  const OneCpu one_cpu;
  state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
  FlakyServer server;
  Client client;
  Verify(IsRight(client.Send(server.request())), "not the fixture's answer");
  std::map<std::string, std::vector<double>> figures;
  for (auto _ : state) {
    for (const auto& [name, value] : Life(server, client, open_times).Run()) {
      figures[name].push_back(value);
    }
  }
  for (const auto& [name, values] : figures) state.counters[name] = Quantile(values, 0.5);
  state.counters["calls_to_open_configured"] = kFailureThreshold;
  state.counters["open_configured_ms"] = open_times * ToMilliseconds(kOpenDuration);
  state.counters["probes_configured"] = kSuccessThreshold + open_times - 1;
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

void Register(const std::string& when, int open_times) {
  benchmark::RegisterBenchmark(
      ("resilience/breaker_timeline/" + when).c_str(),
      [open_times](benchmark::State& state) { RunTimeline(state, open_times); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void RegisterBreakerTimelineBenchmarks() {
  Register("up_before_probe", 1);
  Register("up_after_probe", 2);
}

}  // namespace assay::bench
