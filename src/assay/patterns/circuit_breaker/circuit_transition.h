// One change of state of a circuit breaker, for logs and callbacks.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_TRANSITION_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_TRANSITION_H_

#include <cstdint>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/state_word.h"

namespace assay {

enum class CircuitCause : std::uint8_t {
  kConsecutiveFailures,
  kFailureCount,
  kFailureRate,
  kSlowCallRate,
  kOpenTimeOver,     // open to half-open
  kProbesSucceeded,  // half-open to closed
  kProbesFailed,     // half-open to open
  kProbeLost,        // half-open to half-open: new permits for those that never came back
  kByHand,           // Reset(), ForceOpen(), Disable(), MetricsOnly()
};

struct CircuitTransition {
  std::uint32_t generation = 0;  // that it began; one more than that of the transition before it
  CircuitState from = CircuitState::kClosed;
  CircuitState to = CircuitState::kClosed;
  TimePoint when{};  // the `now` of the call that caused it
  CircuitCause why = CircuitCause::kByHand;

  friend bool operator==(const CircuitTransition&, const CircuitTransition&) = default;
};

// "closed", "half_open", ...
std::string_view ToString(CircuitState state) noexcept;

// "failure_rate", "probe_lost", ...
std::string_view ToString(CircuitCause cause) noexcept;

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_TRANSITION_H_
