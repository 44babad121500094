// One of each pattern that a stack has, for the rows of stacks: more of everything than any machine
// needs, so that nothing is refused.
#ifndef ASSAY_BENCH_PATTERN_STACK_PATTERNS_H_
#define ASSAY_BENCH_PATTERN_STACK_PATTERNS_H_

#include <chrono>

#include "assay/stack/stack.h"

namespace assay::bench {

inline constexpr RetryRequest kRepeatable{.repeatable = true};

struct StackPatterns {
  RateLimiter limiter{
      {.tokens = 1'000'000'000, .per = std::chrono::seconds(1), .burst = 1'000'000}};
  Timeout total{}, per_try{{.limit = std::chrono::seconds(1)}};
  RetryBudget budget{};
  const RetryOptions retry_options{};
  Retry retry{retry_options, &budget};
  CircuitBreaker breaker{};
  Semaphore semaphore{};

  auto All() { return Stack{limiter, total, retry, per_try, breaker, semaphore}; }
  bool calm() const {
    return retry.Snapshot() == RetrySnapshot{} && breaker.state() == CircuitState::kClosed;
  }
};

}  // namespace assay::bench

#endif  // ASSAY_BENCH_PATTERN_STACK_PATTERNS_H_
