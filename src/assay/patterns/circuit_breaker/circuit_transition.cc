#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay {

std::string_view ToString(CircuitState state) noexcept {
  switch (state) {
    case CircuitState::kClosed: return "closed";
    case CircuitState::kMetricsOnly: return "metrics_only";
    case CircuitState::kDisabled: return "disabled";
    case CircuitState::kOpen: return "open";
    case CircuitState::kHalfOpen: return "half_open";
    case CircuitState::kForcedOpen: return "forced_open";
  }
  return "unknown";
}

std::string_view ToString(CircuitCause cause) noexcept {
  switch (cause) {
    case CircuitCause::kConsecutiveFailures: return "consecutive_failures";
    case CircuitCause::kFailureCount: return "failure_count";
    case CircuitCause::kFailureRate: return "failure_rate";
    case CircuitCause::kSlowCallRate: return "slow_call_rate";
    case CircuitCause::kOpenTimeOver: return "open_time_over";
    case CircuitCause::kProbesSucceeded: return "probes_succeeded";
    case CircuitCause::kProbesFailed: return "probes_failed";
    case CircuitCause::kProbeLost: return "probe_lost";
    case CircuitCause::kByHand: return "by_hand";
  }
  return "unknown";
}

}  // namespace assay
