// The circuit breakers that users of two Python libraries know, with the same numbers.
//
// Ordinary options, to be changed at will before a breaker is made of them.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_PRESETS_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_PRESETS_H_

#include "assay/patterns/circuit_breaker/circuit_options.h"

namespace assay {

// dspu.aio: 5 failures open it for 60 s, 2 successes close it.
inline CircuitBreakerOptions DspuCircuit() {
  return {.failure_threshold = 5,
          .open_duration = std::chrono::seconds(60),
          .half_open_permits = 1,
          .success_threshold = 2};
}

// Async Patterns Lab: 10 failures in 30 s open it for 60 s, or a tenth of 10 calls or more.
// A call above three times the usual 100 ms is a failure. One probe at a time, 3 successes close.
// Unlike there, a slow call is counted once, and results of an earlier state do not count.
inline CircuitBreakerOptions AsyncPatternsCircuit() {
  return {.open_duration = std::chrono::seconds(60),
          .half_open_permits = 1,
          .success_threshold = 3,
          .window = CircuitWindowOptions{.over = WindowOver::kTime,
                                         .duration = std::chrono::seconds(30),
                                         .minimum_calls = 10,
                                         .failure_rate = 0.10,
                                         .failure_count = 10},
          .slow_calls = SlowCallOptions{.longer_than = 3 * std::chrono::milliseconds(100),
                                        .count_as_failures = true}};
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_PRESETS_H_
