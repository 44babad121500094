#include "assay/patterns/circuit_breaker/circuit_rules.h"

#include <algorithm>
#include <limits>

#include "assay/core/hash.h"

namespace assay {
namespace {

// `times` >= 1. What does not fit into a Duration is more than any limit.
Duration Longer(Duration duration, double times, Duration most) {
  const double longer = static_cast<double>(duration.count()) * times;
  if (longer >= static_cast<double>(most.count())) return most;
  return Duration(static_cast<Duration::rep>(longer));
}

}  // namespace

CircuitRules::CircuitRules(const CircuitBreakerOptions& options)
    : open_jitter_(options.open_jitter),
      jitter_seed_(options.jitter_seed),
      half_open_limit_(options.half_open_limit.value_or(options.open_duration)),
      failure_threshold_(static_cast<std::uint32_t>(options.failure_threshold)),
      half_open_permits_(static_cast<std::uint32_t>(options.half_open_permits)),
      success_threshold_(static_cast<std::uint32_t>(options.success_threshold)),
      failed_probes_allowed_(static_cast<std::uint32_t>(
          options.success_out_of.value_or(options.success_threshold) - options.success_threshold)),
      window_(options.window.value_or(CircuitWindowOptions{})),
      failure_count_(window_.failure_count ? static_cast<std::uint64_t>(*window_.failure_count)
                                           : std::numeric_limits<std::uint64_t>::max()),
      slow_calls_(options.slow_calls.value_or(SlowCallOptions{})),
      times_calls_(options.slow_calls.has_value()) {
  Duration time = options.open_duration;
  for (Duration& entry : open_times_) {
    entry = time;
    time = Longer(time, options.open_backoff, options.max_open_duration);
  }
}

// A function of the generation, so that all threads agree on it.
Duration CircuitRules::WithJitter(Duration time, std::uint32_t generation) const noexcept {
  const double share = UnitInterval(Draw(jitter_seed_, "circuit_open", generation, 0));
  const double less = static_cast<double>(time.count()) * (open_jitter_ * share);
  return std::max(time - Duration(static_cast<Duration::rep>(less)), Duration(1));
}

StateWord CircuitRules::WithResult(const StateWord& word,
                                   std::optional<CallSample> sample) const noexcept {
  if (word.state == CircuitState::kHalfOpen) return WithProbeResult(word, sample);
  StateWord next = word;
  if (!sample) return next;
  next.count = sample->failed ? std::min(word.count + 1, StateWord::kMostCount) : 0;
  const bool trips = next.count >= failure_threshold_ && word.state == CircuitState::kClosed;
  return trips ? word.Enter(CircuitState::kOpen) : next;
}

StateWord CircuitRules::WithProbeResult(const StateWord& word,
                                        std::optional<CallSample> sample) const noexcept {
  StateWord next = word;
  --next.probes;
  if (!sample) return next;
  if (sample->bad()) {
    if (word.failed_probes >= failed_probes_allowed_) return word.Enter(CircuitState::kOpen);
    ++next.failed_probes;
  } else if (++next.count >= success_threshold_) {
    return word.Enter(CircuitState::kClosed);
  }
  return next;
}

std::optional<CircuitCause> CircuitRules::TripByRates(const WindowCounts& counts) const noexcept {
  if (counts.failures >= failure_count_) return CircuitCause::kFailureCount;
  if (counts.calls < static_cast<std::uint64_t>(window_.minimum_calls)) return std::nullopt;
  if (counts.failure_rate() >= window_.failure_rate) return CircuitCause::kFailureRate;
  if (counts.slow_rate() >= slow_calls_.rate) return CircuitCause::kSlowCallRate;
  return std::nullopt;
}

}  // namespace assay
