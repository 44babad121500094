// One of each pattern that a stack has, for the tests of its two forms.
#ifndef ASSAY_TESTS_STACK_STACK_PATTERNS_H_
#define ASSAY_TESTS_STACK_STACK_PATTERNS_H_

#include <chrono>
#include <vector>

#include "assay/stack/stack.h"

namespace assay {

struct StackPatterns {
  using seconds = std::chrono::seconds;

  // How many permits were held when a wait for the next try began.
  std::vector<int> active_in_waits_{};

  RateLimiter limiter_{{.tokens = 1, .per = seconds(100), .burst = 3}};
  Timeout total_{{.limit = seconds(10), .name = "total timeout"}};
  Retry retry_{
      {.max_attempts = 3,
       .backoff = {.growth = Growth::kConstant, .base = seconds(1), .jitter = Jitter::kNone},
       .before_wait = [this](const RetryWait&) {
         active_in_waits_.push_back(semaphore_.Snapshot().active);
       }}};
  Timeout per_try_{{.limit = seconds(2), .name = "per-try timeout"}};
  CircuitBreaker breaker_{{.failure_threshold = 3}};
  Semaphore semaphore_;

  Stack<RateLimiter, Timeout, Retry, Timeout, CircuitBreaker, Semaphore> all_{
      limiter_, total_, retry_, per_try_, breaker_, semaphore_};

 protected:
  explicit StackPatterns(int queue_limit) : semaphore_({.limit = 1, .queue_limit = queue_limit}) {}
};

}  // namespace assay

#endif  // ASSAY_TESTS_STACK_STACK_PATTERNS_H_
