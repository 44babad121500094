// How much more does a failing server get to do because its clients try again?
//
//   resilience/retry_amplification/<none|no_budget|token_budget|ratio_budget>/error_percent:<P>
//
// An iteration is one call; a call that fails is tried three times at most, `none` once. The server
// fails each request with probability P, drawn from a seed: the n-th request has the same fate in
// every run. Nobody waits between tries, for it is the count that is asked for. The budgets are
// small, so that what they hold at first does not hide what they allow in the long run: 10 tokens
// and 0.1 for a success; 0.2 extra calls for a success and none for free.
//
// Counters: amplification = requests that the server counted / calls, and success_ratio, what the
// calls got for it. Without a budget, amplification_expected = 1 + p + p^2, from which it must not
// differ by more than five standard errors, and success_ratio_expected = 1 - p^3 (`none`: 1 and
// 1 - p). With one, amplification_limit = 1 + (at_first + ratio * successes) / calls, which it must
// not exceed.
#include <benchmark/benchmark.h>

#include <cmath>
#include <exception>
#include <string>

#include "assay/patterns/retry/call.h"
#include "assay/patterns/waiting.h"
#include "assay/transport/client.h"
#include "bench/harness/one_cpu.h"
#include "bench/resilience/amplification.h"
#include "bench/resilience/flaky_server.h"
#include "bench/resilience/resilience_benchmarks.h"

namespace assay::bench {
namespace {

constexpr int kCalls = 1000;
constexpr int kAttempts = 3;
constexpr TokenBudgetOptions kTokens{.max_tokens = 10, .token_ratio = 0.1};
constexpr RatioBudgetOptions kRatio{.ratio = 0.2, .floor = 0};

struct Counts {
  std::uint64_t calls = 0, successes = 0, requests = 0;
};

// The machine's time, but for the waits, which are over at once.
struct WithoutWaits {
  TimePoint Now() const noexcept { return SteadyClock().Now(); }
  struct Nap {
    explicit Nap(const WithoutWaits&) noexcept {}
    bool Until(Deadline) noexcept { return true; }
    void Wake() noexcept {}
  };
};

Counts RunCalls(benchmark::State& state, double error_rate, int attempts, RetryBudget* budget) {
  const OneCpu one_cpu;
  state.SetLabel(one_cpu.active() ? "one CPU" : "not pinned");
  FlakyServer server;
  Client client;
  const Request request = server.request();
  Verify(IsRight(client.Send(request)), "not the fixture's answer");
  RetryOptions options;  // not designated: GCC 12 sees uninitialized members in it
  options.max_attempts = attempts;
  Retry retry(options, budget);
  const WithoutWaits time;
  server.SetErrorRate(error_rate);
  const std::uint64_t before = server.requests();
  Counts counts;
  for (auto _ : state) {
    const Result<Response> result = Call(retry, time, RequestToRetry(request),
                                         [&](const Try&) { return client.Send(request); });
    Verify(IsRight(result) || (result.ok() && result->status == 500), "neither 200 nor 500");
    ++counts.calls;
    if (result->status == 200) ++counts.successes;
  }
  counts.requests = server.requests() - before;
  Verify(counts.requests == counts.calls + retry.Snapshot().retries,
         "the server has not got what was sent");
  return counts;
}

// Returns the amplification.
double Report(benchmark::State& state, const Counts& counts) {
  const auto calls = static_cast<double>(counts.calls);
  state.counters["success_ratio"] = static_cast<double>(counts.successes) / calls;
  return state.counters["amplification"] = static_cast<double>(counts.requests) / calls;
}

void RunWithoutBudget(benchmark::State& state, double error_rate, int attempts) {
  const Counts counts = RunCalls(state, error_rate, attempts, nullptr);
  const double measured = Report(state, counts);
  const double expected = ExpectedAmplification(error_rate, attempts);
  state.counters["amplification_expected"] = expected;
  state.counters["success_ratio_expected"] = ExpectedSuccess(error_rate, attempts);
  Verify(
      std::abs(measured - expected) <= AmplificationTolerance(error_rate, attempts, counts.calls),
      "amplification is not as expected");
}

template <class BudgetOptions>
void RunWithBudget(benchmark::State& state, double error_rate, const BudgetOptions& options) {
  RetryBudget budget(options);
  const Counts counts = RunCalls(state, error_rate, kAttempts, &budget);
  const double measured = Report(state, counts);
  const double most = MostAmplification(options, counts.calls, counts.successes);
  state.counters["amplification_limit"] = most;
  Verify(measured <= most, "the budget was exceeded");
}

template <class Row>
void Register(const std::string& name, int error_percent, Row row) {
  const std::string full =
      "resilience/retry_amplification/" + name + "/error_percent:" + std::to_string(error_percent);
  benchmark::RegisterBenchmark(full.c_str(),
                               [row, error_percent](benchmark::State& state) {
                                 try {
                                   row(state, error_percent / 100.0);
                                 } catch (const std::exception& error) {
                                   state.SkipWithError(error.what());
                                 }
                               })
      ->Iterations(kCalls)
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace

void RegisterRetryAmplificationBenchmarks() {
  for (const int percent : {0, 10, 50, 100}) {
    Register("none", percent,
             [](benchmark::State& state, double rate) { RunWithoutBudget(state, rate, 1); });
    Register("no_budget", percent, [](benchmark::State& state, double rate) {
      RunWithoutBudget(state, rate, kAttempts);
    });
    Register("token_budget", percent,
             [](benchmark::State& state, double rate) { RunWithBudget(state, rate, kTokens); });
    Register("ratio_budget", percent,
             [](benchmark::State& state, double rate) { RunWithBudget(state, rate, kRatio); });
  }
}

}  // namespace assay::bench
