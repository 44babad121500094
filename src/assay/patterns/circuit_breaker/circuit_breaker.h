// Stops calling a server that keeps failing, and finds out when it is back.
//
//   CLOSED --failure_threshold consecutive failures--> OPEN
//   OPEN --open_duration over, on the next Admit()--> HALF_OPEN
//   HALF_OPEN --success_threshold successes--> CLOSED
//   HALF_OPEN --any failure--> OPEN
//
// A decision class: no clock, no thread, no I/O. Every call goes through Admit(),
// and whoever was admitted reports once through Record(); the wrappers in call.h
// do both. Every function may be called from any thread and never blocks. `now` is
// a reading of one monotonic clock: it may be a little old, never in the future.
//
// A result counts only in the generation that admitted the call (compare
// sony/gobreaker): a failure from before the breaker opened cannot reopen it, a
// late success cannot close it. A probe that never reports costs its permit no
// longer than open_duration, so the breaker cannot get stuck half-open.
//
// Left out: failure rates over count or time windows, slow calls, growing open
// durations, forced states and events.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_

#include <atomic>
#include <cstdint>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/patterns/circuit_breaker/circuit_rules.h"
#include "assay/patterns/circuit_breaker/state_word.h"
#include "assay/patterns/outcome.h"

namespace assay {

// The answer to "may I call?"; to be handed back with the result.
struct Admission {
  Duration retry_after{};  // when refused: a probe is due after this long at the latest
  std::uint32_t generation = 0;
  CircuitState state = CircuitState::kClosed;  // that the breaker was in when it decided
  bool admitted = false;

  bool probe() const noexcept { return admitted && state == CircuitState::kHalfOpen; }
};

enum class Recorded : std::uint8_t {
  kCounted,
  kStale,    // admitted in an earlier generation: no effect
  kIgnored,  // not evidence, or the call was not admitted: at most a probe's permit went back
};

// The first four belong to one instant; the last two may lag by the calls in progress.
struct CircuitBreakerSnapshot {
  CircuitState state = CircuitState::kClosed;
  std::uint32_t generation = 0;            // changes of state so far, modulo 2^30
  std::uint32_t consecutive_failures = 0;  // closed only
  std::uint32_t probes = 0;                // half-open only: results not in yet
  std::uint64_t opened = 0;                // times that the breaker opened
  std::uint64_t rejected = 0;              // calls refused

  friend bool operator==(const CircuitBreakerSnapshot&, const CircuitBreakerSnapshot&) = default;
};

class CircuitBreaker {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit CircuitBreaker(const CircuitBreakerOptions& options = {}) : rules_(options) {}

  Admission Admit(TimePoint now) noexcept {
    const Admission admission = AdmitIfClosed();
    return admission.admitted ? admission : AdmitProbe(now);
  }

  // Admit() for the calm case, where the time does not matter, so that a caller
  // with a clock need not read it. Not admitted means: ask Admit().
  Admission AdmitIfClosed() const noexcept {
    const StateWord word = StateWord::Unpack(word_.load(std::memory_order_acquire));
    return {.generation = word.generation,
            .state = word.state,
            .admitted = word.state == CircuitState::kClosed};
  }

  // Exactly once per admitted call. `now` matters only for kFailure.
  Recorded Record(const Admission& admission, Outcome outcome, TimePoint now) noexcept;

  // Closes the breaker. What is still running counts for nothing; the counters of
  // the snapshot go on.
  void Reset() noexcept;

  // As of the last call: an open breaker stays kOpen until somebody asks Admit().
  CircuitState state() const noexcept { return AdmitIfClosed().state; }
  CircuitBreakerSnapshot Snapshot() const noexcept;

 private:
  Admission AdmitProbe(TimePoint now) noexcept;
  Recorded RecordChange(const Admission& admission, Outcome outcome, TimePoint now) noexcept;
  void RaiseSince(TimePoint now) noexcept;

  const CircuitRules rules_;
  std::atomic<std::uint64_t> word_{0};
  // When the state was entered or the latest probe admitted; see RaiseSince().
  std::atomic<TimePoint::rep> since_{TimePoint::min().time_since_epoch().count()};
  std::atomic<std::uint64_t> opened_{0};
  // On a line of its own: refusals must not slow down those who read `word_`.
  alignas(64) std::atomic<std::uint64_t> rejected_{0};
};

// "closed", "open", "half_open".
std::string_view ToString(CircuitState state) noexcept;

// The error of a refused call; the message says when the next probe is due.
Error CircuitOpen(const Admission& refused);

inline Recorded CircuitBreaker::Record(const Admission& admission, Outcome outcome,
                                       TimePoint now) noexcept {
  // A success in a closed breaker without failures changes nothing, so one load decides.
  const StateWord calm{.generation = admission.generation};
  if (outcome == Outcome::kSuccess && admission.admitted &&
      word_.load(std::memory_order_acquire) == calm.Pack()) {
    return Recorded::kCounted;
  }
  return RecordChange(admission, outcome, now);
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_
