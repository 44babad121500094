#include "assay/patterns/circuit_breaker/circuit_breaker.h"

#include <optional>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

Admission Admitted(const StateWord& word) {
  return {.generation = word.generation, .state = word.state, .admitted = true};
}

}  // namespace

// The time belongs to the state but does not fit into its word, and two variables
// cannot change at once (Hystrix #1806, #2108: open for ever, because the time of
// another transition was left behind). Hence the time is only ever raised, and
// raised *before* the word is swapped:
//
// - Who reads the word and then the time finds at least the time of that word.
// - Who raises it and then loses the swap does no harm. It took `now` before it saw
//   the old word, that is before the winner swapped: the time is still not later
//   than the moment at which the state was really entered.
// - A thread that was held up in between cannot bring back an old time.
//
// Between the raise and the swap of the one who leaves OPEN, others read a time
// that is too late and are refused; rightly so, the probe is being given away. For
// the same reason that swap must not fail without cause (compare_exchange_strong):
// its own raise would then refuse it.
void CircuitBreaker::RaiseSince(TimePoint now) noexcept {
  const TimePoint::rep time = now.time_since_epoch().count();
  TimePoint::rep since = since_.load(std::memory_order_relaxed);
  while (time > since && !since_.compare_exchange_weak(since, time, std::memory_order_acq_rel,
                                                       std::memory_order_relaxed)) {
  }
}

Admission CircuitBreaker::AdmitProbe(TimePoint now) noexcept {
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (;;) {
    const StateWord word = StateWord::Unpack(seen);
    if (word.state == CircuitState::kClosed) return Admitted(word);
    const TimePoint since{Duration(since_.load(std::memory_order_acquire))};
    // Threads read the clock at their own pace: `now` may lie before `since`.
    const Duration elapsed = now > since ? now - since : Duration::zero();
    if (const std::optional<StateWord> next = rules_.WithProbe(word, elapsed)) {
      RaiseSince(now);
      if (word_.compare_exchange_strong(seen, next->Pack(), std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
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
    return {.retry_after = rules_.open_duration() - elapsed,
            .generation = word.generation,
            .state = word.state};
  }
}

Recorded CircuitBreaker::RecordChange(const Admission& admission, Outcome outcome,
                                      TimePoint now) noexcept {
  const Recorded done = outcome == Outcome::kIgnored ? Recorded::kIgnored : Recorded::kCounted;
  if (!admission.admitted) return Recorded::kIgnored;
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (;;) {
    const StateWord word = StateWord::Unpack(seen);
    if (word.generation != admission.generation) return Recorded::kStale;
    // One probe reported twice: the second time, the permit is somebody else's or gone.
    if (admission.probe() && word.probes == 0) return Recorded::kStale;
    const StateWord next = rules_.WithResult(word, outcome);
    if (next == word) return done;
    const bool opens = next.state == CircuitState::kOpen;
    if (opens) RaiseSince(now);
    if (word_.compare_exchange_weak(seen, next.Pack(), std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      if (opens) opened_.fetch_add(1, std::memory_order_relaxed);
      return done;
    }
  }
}

void CircuitBreaker::Reset() noexcept {
  std::uint64_t seen = word_.load(std::memory_order_relaxed);
  while (!word_.compare_exchange_weak(seen,
                                      StateWord::Unpack(seen).Enter(CircuitState::kClosed).Pack(),
                                      std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
}

CircuitBreakerSnapshot CircuitBreaker::Snapshot() const noexcept {
  const StateWord word = StateWord::Unpack(word_.load(std::memory_order_acquire));
  const bool closed = word.state == CircuitState::kClosed;
  return {.state = word.state,
          .generation = word.generation,
          .consecutive_failures = closed ? word.count : 0,
          .probes = word.probes,
          .opened = opened_.load(std::memory_order_relaxed),
          .rejected = rejected_.load(std::memory_order_relaxed)};
}

std::string_view ToString(CircuitState state) noexcept {
  switch (state) {
    case CircuitState::kClosed: return "closed";
    case CircuitState::kOpen: return "open";
    case CircuitState::kHalfOpen: return "half_open";
  }
  return "unknown";
}

Error CircuitOpen(const Admission& refused) {
  return {ErrorCode::kCircuitOpen, "circuit breaker: " + std::string(ToString(refused.state)) +
                                       ", next probe within " + DurationText(refused.retry_after)};
}

}  // namespace assay
