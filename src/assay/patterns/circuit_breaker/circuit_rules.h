// The circuit breaker as a table: which state follows which, without atomics.
//
// Immutable, so safe to share. CircuitBreaker applies these functions to its one
// word and retries when another thread was faster.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_

#include <array>
#include <cstdint>
#include <optional>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/circuit_breaker/circuit_options.h"
#include "assay/patterns/circuit_breaker/state_word.h"
#include "assay/patterns/outcome.h"

namespace assay {

class CircuitRules {
 public:
  // `options` have been checked.
  explicit CircuitRules(const CircuitBreakerOptions& options);

  bool times_calls() const noexcept { return times_calls_; }

  // For how long the breaker refuses in `word`, counted from when it was entered or last admitted
  // a probe: open, the open time of this generation; half-open, half_open_limit; forced open,
  // Duration::max(); zero where it admits.
  Duration Wait(const StateWord& word) const noexcept;

  // The word that admits a probe to a breaker that does not admit all, `elapsed` (>= 0) after it
  // was entered or last admitted one. Nothing when none may be admitted.
  std::optional<StateWord> WithProbe(const StateWord& word, Duration elapsed) const noexcept;

  // `took` is how long the call took.
  CallSample Judge(Outcome outcome, Duration took) const noexcept;

  // The word after a call that `word`'s generation admitted has ended; where there is no window
  // or `word` is half-open. `word` itself when nothing changes. Ignored calls have no sample.
  StateWord WithResult(const StateWord& word, std::optional<CallSample> sample) const noexcept;

  // Why a window with these counts opens the breaker, if it does.
  std::optional<CircuitCause> Trip(const WindowCounts& counts) const noexcept;

 private:
  StateWord WithProbeResult(const StateWord& word, std::optional<CallSample> sample) const noexcept;

  std::array<Duration, StateWord::kMostStreak> open_times_{};  // before jitter
  double open_jitter_;
  std::uint64_t jitter_seed_;
  Duration half_open_limit_;
  std::uint32_t failure_threshold_;
  std::uint32_t half_open_permits_;
  std::uint32_t success_threshold_;
  std::uint32_t failed_probes_allowed_;
  CircuitWindowOptions window_;
  std::uint64_t failure_count_;
  SlowCallOptions slow_calls_;
  bool times_calls_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_
