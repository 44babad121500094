// Asks a second time while the first answer is late, and takes the one that comes first (Dean and
// Barroso, "The Tail at Scale", CACM 2013).
//
//   Hedge hedge({.latency = LatencyQuantileOptions{.quantile = 0.95}}, &budget);
//   auto response = co_await CallAsync(hedge, time, [&](int attempt) { return Fetch(url); });
//
// The policy: after how long the next attempt begins, whether it may (a budget shared with
// retries), and counters. No clock, no thread, no I/O. It serves any number of calls, from any
// thread, and must outlive them; the budget must outlive it. Only calls that may be made twice
// belong here; who asks decides that.
//
// Left out: a choice of another server (`fn` is told the number of the attempt).
#ifndef ASSAY_PATTERNS_HEDGE_HEDGE_H_
#define ASSAY_PATTERNS_HEDGE_HEDGE_H_

#include <cstdint>
#include <optional>

#include "assay/core/clock.h"
#include "assay/core/threads.h"
#include "assay/patterns/hedge/latency_quantile.h"
#include "assay/patterns/retry_budget.h"

namespace assay {

struct HedgeOptions {
  int max_attempts = 2;  // 1 to 10, the first one included
  // Between two attempts, 0 or above (0: all at once; Duration::max(): only failures are hedged);
  // with `latency` only as long as there are too few samples.
  Duration delay = std::chrono::milliseconds(100);
  // The delay is this quantile of how long first attempts take that do not fail. One that a hedge
  // has overtaken counts with the time that it was out: it took longer, and to leave it out would
  // make the next delays ever shorter. Hedges do not count, their latencies are those of winners.
  std::optional<LatencyQuantileOptions> latency{};
  bool at_failure = true;  // an attempt that fails is followed by the next one at once
  // Whether an answered call fills the budget: not inside of a retry that has the same one.
  bool fills_budget = true;
};

// Throws std::invalid_argument that names the option, its value and the range.
void CheckHedge(const HedgeOptions& options);

struct HedgeSnapshot {
  std::uint64_t hedges = 0;   // attempts after the first of a call
  std::uint64_t won = 0;      // calls that a hedge has answered
  std::uint64_t refused = 0;  // hedges that the budget had nothing left for

  friend bool operator==(const HedgeSnapshot&, const HedgeSnapshot&) = default;
};

template <class Threads = StdThreads>
class BasicHedge {
 public:
  using Budget = BasicRetryBudget<Threads>;

  explicit BasicHedge(const HedgeOptions& options = {}, Budget* budget = nullptr)
      : options_((CheckHedge(options), options)), budget_(budget) {
    if (options.latency) latency_.emplace(*options.latency);
  }

  int max_attempts() const noexcept { return options_.max_attempts; }
  bool at_failure() const noexcept { return options_.at_failure; }

  // From the beginning of one attempt to that of the next.
  Duration Delay() const noexcept {
    const Duration learnt = latency_ ? latency_->Get() : Duration::zero();
    return learnt > Duration::zero() ? learnt : options_.delay;
  }

  // May another attempt begin, `attempts` having begun? If so it is counted and paid for.
  bool Begin(int attempts, TimePoint now) noexcept {
    if (attempts >= options_.max_attempts) return false;
    if (attempts == 0) return true;
    const bool granted = budget_ == nullptr || budget_->Withdraw(now);
    (granted ? hedges_ : refused_).fetch_add(1, std::memory_order_relaxed);
    return granted;
  }

  // The attempt with this number, from 0, has answered the call, after `latency` of its own.
  void Won(int attempt, Duration latency, TimePoint now) noexcept {
    if (latency_ && attempt == 0) latency_->Record(latency);
    if (budget_ != nullptr && options_.fills_budget) budget_->Deposit(now);
    if (attempt > 0) won_.fetch_add(1, std::memory_order_relaxed);
  }

  // When a hedge answered, the first attempt had been out for so long and had not failed.
  void Overtaken(Duration out) noexcept {
    if (latency_) latency_->Record(out);
  }

  HedgeSnapshot Snapshot() const noexcept {
    return {.hedges = hedges_.load(std::memory_order_relaxed),
            .won = won_.load(std::memory_order_relaxed),
            .refused = refused_.load(std::memory_order_relaxed)};
  }

 private:
  using Counter = typename Threads::template Atomic<std::uint64_t>;

  const HedgeOptions options_;
  Budget* const budget_;
  std::optional<BasicLatencyQuantile<Threads>> latency_{};
  Counter hedges_{0}, won_{0}, refused_{0};
};

using Hedge = BasicHedge<>;

// Which of several attempts has won: the first that claims it, on whatever thread.
template <class Threads = StdThreads>
class BasicWinner {
 public:
  // True for exactly one caller.
  bool Claim(int attempt) noexcept {
    int nobody = kNobody;
    return winner_.compare_exchange_strong(nobody, attempt, std::memory_order_acq_rel,
                                           std::memory_order_acquire);
  }
  std::optional<int> Get() const noexcept {
    const int winner = winner_.load(std::memory_order_acquire);
    return winner == kNobody ? std::nullopt : std::optional(winner);
  }

 private:
  static constexpr int kNobody = -1;
  typename Threads::template Atomic<int> winner_{kNobody};
};

using Winner = BasicWinner<>;

}  // namespace assay

#endif  // ASSAY_PATTERNS_HEDGE_HEDGE_H_
