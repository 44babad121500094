#include "assay/patterns/circuit_breaker/circuit_rules.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

std::uint32_t CheckedCount(const char* option, int value, std::uint32_t most) {
  if (value < 1 || static_cast<std::uint32_t>(value) > most) {
    throw std::invalid_argument(std::string("circuit breaker ") + option + ": " +
                                std::to_string(value) + " is not within 1 to " +
                                std::to_string(most));
  }
  return static_cast<std::uint32_t>(value);
}

Duration CheckedOpenDuration(Duration value) {
  if (value <= Duration::zero()) {
    throw std::invalid_argument("circuit breaker open_duration: " + std::to_string(value.count()) +
                                " ns is not above 0");
  }
  return value;
}

}  // namespace

CircuitRules::CircuitRules(const CircuitBreakerOptions& options)
    : open_duration_(CheckedOpenDuration(options.open_duration)),
      failure_threshold_(
          CheckedCount("failure_threshold", options.failure_threshold, StateWord::kMostCount)),
      half_open_permits_(
          CheckedCount("half_open_permits", options.half_open_permits, StateWord::kMostProbes)),
      success_threshold_(
          CheckedCount("success_threshold", options.success_threshold, StateWord::kMostCount)) {}

std::optional<StateWord> CircuitRules::WithProbe(const StateWord& word,
                                                 Duration elapsed) const noexcept {
  if (word.state == CircuitState::kHalfOpen && word.probes < half_open_permits_) {
    StateWord next = word;
    ++next.probes;
    return next;
  }
  if (elapsed < open_duration_) return std::nullopt;
  // Either the break is over, or all probes have been out for so long that they are
  // taken for lost. Both start a new period, and this is its first probe.
  return word.Enter(CircuitState::kHalfOpen, 1);
}

StateWord CircuitRules::WithResult(const StateWord& word, Outcome outcome) const noexcept {
  if (word.state == CircuitState::kHalfOpen) return WithProbeResult(word, outcome);
  StateWord next = word;
  if (outcome == Outcome::kSuccess) next.count = 0;
  if (outcome == Outcome::kFailure && ++next.count >= failure_threshold_) {
    return word.Enter(CircuitState::kOpen);
  }
  return next;
}

StateWord CircuitRules::WithProbeResult(const StateWord& word, Outcome outcome) const noexcept {
  if (outcome == Outcome::kFailure) return word.Enter(CircuitState::kOpen);
  StateWord next = word;
  --next.probes;
  if (outcome == Outcome::kSuccess && ++next.count >= success_threshold_) {
    return word.Enter(CircuitState::kClosed);
  }
  return next;
}

}  // namespace assay
