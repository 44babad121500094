// How long to wait before the n-th retry.
//
// A pure function of the number of the retry, the delay before it and 64 random bits: immutable,
// so safe to share. All arithmetic saturates, and jitter is clamped last: whatever the options, a
// delay is within 0 and max_delay for every retry up to 2^31 (and beyond).
//
// Sources: "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) for full, equal and
// decorrelated jitter.
#ifndef ASSAY_PATTERNS_RETRY_BACKOFF_H_
#define ASSAY_PATTERNS_RETRY_BACKOFF_H_

#include <cstdint>
#include <functional>

#include "assay/core/clock.h"

namespace assay {

enum class Growth : std::uint8_t {
  kConstant,     // base
  kLinear,       // base, 2 base, 3 base ...
  kExponential,  // base, base * multiplier, base * multiplier^2 ...
  kCustom,       // custom(1), custom(2) ...
};

// With d for the delay that has grown so far.
enum class Jitter : std::uint8_t {
  kNone,
  kFull,          // 0 to d
  kEqual,         // d / 2 to d
  kDecorrelated,  // base to three times the back-off before, however it grows; not with kCustom
  kFactor,        // d - jitter_factor * d to d + jitter_factor * d
};

struct BackoffOptions {
  Growth growth = Growth::kExponential;
  Duration base = std::chrono::milliseconds(100);  // above 0
  Duration max_delay = std::chrono::seconds(30);   // at least base
  double multiplier = 2;                           // 1 to 1000
  Jitter jitter = Jitter::kFull;
  double jitter_factor = 0.2;  // 0 to 1
  // Of the number of the retry, from 1 on; below 0 counts as 0, above max_delay as that. Called
  // from any thread. Given with kCustom and only with it.
  std::function<Duration(std::int64_t)> custom{};
};

class Backoff {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit Backoff(const BackoffOptions& options = {});

  // Before retry `retry` (from 1 on), where `previous` was what this said before the last one,
  // 0 for none. `random` is uniform.
  Duration Delay(std::int64_t retry, Duration previous, std::uint64_t random) const;

 private:
  Duration Grown(std::int64_t retry) const;

  BackoffOptions options_;
};

// Uniform within `least` and `most` (>= least).
Duration UniformDuration(Duration least, Duration most, std::uint64_t random) noexcept;

// `duration` * `factor` (>= 0), at most `most`.
Duration Scaled(Duration duration, double factor, Duration most) noexcept;

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_BACKOFF_H_
