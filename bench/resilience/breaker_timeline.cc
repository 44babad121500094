// How long does a circuit breaker leave a server alone that fails, and how soon is it back?
//
//   resilience/breaker_timeline/up_before_probe    closed -> open -> half_open -> closed
//   resilience/breaker_timeline/up_after_probe     ... -> half_open -> open -> half_open -> closed
//
// One iteration is one such life: calls that go well; the server fails all requests from one point
// on; the circuit opens; the caller goes on calling, as fast as it can, until the circuit is closed
// again. The server is up again when (the last) half of an open time is over, so with
// `up_after_probe` it fails the first probe. A new breaker for each life, one connection for all.
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
#include <optional>
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
constexpr Duration kLongest = 50 * kOpenDuration;  // that a life may take

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
  Life(FlakyServer& server, Client& client) : server_(server), client_(client) {}

  // Throws std::runtime_error if something is not as it has to be.
  std::map<std::string, double> Run(int open_times) {
    const std::vector<ExpectedStay> expected = Expected(open_times);
    const std::uint64_t requests = server_.requests();
    const TimePoint begin = time_.Now();
    for (int i = 0; i < kCalmCalls; ++i) Verify(IsRight(CallOnce()), "a wrong answer while closed");
    server_.SetErrorRate(1);
    const TimePoint failing = time_.Now();
    std::optional<TimePoint> up;
    for (std::uint64_t calls = 1; moments_.size() < expected.size(); ++calls) {
      Verify(IsAnswerOrRefusal(CallOnce()), "neither an answer nor a refusal");
      if (calls % 256 != 0 && !moments_.empty()) continue;  // the clock is read only now and then
      const TimePoint now = time_.Now();
      Verify(now - failing < kLongest, "the circuit did not close");
      if (!up && IsTimeToBeUp(open_times, now)) {
        server_.SetErrorRate(0);
        up = time_.Now();
      }
    }
    Verify(up.has_value(), "the circuit closed while the server failed");
    const std::vector<Stay> stays = StaysOf(begin, requests, moments_);
    const std::string wrong = WhatIsWrongWithTimeline(moments_, stays, expected, kOpenDuration);
    Verify(wrong.empty(), wrong.c_str());
    return Figures(stays, failing, *up);
  }

 private:
  Result<Response> CallOnce() {
    return Call(breaker_, time_, [this] { return client_.Send(request_); });
  }
  static bool IsAnswerOrRefusal(const Result<Response>& result) {
    if (!result.ok()) return result.error().code == ErrorCode::kCircuitOpen;
    return result->status == 500 || IsRight(*result);
  }
  // Half of the last open time is over.
  bool IsTimeToBeUp(int open_times, TimePoint now) const {
    return static_cast<int>(moments_.size()) == 2 * open_times - 1 &&
           now - moments_.back().change.when >= kOpenDuration / 2;
  }
  std::map<std::string, double> Figures(const std::vector<Stay>& stays, TimePoint failing,
                                        TimePoint up) const {
    const Stay closed = Sum(stays, CircuitState::kClosed), open = Sum(stays, CircuitState::kOpen),
               half_open = Sum(stays, CircuitState::kHalfOpen);
    const auto rejected = static_cast<double>(open.rejected);
    return {{"calls_to_open", static_cast<double>(closed.requests - kCalmCalls)},
            {"time_to_open_ms", ToMilliseconds(moments_.front().change.when - failing)},
            {"open_ms", ToMilliseconds(open.length)},
            {"half_open_ms", ToMilliseconds(half_open.length)},
            {"time_to_recover_ms", ToMilliseconds(moments_.back().change.when - up)},
            {"requests_closed", static_cast<double>(closed.requests)},
            {"requests_open", static_cast<double>(open.requests)},
            {"requests_half_open", static_cast<double>(half_open.requests)},
            {"rejected_calls", rejected},
            {"rejected_ns", static_cast<double>(open.length.count()) / rejected}};
  }

  FlakyServer& server_;
  Client& client_;
  const Request request_ = server_.request();
  const SteadyThreadTime time_{};
  std::vector<Moment> moments_{};
  CircuitBreaker breaker_{
      {.failure_threshold = kFailureThreshold,
       .open_duration = kOpenDuration,
       .success_threshold = kSuccessThreshold,
       .on_transition = [this](const CircuitTransition& change) {
         moments_.push_back({change, server_.requests(), breaker_.Snapshot(change.when).rejected});
       }}};
};

void RunTimeline(benchmark::State& state, int open_times) try {
  const OneCpu one_cpu;
  state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
  FlakyServer server;
  Client client;
  Verify(IsRight(client.Send(server.request())), "not the fixture's answer");
  std::map<std::string, std::vector<double>> figures;
  for (auto _ : state) {
    for (const auto& [name, value] : Life(server, client).Run(open_times)) {
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
