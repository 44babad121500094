// Tries a call again when it failed for a reason that may pass.
//
//   RetryBudget budget;  // of one server
//   Retry retry({.max_attempts = 4, .try_timeout = std::chrono::seconds(2)}, &budget);
//   const auto send = [&](const Try& one) { return client.Send(request, one.deadline); };
//   auto response = Call(retry, SteadyThreadTime(), RequestToRetry(request, deadline), send);
//
// The policy: rules (retry_rules.h), a budget that several of them may share (retry_budget.h), and
// counters. No clock, no thread, no I/O; call.h waits and calls. Every function may be called from
// any thread and never blocks. A call that succeeds at once costs nothing here but the deposit.
//
// Left out: choosing another host, and replaying bodies that can be read only once (`fn` builds
// each try anew and knows).
#ifndef ASSAY_PATTERNS_RETRY_RETRY_H_
#define ASSAY_PATTERNS_RETRY_RETRY_H_

#include <array>
#include <cstdint>

#include "assay/core/hash.h"
#include "assay/core/threads.h"
#include "assay/patterns/retry/retry_rules.h"
#include "assay/patterns/retry_budget.h"

namespace assay {

// Calls, each counted once but for `retries`. May lag by the calls in progress.
struct RetrySnapshot {
  std::uint64_t retries = 0;         // tries after the first
  std::uint64_t recovered = 0;       // succeeded in a try after the first
  std::uint64_t not_repeatable = 0;  // failed for a reason that may pass, and were given up: why
  std::uint64_t attempts_spent = 0;
  std::uint64_t too_late = 0;
  std::uint64_t no_budget = 0;

  friend bool operator==(const RetrySnapshot&, const RetrySnapshot&) = default;
};

// A seed that no other object has, as far as the machine can tell.
std::uint64_t RandomSeed();

template <class Threads = StdThreads>
class BasicRetry {
 public:
  using Budget = BasicRetryBudget<Threads>;

  // Without a budget every retry is granted. The budget must outlive it. Throws
  // std::invalid_argument that names the option, its value and the range.
  explicit BasicRetry(const RetryOptions& options = {}, Budget* budget = nullptr)
      : rules_(options),
        budget_(budget),
        filled_(options.fills_budget ? budget : nullptr),
        seed_(options.seed ? *options.seed : RandomSeed()) {}

  const RetryRules& rules() const noexcept { return rules_; }
  Budget* budget() const noexcept { return budget_; }  // that retries are taken from
  Budget* filled() const noexcept { return filled_; }  // that successes are put into

  // The number of a call that has none.
  std::uint64_t NextKey() noexcept { return keys_.fetch_add(1, std::memory_order_relaxed); }
  // For the wait after `attempt` of the call `key`.
  std::uint64_t Random(std::uint64_t key, std::int64_t attempt) const noexcept {
    return Draw(seed_, "retry", key, static_cast<std::uint64_t>(attempt));
  }

  void CountRetry() noexcept { Count(retries_); }
  void CountRecovered() noexcept { Count(recovered_); }
  void CountGivenUp(RetryVerdict why) noexcept { Count(given_up_[static_cast<std::size_t>(why)]); }

  RetrySnapshot Snapshot() const noexcept {
    return {.retries = retries_.load(std::memory_order_relaxed),
            .recovered = recovered_.load(std::memory_order_relaxed),
            .not_repeatable = GivenUp(RetryVerdict::kNotRepeatable),
            .attempts_spent = GivenUp(RetryVerdict::kAttemptsSpent),
            .too_late = GivenUp(RetryVerdict::kTooLate),
            .no_budget = GivenUp(RetryVerdict::kNoBudget)};
  }

 private:
  using Counter = typename Threads::template Atomic<std::uint64_t>;

  static void Count(Counter& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t GivenUp(RetryVerdict why) const noexcept {
    return given_up_[static_cast<std::size_t>(why)].load(std::memory_order_relaxed);
  }

  const RetryRules rules_;
  Budget* const budget_;
  Budget* const filled_;
  const std::uint64_t seed_;
  Counter keys_{0};
  Counter retries_{0};
  Counter recovered_{0};
  std::array<Counter, 6> given_up_{};  // by RetryVerdict
};

using Retry = BasicRetry<>;

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_RETRY_H_
