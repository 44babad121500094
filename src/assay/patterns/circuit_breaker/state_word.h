// The whole state of a circuit breaker in 64 bits, so that one compare-and-swap
// moves it from one consistent state to the next.
//
// [state 3 | generation 25 | streak 6 | probes out 8 | failed probes 6 | count 16].
// The generation grows by one with every change of state and names the period that a
// call was admitted in. It wraps; a result would have to arrive 2^25 changes late to
// be mistaken.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_

#include <algorithm>
#include <cstdint>

namespace assay {

// The first three admit every call.
enum class CircuitState : std::uint8_t {
  kClosed,       // calls pass, failures are counted
  kMetricsOnly,  // by hand: calls pass and are counted, and never open the breaker
  kDisabled,     // by hand: calls pass and are not even counted
  kOpen,         // calls are refused until the open time is over
  kHalfOpen,     // a few probes pass; their results decide
  kForcedOpen,   // by hand: calls are refused until somebody says otherwise
};

constexpr bool AdmitsAll(CircuitState state) noexcept { return state <= CircuitState::kDisabled; }

struct StateWord {
  static constexpr std::uint32_t kGenerationMask = (std::uint32_t{1} << 25) - 1;
  static constexpr std::uint32_t kMostStreak = 63;
  static constexpr std::uint32_t kMostProbes = 255;
  static constexpr std::uint32_t kMostFailedProbes = 63;
  static constexpr std::uint32_t kMostCount = 65535;

  CircuitState state = CircuitState::kClosed;
  std::uint32_t generation = 0;
  std::uint32_t streak = 0;         // open, half-open: times opened since it was last closed
  std::uint32_t probes = 0;         // half-open: admitted, result not in yet; else 0
  std::uint32_t failed_probes = 0;  // half-open; else 0
  std::uint32_t count = 0;  // half-open: successes; admits all: consecutive failures; else 0

  static constexpr StateWord Unpack(std::uint64_t bits) noexcept {
    return {.state = static_cast<CircuitState>(bits >> 61),
            .generation = static_cast<std::uint32_t>(bits >> 36) & kGenerationMask,
            .streak = static_cast<std::uint32_t>(bits >> 30) & kMostStreak,
            .probes = static_cast<std::uint32_t>(bits >> 22) & kMostProbes,
            .failed_probes = static_cast<std::uint32_t>(bits >> 16) & kMostFailedProbes,
            .count = static_cast<std::uint32_t>(bits) & kMostCount};
  }

  constexpr std::uint64_t Pack() const noexcept {
    return std::uint64_t{static_cast<std::uint8_t>(state)} << 61 | std::uint64_t{generation} << 36 |
           std::uint64_t{streak} << 30 | std::uint64_t{probes} << 22 |
           std::uint64_t{failed_probes} << 16 | count;
  }

  // The first word of the next generation. Opening makes the streak longer, a probe keeps
  // it, everything else ends it.
  constexpr StateWord Enter(CircuitState next, std::uint32_t first_probes = 0) const noexcept {
    StateWord word{
        .state = next, .generation = (generation + 1) & kGenerationMask, .probes = first_probes};
    if (next == CircuitState::kOpen) word.streak = std::min(streak + 1, kMostStreak);
    if (next == CircuitState::kHalfOpen) word.streak = streak;
    return word;
  }

  friend constexpr bool operator==(const StateWord&, const StateWord&) = default;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_
