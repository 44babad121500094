// The whole state of a circuit breaker in 64 bits, so that one compare-and-swap
// moves it from one consistent state to the next.
//
// [state 2 | generation 30 | probes out 16 | count 16]. The generation grows with
// every change of state and names the period that a call was admitted in. It
// wraps; a result would have to arrive 2^30 changes late to be mistaken.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_

#include <cstdint>

namespace assay {

enum class CircuitState : std::uint8_t {
  kClosed,    // calls pass, failures are counted
  kOpen,      // calls are refused until open_duration is over
  kHalfOpen,  // a few probes pass; their results decide
};

struct StateWord {
  static constexpr std::uint32_t kGenerationMask = (std::uint32_t{1} << 30) - 1;
  static constexpr std::uint32_t kMostProbes = 0xffff;
  static constexpr std::uint32_t kMostCount = 0xffff;

  CircuitState state = CircuitState::kClosed;
  std::uint32_t generation = 0;
  std::uint32_t probes = 0;  // half-open: admitted, result not in yet; else 0
  std::uint32_t count = 0;   // closed: consecutive failures; half-open: successes; open: 0

  static constexpr StateWord Unpack(std::uint64_t bits) noexcept {
    return {.state = static_cast<CircuitState>(bits >> 62),
            .generation = static_cast<std::uint32_t>(bits >> 32) & kGenerationMask,
            .probes = static_cast<std::uint32_t>(bits >> 16) & kMostProbes,
            .count = static_cast<std::uint32_t>(bits) & kMostCount};
  }

  constexpr std::uint64_t Pack() const noexcept {
    return std::uint64_t{static_cast<std::uint8_t>(state)} << 62 | std::uint64_t{generation} << 32 |
           std::uint64_t{probes} << 16 | count;
  }

  // The first word of the next generation.
  constexpr StateWord Enter(CircuitState next, std::uint32_t first_probes = 0) const noexcept {
    return {.state = next,
            .generation = (generation + 1) & kGenerationMask,
            .probes = first_probes,
            .count = 0};
  }

  friend constexpr bool operator==(const StateWord&, const StateWord&) = default;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_STATE_WORD_H_
