// The circuit breaker as a table: which state follows which, without atomics.
//
// Immutable, so safe to share. CircuitBreaker applies these functions to its one
// word and retries when another thread was faster.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_

#include <cstdint>
#include <optional>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/state_word.h"
#include "assay/patterns/outcome.h"

namespace assay {

struct CircuitBreakerOptions {
  int failure_threshold = 5;                          // 1 to 65535 consecutive failures
  Duration open_duration = std::chrono::seconds(60);  // above 0
  int half_open_permits = 1;                          // 1 to 65535 probes at a time
  int success_threshold = 2;                          // 1 to 65535 successful probes
};

class CircuitRules {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit CircuitRules(const CircuitBreakerOptions& options);

  Duration open_duration() const noexcept { return open_duration_; }

  // The word that admits a probe to a breaker that is open or half-open, `elapsed`
  // (>= 0) after it opened or last admitted one. Nothing when none may be admitted.
  std::optional<StateWord> WithProbe(const StateWord& word, Duration elapsed) const noexcept;

  // The word after a call that `word`'s generation admitted has ended. `word` itself
  // when nothing changes.
  StateWord WithResult(const StateWord& word, Outcome outcome) const noexcept;

 private:
  StateWord WithProbeResult(const StateWord& word, Outcome outcome) const noexcept;

  Duration open_duration_;
  std::uint32_t failure_threshold_;
  std::uint32_t half_open_permits_;
  std::uint32_t success_threshold_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_
