// Stops calling a server that keeps failing, and finds out when it is back.
//
//   CLOSED --too many failures or slow calls (circuit_options.h)--> OPEN
//   OPEN --open time over, on the next Admit()--> HALF_OPEN
//   HALF_OPEN --success_threshold successes--> CLOSED
//   HALF_OPEN --so many failures that this cannot happen any more--> OPEN
//
//   CircuitBreaker breaker({.failure_threshold = 3});
//   const Admission admission = breaker.Admit(now);
//   if (!admission.admitted) return CircuitOpen(admission);
//   const Result<Response> result = Fetch();
//   breaker.Record(admission, Classify(result), end);
//
// A decision class: no clock, no thread, no I/O, and no memory after its construction. Every call
// goes through Admit(), and whoever was admitted reports once through Record(); the wrappers in
// call.h do both. Every function may be called from any thread and decides without a lock; only
// who changes the state, or reads the log, takes one for as long as a few words are copied. `now`
// is a reading of one monotonic clock: it may be a little old, never in the future.
//
// A result counts only in the generation that admitted the call (compare sony/gobreaker): a
// failure from before the breaker opened cannot reopen it, a late success cannot close it, and
// neither is found in the window of a later time. Probes that never report cannot keep the breaker
// half-open: once all permits are out, and half_open_limit is over since the latest of them was
// given out, all of them are taken for lost and a new half-open period begins. Until then a lost
// one costs its permit, and the other permits go on; no probe is given up earlier, and so no
// result of one that still runs, because times of single probes are not kept.
//
// Left out: opening on a server's Retry-After, ramping up slowly after closing, and trips on calls
// that have not ended yet.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/admission.h"
#include "assay/patterns/circuit_breaker/call_window.h"
#include "assay/patterns/circuit_breaker/circuit_options.h"
#include "assay/patterns/circuit_breaker/circuit_rules.h"
#include "assay/patterns/circuit_breaker/state_since.h"
#include "assay/patterns/circuit_breaker/state_word.h"
#include "assay/patterns/circuit_breaker/transition_log.h"
#include "assay/patterns/outcome.h"

namespace assay {

template <class Threads = StdThreads>
class BasicCircuitBreaker {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit BasicCircuitBreaker(const CircuitBreakerOptions& options = {})
      : only_failures_count_(!options.window && !options.slow_calls),
        rules_(Checked(options)),
        window_(options),
        on_transition_(options.on_transition) {}

  Admission Admit(TimePoint now) noexcept {
    const Admission admission = AdmitIfClosed();
    return admission.admitted ? admission : AdmitProbe(now);
  }

  // Admit() for the calm case (closed, metrics only, disabled), where the time does not matter, so
  // that a caller with a clock need not read it. Not admitted means: ask Admit().
  Admission AdmitIfClosed() const noexcept { return AdmitsAllIn(Load()); }

  // Exactly once per admitted call. `took` matters only where times_calls(), and neither of the two
  // times for what is ignored.
  Recorded Record(const Admission& admission, Outcome outcome, TimePoint now,
                  Duration took = Duration::zero()) noexcept;

  // Whether slow calls count, so that somebody has to measure how long calls take.
  bool times_calls() const noexcept { return rules_.times_calls(); }

  // Record() for the calm case (a success leaves things as they are), where the time does not
  // matter, so that a caller with a clock need not read it. False: nothing has been recorded, call
  // Record(). A success may open the breaker, too: it can be the one that makes the calls enough.
  bool RecordIfCalm(const Admission& admission, Outcome outcome) const noexcept {
    return Calm(admission, outcome) &&
           (only_failures_count_ || (!times_calls() && window_.AllGood(admission.generation)));
  }

  // By hand, from any state into a new generation, in which what is still running counts for
  // nothing; the counters `opened` and `rejected` go on. Reset() closes.
  void Reset(TimePoint now) noexcept { ChangeTo(CircuitState::kClosed, now); }
  void ForceOpen(TimePoint now) noexcept { ChangeTo(CircuitState::kForcedOpen, now); }
  void Disable(TimePoint now) noexcept { ChangeTo(CircuitState::kDisabled, now); }
  void MetricsOnly(TimePoint now) noexcept { ChangeTo(CircuitState::kMetricsOnly, now); }

  // As of the last call: an open breaker stays kOpen until somebody asks Admit().
  CircuitState state() const noexcept { return Load().state; }

  // For how long Admit() would refuse; zero when it would admit, Duration::max() when forced open.
  // For who has been refused through call.h and got an Error, which has no room for a number.
  Duration RetryAfter(TimePoint now) const noexcept { return RetryAfter(Load(), now); }

  // In O(1), or O(buckets) with a time window.
  CircuitBreakerSnapshot Snapshot(TimePoint now) const noexcept;

  // The last 32 transitions, the oldest first. One that is happening now may be missing.
  std::vector<CircuitTransition> Transitions() const { return log_.Copy(Load().generation); }

 private:
  StateWord Load() const noexcept {
    return StateWord::Unpack(word_.load(std::memory_order_acquire));
  }
  static Admission Admitted(const StateWord& word) noexcept {
    return {.generation = word.generation, .state = word.state, .admitted = true};
  }
  static Admission AdmitsAllIn(const StateWord& word) noexcept {
    Admission admission = Admitted(word);
    admission.admitted = AdmitsAll(word.state);
    return admission;
  }

  Duration RetryAfter(const StateWord& word, TimePoint now) const noexcept {
    if (AdmitsAll(word.state)) return Duration::zero();
    const Duration left = rules_.TimeLeft(word, since_.Elapsed(now));
    return rules_.WithProbe(word, left) ? Duration::zero() : left;
  }

  // A success in a closed breaker without failures: it changes nothing but the window, if that.
  // (With a window, the word of a closed breaker counts no failures.)
  bool Calm(const Admission& admission, Outcome outcome) const noexcept {
    const StateWord calm{.generation = admission.generation};
    return outcome == Outcome::kSuccess && admission.admitted &&
           word_.load(std::memory_order_acquire) == calm.Pack();
  }

  Admission AdmitProbe(TimePoint now) noexcept;
  Recorded RecordChange(const Admission& admission, Outcome outcome, TimePoint now,
                        Duration took) noexcept;
  Recorded RecordInWord(const Admission& admission, std::optional<CallSample> sample,
                        TimePoint now) noexcept;
  Recorded RecordInWindow(const Admission& admission, CallSample sample, TimePoint now) noexcept;
  void Trip(std::uint32_t generation, CircuitCause why, TimePoint now) noexcept;
  void ChangeTo(CircuitState state, TimePoint now) noexcept;
  void Announce(const StateWord& from, const StateWord& to, TimePoint now,
                CircuitCause why) noexcept;

  template <class T>
  using Atomic = typename Threads::template Atomic<T>;

  // One line for what every call reads.
  alignas(64) Atomic<std::uint64_t> word_{0};
  StateSince<Threads> since_{};
  const bool only_failures_count_;  // no window, and nobody looks at how long calls take
  const CircuitRules rules_;
  CallWindow<Threads> window_;
  const std::function<void(const CircuitTransition&)> on_transition_;
  TransitionLog<Threads> log_{};
  Atomic<std::uint64_t> opened_{0};
  // On a line of its own: refusals must not slow down those who read `word_`.
  alignas(64) Atomic<std::uint64_t> rejected_{0};
};

using CircuitBreaker = BasicCircuitBreaker<>;

template <class Threads>
inline Recorded BasicCircuitBreaker<Threads>::Record(const Admission& admission, Outcome outcome,
                                                     TimePoint now, Duration took) noexcept {
  if (Calm(admission, outcome) &&
      (only_failures_count_ ||
       (!rules_.Judge(outcome, took).bad() && window_.RecordGood(admission.generation, now)))) {
    return Recorded::kCounted;
  }
  return RecordChange(admission, outcome, now, took);
}

template <class Threads>
CircuitBreakerSnapshot BasicCircuitBreaker<Threads>::Snapshot(TimePoint now) const noexcept {
  const StateWord word = Load();
  return {.state = word.state,
          .generation = word.generation,
          .consecutive_failures = AdmitsAll(word.state) ? word.count : 0,
          .probes = word.probes,
          .opened = opened_.load(std::memory_order_relaxed),
          .rejected = rejected_.load(std::memory_order_relaxed),
          .window = window_.Counts(word.generation, now),
          .retry_after = RetryAfter(word, now)};
}

}  // namespace assay

#include "assay/patterns/circuit_breaker/circuit_changes.h"  // IWYU pragma: keep

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_BREAKER_H_
