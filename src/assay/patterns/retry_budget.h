// How many extra calls (retries, hedges) a server is asked to bear: one budget, shared by
// everything that adds calls to it.
//
//   RetryBudget budget(TokenBudgetOptions{});  // of one server
//   Retry retry({.max_attempts = 4}, &budget);
//
// Two forms in one word each, changed by compare-and-swap only, so that no two callers get the
// same token:
//   - tokens (gRPC A6 "retry throttling"): starts full; a success puts back token_ratio; a wish
//     for an extra call costs a token, granted or not, and is granted while more than half of the
//     tokens are there. An outage empties it, and only successes fill it again.
//   - ratio (after Finagle's RetryBudget): extra calls up to a part of the recent successes, and a
//     floor for when there are few. What is earned in one half of the window can be spent in that
//     half and the next.
//
// A success counts once: where one user of a budget is within another (a hedge in a retry), only
// one of the two fills it (`fills_budget` in their options).
//
// Every function may be called from any thread and never blocks. `now` is a reading of one
// monotonic clock and matters to the ratio form only. Left out: budgets by the number of calls in
// progress (Envoy).
#ifndef ASSAY_PATTERNS_RETRY_BUDGET_H_
#define ASSAY_PATTERNS_RETRY_BUDGET_H_

#include <cstdint>

#include "assay/core/clock.h"
#include "assay/core/threads.h"

namespace assay {

struct TokenBudgetOptions {
  std::int64_t max_tokens = 100;  // 1 to 1000000
  double token_ratio = 0.1;       // 0.001 to 1000 tokens for a success; 3 decimals at most
};

struct RatioBudgetOptions {
  double ratio = 0.2;       // 0.01 to 10 extra calls for a success; 2 decimals at most
  std::int64_t floor = 10;  // 0 to 10000 extra calls in a window in any case
  Duration window = std::chrono::seconds(10);  // 1 ms to 24 h
};

// The two forms as tables: which word follows which.
class BudgetRules {
 public:
  struct Step {
    std::uint64_t word = 0;
    bool granted = false;
  };

  // Both throw std::invalid_argument that names the option, its value and the range.
  explicit BudgetRules(const TokenBudgetOptions& options);
  explicit BudgetRules(const RatioBudgetOptions& options);

  bool needs_time() const noexcept { return half_window_ > Duration::zero(); }
  std::uint64_t first() const noexcept { return needs_time() ? 0 : most_; }
  // The word that no success changes; none in the ratio form.
  std::uint64_t full() const noexcept { return needs_time() ? ~std::uint64_t{0} : most_; }

  std::uint64_t Deposited(std::uint64_t word, TimePoint now) const noexcept;
  Step Withdrawn(std::uint64_t word, TimePoint now) const noexcept;
  std::uint64_t Refused(std::uint64_t word) const noexcept;
  // Extra calls that would be granted from `word`, one after the other.
  std::int64_t Available(std::uint64_t word, TimePoint now) const noexcept;

 private:
  // [started 1 | half-window 19 | earned in the one before 22 | in this one 22]
  struct Halves {
    std::uint64_t half;
    std::uint64_t before;
    std::uint64_t here;
    std::uint64_t Pack() const noexcept;
  };
  Halves At(std::uint64_t word, TimePoint now) const noexcept;

  std::uint64_t cost_;       // of an extra call
  std::uint64_t earned_;     // by a success
  std::uint64_t most_;       // that is kept (ratio: of one half)
  std::uint64_t floor_ = 0;  // ratio: of each half
  Duration half_window_{0};  // 0: the token form
};

struct RetryBudgetSnapshot {
  std::int64_t available = 0;  // extra calls that would be granted now
  std::uint64_t granted = 0;
  std::uint64_t refused = 0;

  friend bool operator==(const RetryBudgetSnapshot&, const RetryBudgetSnapshot&) = default;
};

template <class Threads = StdThreads>
class BasicRetryBudget {
 public:
  explicit BasicRetryBudget(const TokenBudgetOptions& options = {}) : rules_(options) {}
  explicit BasicRetryBudget(const RatioBudgetOptions& options) : rules_(options) {}

  // Whether `now` matters: the caller need not read the clock otherwise.
  bool needs_time() const noexcept { return rules_.needs_time(); }

  // Whether Deposit() has no effect now; the calm case, and one load. Never in the ratio form.
  bool full() const noexcept { return word_.load(std::memory_order_relaxed) == full_; }

  // After a call that succeeded.
  void Deposit(TimePoint now) noexcept;

  // Whether Withdraw() would be granted now; takes nothing. For who has to wait first, and where
  // it would not goes without: Refuse().
  bool Allows(TimePoint now) const noexcept {
    return rules_.Available(word_.load(std::memory_order_relaxed), now) > 0;
  }

  // As late as possible: right before the extra call, if true.
  bool Withdraw(TimePoint now) noexcept;

  // As a Withdraw() that is not granted, whatever is there by now.
  void Refuse() noexcept;

  RetryBudgetSnapshot Snapshot(TimePoint now) const noexcept {
    return {.available = rules_.Available(word_.load(std::memory_order_relaxed), now),
            .granted = granted_.load(std::memory_order_relaxed),
            .refused = refused_.load(std::memory_order_relaxed)};
  }

 private:
  const BudgetRules rules_;
  const std::uint64_t full_ = rules_.full();
  alignas(64) typename Threads::template Atomic<std::uint64_t> word_{rules_.first()};
  alignas(64) typename Threads::template Atomic<std::uint64_t> granted_{0};
  typename Threads::template Atomic<std::uint64_t> refused_{0};
};

using RetryBudget = BasicRetryBudget<>;

template <class Threads>
bool BasicRetryBudget<Threads>::Withdraw(TimePoint now) noexcept {
  std::uint64_t word = word_.load(std::memory_order_relaxed);
  BudgetRules::Step step;
  do {
    step = rules_.Withdrawn(word, now);
  } while (step.word != word &&
           !word_.compare_exchange_weak(word, step.word, std::memory_order_relaxed));
  (step.granted ? granted_ : refused_).fetch_add(1, std::memory_order_relaxed);
  return step.granted;
}

template <class Threads>
void BasicRetryBudget<Threads>::Refuse() noexcept {
  std::uint64_t word = word_.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = rules_.Refused(word);
  } while (next != word && !word_.compare_exchange_weak(word, next, std::memory_order_relaxed));
  refused_.fetch_add(1, std::memory_order_relaxed);
}

template <class Threads>
void BasicRetryBudget<Threads>::Deposit(TimePoint now) noexcept {
  std::uint64_t word = word_.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = rules_.Deposited(word, now);
  } while (next != word && !word_.compare_exchange_weak(word, next, std::memory_order_relaxed));
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_BUDGET_H_
