#include "assay/patterns/retry/backoff.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "assay/core/option_check.h"

namespace assay {
namespace {

__extension__ typedef unsigned __int128 Uint128;

constexpr OptionCheck kOptions("retry");

void CheckDelays(const BackoffOptions& options) {
  kOptions.Above0("base", options.base);
  if (options.max_delay < options.base) {
    kOptions.Refuse("max_delay", options.max_delay,
                    "is below base (" + std::to_string(options.base.count()) + " ns)");
  }
}

Duration SaturatingSum(Duration a, Duration b) {  // neither is negative
  return a > Duration::max() - b ? Duration::max() : a + b;
}

void CheckKinds(const BackoffOptions& options) {
  if (options.growth > Growth::kCustom) {
    kOptions.Refuse("growth", static_cast<int>(options.growth), "is not one of Growth");
  }
  if (options.jitter > Jitter::kFactor) {
    kOptions.Refuse("jitter", static_cast<int>(options.jitter), "is not one of Jitter");
  }
  if ((options.growth == Growth::kCustom) != static_cast<bool>(options.custom)) {
    kOptions.Refuse("custom", "a function", "is accepted with Growth::kCustom, and only with it");
  }
  if (options.growth == Growth::kCustom && options.jitter == Jitter::kDecorrelated) {
    kOptions.Refuse("jitter", "kDecorrelated", "never asks the function of Growth::kCustom");
  }
}

}  // namespace

Duration UniformDuration(Duration least, Duration most, std::uint64_t random) noexcept {
  const auto values = static_cast<Uint128>((most - least).count()) + 1;
  return least + Duration(static_cast<std::int64_t>(values * random >> 64));
}

Duration Scaled(Duration duration, double factor, Duration most) noexcept {
  const double scaled = static_cast<double>(duration.count()) * factor;
  // Compared before it is converted: beyond 64 bits there is no conversion.
  if (scaled >= static_cast<double>(most.count())) return most;
  return Duration(static_cast<std::int64_t>(scaled));
}

Backoff::Backoff(const BackoffOptions& options) : options_(options) {
  CheckDelays(options);
  kOptions.Within("multiplier", options.multiplier, 1, 1000);
  kOptions.Within("jitter_factor", options.jitter_factor, 0, 1);
  CheckKinds(options);
}

Duration Backoff::Delay(std::int64_t retry, Duration previous, std::uint64_t random) const {
  const Duration most = options_.max_delay;
  if (options_.jitter == Jitter::kDecorrelated) {
    const Duration from = std::max(previous, options_.base);
    return std::min(UniformDuration(options_.base, Scaled(from, 3, Duration::max()), random), most);
  }
  const Duration grown = Grown(retry);
  switch (options_.jitter) {
    case Jitter::kFull: return UniformDuration(Duration::zero(), grown, random);
    case Jitter::kEqual: return UniformDuration(grown / 2, grown, random);
    case Jitter::kFactor: {
      const Duration spread = Scaled(grown, options_.jitter_factor, grown);
      const Duration widest = SaturatingSum(grown, spread);
      return std::min(UniformDuration(grown - spread, widest, random), most);
    }
    default: return grown;
  }
}

Duration Backoff::Grown(std::int64_t retry) const {
  const Duration base = options_.base;
  const Duration most = options_.max_delay;
  switch (options_.growth) {
    case Growth::kLinear: return retry > most / base ? most : base * retry;
    case Growth::kExponential:
      return Scaled(base, std::pow(options_.multiplier, static_cast<double>(retry - 1)), most);
    case Growth::kCustom: return std::clamp(options_.custom(retry), Duration::zero(), most);
    default: return base;
  }
}

}  // namespace assay
