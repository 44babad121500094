// What does a retry policy cost a call that needs none, and one that is not granted any?
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "assay/core/clock.h"
#include "assay/patterns/retry/call.h"
#include "bench/pattern/pattern_benchmarks.h"
#include "bench/pattern/pattern_case.h"
#include "bench/pattern/trivial_call.h"

namespace assay::bench {
namespace {

constexpr RetryRequest kRepeatable{.repeatable = true};

// One load, to learn that the budget is full.
void Floor(benchmark::State& state) {
  std::atomic<std::uint64_t> word{1};
  std::uint64_t full = 0;
  benchmark::DoNotOptimize(&word);  // somebody else might write it
  for (auto _ : state) {
    benchmark::DoNotOptimize(TrivialCall());
    if (word.load(std::memory_order_relaxed) == 1) ++full;
  }
  if (full != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("the floor does not add up");
  }
}

void Off(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(TrivialCall());
}

// The policy has to be in the way, or its price would be that of a bystander.
bool TriesAgain(Retry& retry) {
  std::int64_t tries = 0;
  const auto fails = [&](const Try& attempt) -> Result<int> {
    tries = attempt.attempt;
    return Error{ErrorCode::kTimeout, ""};
  };
  const Result<int> failed = Call(retry, SteadyThreadTime(), kRepeatable, fails);
  return !failed.ok() && tries == retry.rules().options().max_attempts;
}

RetryOptions Quick() { return {.backoff = {.growth = Growth::kConstant, .base = Duration(1)}}; }

void TimeSuccesses(benchmark::State& state, Retry& retry) {
  const SteadyThreadTime time;
  const bool first = state.thread_index() == 0;
  if (first && !TriesAgain(retry)) state.SkipWithError("a failed call was not tried again");
  const RetrySnapshot before = retry.Snapshot();
  std::int64_t answers = 0;
  TakeAllocations();  // what the check took is not this row's
  for (auto _ : state) {
    if (Call(retry, time, kRepeatable, [](const Try&) { return TrivialCall(); }).ok()) ++answers;
  }
  if (answers != state.iterations() || (first && retry.Snapshot() != before)) {
    state.SkipWithError("a call failed, or a success was counted as something else");
  }
}

void Calm(benchmark::State& state) {
  RetryBudget budget;
  Retry retry(Quick(), &budget);
  TimeSuccesses(state, retry);
}

void CalmWithoutBudget(benchmark::State& state) {
  Retry retry(Quick());
  TimeSuccesses(state, retry);
}

// A budget that is not full: each success adds to it.
void CalmFilling(benchmark::State& state) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1'000'000, .token_ratio = 0.001});
  for (int i = 0; i < 490'000; ++i) budget.Withdraw({});
  Retry retry(Quick(), &budget);
  TimeSuccesses(state, retry);
}

// With the clock read for the deadline of the try, and for the window of the budget.
void CalmWithClock(benchmark::State& state) {
  RetryBudget budget(RatioBudgetOptions{});
  RetryOptions options = Quick();
  options.try_timeout = std::chrono::seconds(1);
  Retry retry(options, &budget);
  TimeSuccesses(state, retry);
}

// A failure that is not tried again, because the budget is empty: no wait, one clock read.
void Refusing(benchmark::State& state) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  Retry retry(Quick(), &budget);
  budget.Withdraw({});
  const SteadyThreadTime time;
  const auto fails = [](const Try&) -> Result<int> { return Error{ErrorCode::kTimeout, {}}; };
  if (Call(retry, time, kRepeatable, fails).ok()) state.SkipWithError("the call did not fail");
  const std::uint64_t before = retry.Snapshot().no_budget;
  TakeAllocations();  // what the check took is not this row's
  for (auto _ : state) benchmark::DoNotOptimize(Call(retry, time, kRepeatable, fails));
  const RetrySnapshot after = retry.Snapshot();
  if (after.no_budget - before != static_cast<std::uint64_t>(state.iterations()) ||
      after.retries != 0) {
    state.SkipWithError("not every retry was refused");
  }
}

// The price of what happens between two threads: the floor is a load of a shared word.
void FloorContended(benchmark::State& state, std::atomic<std::uint64_t>& word) {
  std::uint64_t full = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(TrivialCall());
    if (word.load(std::memory_order_relaxed) == 1) ++full;
  }
  if (full != static_cast<std::uint64_t>(state.iterations())) {
    state.SkipWithError("the floor does not add up");
  }
}

struct Shared {
  RetryBudget budget{};
  Retry retry{Quick(), &budget};
};

}  // namespace

void RegisterRetryBenchmarks() {
  RegisterPatternCase("pattern/retry/floor", Floor);
  RegisterPatternCase("pattern/retry/off", Off);
  RegisterPatternCase("pattern/retry/calm", Calm);
  RegisterPatternCase("pattern/retry/calm_without_budget", CalmWithoutBudget);
  RegisterPatternCase("pattern/retry/calm_filling", CalmFilling);
  RegisterPatternCase("pattern/retry/calm_with_clock", CalmWithClock);
  RegisterPatternCase("pattern/retry/refusing", Refusing);
  const auto word = std::make_shared<std::atomic<std::uint64_t>>(1);
  RegisterPatternCase("pattern/retry/floor_contended",
                      [word](benchmark::State& state) { FloorContended(state, *word); })
      ->Threads(2)
      ->UseRealTime();
  const auto shared = std::make_shared<Shared>();
  RegisterPatternCase("pattern/retry/contended",
                      [shared](benchmark::State& state) {
                        const SteadyThreadTime time;
                        std::int64_t answers = 0;
                        for (auto _ : state) {
                          const auto call = [](const Try&) { return TrivialCall(); };
                          if (Call(shared->retry, time, kRepeatable, call).ok()) ++answers;
                        }
                        if (answers != state.iterations()) state.SkipWithError("a call failed");
                      })
      ->Threads(2)
      ->UseRealTime();
}

}  // namespace assay::bench
