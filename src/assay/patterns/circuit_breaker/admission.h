// What a circuit breaker answers: to a question, to a result, and to whoever watches it.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_ADMISSION_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_ADMISSION_H_

#include <cstdint>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/circuit_breaker/state_word.h"

namespace assay {

// The answer to "may I call?"; to be handed back with the result.
struct Admission {
  // When refused: a probe is due after this long at the latest; Duration::max() when forced open.
  Duration retry_after{};
  std::uint32_t generation = 0;
  CircuitState state = CircuitState::kClosed;  // that the breaker was in when it decided
  bool admitted = false;

  bool probe() const noexcept { return admitted && state == CircuitState::kHalfOpen; }
};

enum class Recorded : std::uint8_t {
  kCounted,
  kStale,    // admitted in an earlier generation, or ended before the window began: no effect
  kIgnored,  // not evidence, or the call was not admitted: at most a probe's permit went back
};

// The first four belong to one instant; the others may lag by the calls in progress.
struct CircuitBreakerSnapshot {
  CircuitState state = CircuitState::kClosed;
  std::uint32_t generation = 0;            // changes of state so far, modulo 2^25
  std::uint32_t consecutive_failures = 0;  // without a window; of this generation
  std::uint32_t probes = 0;                // half-open only: results not in yet
  std::uint64_t opened = 0;                // times that the breaker opened
  std::uint64_t rejected = 0;              // calls refused
  WindowCounts window{};                   // of this generation, with rates; 0 without a window
  Duration retry_after{};                  // as Admit() would say; zero when it would admit, or may

  friend bool operator==(const CircuitBreakerSnapshot&, const CircuitBreakerSnapshot&) = default;
};

// The error of a refused call: "circuit: open", "circuit: probed" (half-open, all probes are out)
// or "circuit: forced". Allocates nothing; when the next probe is due stands in `refused`, and
// whoever has only the error asks CircuitBreaker::RetryAfter().
Error CircuitOpen(const Admission& refused);

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_ADMISSION_H_
