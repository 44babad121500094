// When a circuit breaker opens, for how long, and what closes it again.
//
//   CircuitBreakerOptions{.failure_threshold = 3}                          // 3 failures in a row
//   CircuitBreakerOptions{.window = CircuitWindowOptions{.calls = 20}}     // half of the last 20
//   CircuitBreakerOptions{.window = CircuitWindowOptions{.over = WindowOver::kTime},
//                         .slow_calls = SlowCallOptions{.longer_than = std::chrono::seconds(2)}}
//
// A value out of its range is refused when the breaker is made, never adjusted.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_OPTIONS_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "assay/core/clock.h"
#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay {

enum class WindowOver : std::uint8_t {
  kCalls,  // the last `calls`
  kTime,   // the calls of the last `duration`
};

// Trips on the share of failures among recent calls. Ignored calls are not among them.
struct CircuitWindowOptions {
  WindowOver over = WindowOver::kCalls;
  int calls = 100;                               // kCalls: 1 to 4095
  Duration duration = std::chrono::seconds(30);  // kTime: 1 ms or more for each bucket
  int buckets = 10;                              // kTime: 1 to 64; the oldest leaves as a whole
  int minimum_calls = 10;              // no rate is judged below; 1 to 2^30, or to `calls`
  double failure_rate = 0.5;           // trips at this share or more; above 0, up to 1
  std::optional<int> failure_count{};  // trips at so many, too; as minimum_calls
};

// Calls that take long count against the breaker, too. A slow probe is a failed one.
struct SlowCallOptions {
  Duration longer_than = std::chrono::seconds(60);  // a call is slow above this; 0 or more
  double rate = 1.0;               // with a window: trips at this share or more; above 0, up to 1
  bool count_as_failures = false;  // slow calls are failures, too; needed without a window
};

struct CircuitBreakerOptions {
  int failure_threshold = 5;  // consecutive failures, where there is no window; 1 to 65535
  // The first time that the breaker opens, and by how much longer each further time is until it
  // has been closed again.
  Duration open_duration = std::chrono::seconds(60);  // above 0
  double open_backoff = 1.0;                          // 1 to 1000; applied 62 times at most
  Duration max_open_duration = Duration::max();       // open_duration or more
  double open_jitter = 0.0;       // 0 to 1: an open time is shorter by up to this share, at random
  std::uint64_t jitter_seed = 0;  // breakers that ask the same server should differ in it
  int half_open_permits = 1;      // 1 to 255 probes at a time
  int success_threshold = 2;      // 1 to 65535 successful probes close,
  std::optional<int> success_out_of{};  // of so many: up to 63 more; if not set, any failure opens
  // When all permits are out, the latest for so long, they are lost and replaced; above 0. Not set:
  // open_duration.
  std::optional<Duration> half_open_limit{};
  std::optional<CircuitWindowOptions> window{};
  std::optional<SlowCallOptions> slow_calls{};  // not set: nobody measures how long a call takes
  // After each transition, once, on the thread that caused it; no lock is held, and the breaker
  // may be used. Must not throw. Two threads may be in it at once: order by generation.
  std::function<void(const CircuitTransition&)> on_transition{};
};

// The same options. Throws std::invalid_argument that names the option, its value and the range.
const CircuitBreakerOptions& Checked(const CircuitBreakerOptions& options);

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_CIRCUIT_OPTIONS_H_
