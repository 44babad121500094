// A circuit breaker's life as its server saw it: how long it was in each state, and what
// reached the server meanwhile. Pure.
#ifndef ASSAY_BENCH_RESILIENCE_TIMELINE_H_
#define ASSAY_BENCH_RESILIENCE_TIMELINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay::bench {

// What had been counted when the circuit changed.
struct Moment {
  CircuitTransition change{};
  std::uint64_t requests = 0;  // by the server
  std::uint64_t rejected = 0;  // by the breaker
};

// From one change to the next.
struct Stay {
  CircuitState state = CircuitState::kClosed;
  Duration length{};
  std::uint64_t requests = 0;
  std::uint64_t rejected = 0;
};

// Closed from `begin` on; what the last change leads to has not ended and is left out. `requests`
// had reached the server before.
std::vector<Stay> StaysOf(TimePoint begin, std::uint64_t requests,
                          const std::vector<Moment>& moments);

// What all stays in one state come to.
Stay Sum(const std::vector<Stay>& stays, CircuitState state);

struct ExpectedStay {
  CircuitState state = CircuitState::kClosed;
  std::uint64_t requests = 0;  // exactly
};

// Holds what was seen against what was expected: the states in their order and closed at last, the
// requests in each, `open_duration` at the least in each open one, calls rejected nowhere else.
// Empty, or what was wrong.
std::string WhatIsWrongWithTimeline(const std::vector<Moment>& moments,
                                    const std::vector<Stay>& stays,
                                    const std::vector<ExpectedStay>& expected,
                                    Duration open_duration);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_TIMELINE_H_
