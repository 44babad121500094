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

  // For how long a word that does not admit all still refuses, `elapsed` (>= 0) after it was
  // entered or last admitted a probe: open, until the open time of its generation is over;
  // half-open, until half_open_limit is; forced open, Duration::max(). At most zero: no longer.
  Duration TimeLeft(const StateWord& word, Duration elapsed) const noexcept {
    if (word.state == CircuitState::kForcedOpen) return Duration::max();
    if (word.state == CircuitState::kHalfOpen) return half_open_limit_ - elapsed;
    const Duration time = open_times_[word.streak - 1];
    return (open_jitter_ == 0 ? time : WithJitter(time, word.generation)) - elapsed;
  }

  // The word that admits a probe where `left` is TimeLeft(). Nothing when none may be admitted.
  std::optional<StateWord> WithProbe(const StateWord& word, Duration left) const noexcept {
    if (word.state == CircuitState::kHalfOpen && word.probes < half_open_permits_) {
      StateWord next = word;
      ++next.probes;
      return next;
    }
    if (left > Duration::zero()) return std::nullopt;
    // Either the break is over, or all probes have been out for so long that they are
    // taken for lost. Both start a new period, and this is its first probe.
    return word.Enter(CircuitState::kHalfOpen, 1);
  }

  // `took` is how long the call took.
  CallSample Judge(Outcome outcome, Duration took) const noexcept {
    const bool slow = times_calls_ && took > slow_calls_.longer_than;
    const bool failed = outcome == Outcome::kFailure || (slow && slow_calls_.count_as_failures);
    return {.failed = failed, .slow = slow};
  }

  // The word after a call that `word`'s generation admitted has ended; where there is no window
  // or `word` is half-open. `word` itself when nothing changes. Ignored calls have no sample.
  StateWord WithResult(const StateWord& word, std::optional<CallSample> sample) const noexcept;

  // Why a window with these counts opens the breaker, if it does.
  std::optional<CircuitCause> Trip(const WindowCounts& counts) const noexcept {
    if (counts.failures == 0 && counts.slow == 0) return std::nullopt;
    return TripByRates(counts);
  }

 private:
  std::optional<CircuitCause> TripByRates(const WindowCounts& counts) const noexcept;
  Duration WithJitter(Duration time, std::uint32_t generation) const noexcept;
  StateWord WithProbeResult(const StateWord& word, std::optional<CallSample> sample) const noexcept;

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
  std::array<Duration, StateWord::kMostStreak> open_times_{};  // before jitter
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_RULES_H_
