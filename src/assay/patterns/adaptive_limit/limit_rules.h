// How many calls at a time a server bears, worked out from how it answers: the arithmetic.
//
// Pure functions of one window of samples and the state before it; immutable, so safe to share.
//
//   - AIMD (Chiu and Jain 1989; TCP's congestion avoidance): one more for each window in which all
//     went well, a tenth less after one in which a call was dropped. Reacts to refusals and
//     time-outs only, which makes it the choice for a client among many.
//   - gradient (Netflix concurrency-limits, Gradient2): compares the latency of the window with
//     its long-term average; as long as it stays within `tolerance` of that there is room for
//     `queue` calls more, above it the limit shrinks in proportion, by half at the most. Reacts
//     before anything is dropped. A drop acts as with AIMD.
//
// The limit never grows while less than half of it is used: nothing is learnt then.
#ifndef ASSAY_PATTERNS_ADAPTIVE_LIMIT_LIMIT_RULES_H_
#define ASSAY_PATTERNS_ADAPTIVE_LIMIT_LIMIT_RULES_H_

#include <cstdint>

#include "assay/core/clock.h"

namespace assay {

enum class LimitAlgorithm : std::uint8_t { kAimd, kGradient };

struct AdaptiveLimitOptions {
  LimitAlgorithm algorithm = LimitAlgorithm::kAimd;
  int initial_limit = 20;  // min_limit to max_limit
  int min_limit = 1;       // 1 to max_limit
  int max_limit = 200;     // 1 to 1000000

  // A window ends with the first sample that comes so long after its beginning, when there are
  // enough of them.
  Duration window = std::chrono::milliseconds(100);  // 1 us to 1 h
  int min_samples = 10;                              // 1 to 1000000

  double backoff_ratio = 0.9;  // 0.5 to 0.99: what a drop leaves of the limit
  // Of the gradient alone:
  double tolerance = 1.5;  // 1 to 10 times the long-term latency
  double smoothing = 0.2;  // 0.001 to 1: how much a window counts
  int queue = 4;           // 1 to 1000 calls
  int long_windows = 600;  // 2 to 1000000 windows in the long-term average
};

// What has come back in one window.
struct LimitWindow {
  std::int64_t samples = 0;  // that were successes
  Duration latency{};        // their sum
  std::int64_t dropped = 0;
  int most_in_flight = 0;
};

struct LimitState {
  double limit = 0;            // the integer part is in force
  double long_latency_ns = 0;  // 0 before the first window

  friend bool operator==(const LimitState&, const LimitState&) = default;
};

class LimitRules {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit LimitRules(const AdaptiveLimitOptions& options);

  LimitState First() const noexcept {
    return {.limit = static_cast<double>(options_.initial_limit)};
  }
  // Has the window come to its end? `age` since its beginning.
  bool Ends(std::int64_t samples, Duration age) const noexcept {
    return samples >= options_.min_samples && age >= options_.window;
  }
  LimitState Next(const LimitState& state, const LimitWindow& window) const noexcept;

  Duration window() const noexcept { return options_.window; }

 private:
  double AfterDrop(double limit) const noexcept { return limit * options_.backoff_ratio; }
  double Gradient(double limit, double latency_ns, double long_latency_ns) const noexcept;

  AdaptiveLimitOptions options_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_ADAPTIVE_LIMIT_LIMIT_RULES_H_
