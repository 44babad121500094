// How the state of a circuit breaker changes: functions of BasicCircuitBreaker. Include
// circuit_breaker.h instead.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_CHANGES_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_CHANGES_H_

#include <atomic>
#include <cstdint>
#include <optional>

#include "assay/patterns/circuit_breaker/circuit_breaker.h"

namespace assay {

template <class Threads>
Admission BasicCircuitBreaker<Threads>::AdmitProbe(TimePoint now) noexcept {
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (;;) {
    const StateWord word = StateWord::Unpack(seen);
    if (AdmitsAll(word.state)) return Admitted(word);
    const Duration left = rules_.TimeLeft(word, since_.Elapsed(now));
    if (const std::optional<StateWord> next = rules_.WithProbe(word, left)) {
      since_.Raise(now);
      if (word_.compare_exchange_strong(seen, next->Pack(), std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
        const bool was_open = word.state == CircuitState::kOpen;
        if (next->generation != word.generation) {
          Announce(word, *next, now,
                   was_open ? CircuitCause::kOpenTimeOver : CircuitCause::kProbeLost);
        }
        return Admitted(*next);
      }
      continue;
    }
    // Was the time that of the word? If the word is still there, it was.
    if (const std::uint64_t again = word_.load(std::memory_order_acquire); again != seen) {
      seen = again;
      continue;
    }
    rejected_.fetch_add(1, std::memory_order_relaxed);
    return {.retry_after = left, .generation = word.generation, .state = word.state};
  }
}

template <class Threads>
Recorded BasicCircuitBreaker<Threads>::RecordChange(const Admission& admission, Outcome outcome,
                                                    TimePoint now, Duration took) noexcept {
  if (!admission.admitted) return Recorded::kIgnored;
  std::optional<CallSample> sample;
  if (outcome != Outcome::kIgnored) sample = rules_.Judge(outcome, took);
  if (!window_.exists() || admission.probe()) return RecordInWord(admission, sample, now);
  if (Load().generation != admission.generation) return Recorded::kStale;
  if (!sample || admission.state == CircuitState::kDisabled) return Recorded::kIgnored;
  return RecordInWindow(admission, *sample, now);
}

template <class Threads>
Recorded BasicCircuitBreaker<Threads>::RecordInWord(const Admission& admission,
                                                    std::optional<CallSample> sample,
                                                    TimePoint now) noexcept {
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (;;) {
    const StateWord word = StateWord::Unpack(seen);
    if (word.generation != admission.generation) return Recorded::kStale;
    // One probe reported twice: the second time, the permit is somebody else's or gone.
    if (admission.probe() && word.probes == 0) return Recorded::kStale;
    if (word.state == CircuitState::kDisabled) return Recorded::kIgnored;
    const StateWord next = rules_.WithResult(word, sample);
    const Recorded done = sample ? Recorded::kCounted : Recorded::kIgnored;
    if (next == word) return done;
    const bool opens = next.state == CircuitState::kOpen;
    if (opens) since_.Raise(now);
    if (!word_.compare_exchange_weak(seen, next.Pack(), std::memory_order_acq_rel,
                                     std::memory_order_acquire)) {
      continue;
    }
    if (next.generation == word.generation) return done;
    const CircuitCause probed =
        opens ? CircuitCause::kProbesFailed : CircuitCause::kProbesSucceeded;
    Announce(word, next, now, admission.probe() ? probed : CircuitCause::kConsecutiveFailures);
    return done;
  }
}

template <class Threads>
Recorded BasicCircuitBreaker<Threads>::RecordInWindow(const Admission& admission, CallSample sample,
                                                      TimePoint now) noexcept {
  const auto seen = window_.Record(admission.generation, sample, now,
                                   [&] { return Load().generation == admission.generation; });
  if (!seen.counted) return Recorded::kStale;
  if (seen.counts && admission.state == CircuitState::kClosed) {
    if (const auto why = rules_.Trip(*seen.counts)) Trip(admission.generation, *why, now);
  }
  return Recorded::kCounted;
}

// Out of the closed state of that generation, unless somebody was faster.
template <class Threads>
void BasicCircuitBreaker<Threads>::Trip(std::uint32_t generation, CircuitCause why,
                                        TimePoint now) noexcept {
  const StateWord closed{.generation = generation};
  const StateWord open = closed.Enter(CircuitState::kOpen);
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  if (seen != closed.Pack()) return;
  since_.Raise(now);
  if (word_.compare_exchange_strong(seen, open.Pack(), std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
    Announce(closed, open, now, why);
  }
}

template <class Threads>
void BasicCircuitBreaker<Threads>::ChangeTo(CircuitState state, TimePoint now) noexcept {
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (;;) {
    const StateWord word = StateWord::Unpack(seen);
    // It is already so; but Reset() also forgets what has been counted.
    if (word.state == state && state != CircuitState::kClosed) return;
    const StateWord next = word.Enter(state);
    if (word_.compare_exchange_weak(seen, next.Pack(), std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      return Announce(word, next, now, CircuitCause::kByHand);
    }
  }
}

// By the one thread that made the change.
template <class Threads>
void BasicCircuitBreaker<Threads>::Announce(const StateWord& from, const StateWord& to,
                                            TimePoint now, CircuitCause why) noexcept {
  if (to.state == CircuitState::kOpen) opened_.fetch_add(1, std::memory_order_relaxed);
  const CircuitTransition transition{
      .generation = to.generation, .from = from.state, .to = to.state, .when = now, .why = why};
  log_.Write(transition);
  if (on_transition_) on_transition_(transition);
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_CHANGES_H_
