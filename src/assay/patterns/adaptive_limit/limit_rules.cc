#include "assay/patterns/adaptive_limit/limit_rules.h"

#include <algorithm>

#include "assay/core/option_check.h"

namespace assay {
namespace {

constexpr OptionCheck kOptions("adaptive limit");

}  // namespace

LimitRules::LimitRules(const AdaptiveLimitOptions& options) : options_(options) {
  if (options.algorithm > LimitAlgorithm::kGradient) {
    kOptions.Refuse("algorithm", static_cast<int>(options.algorithm),
                    "is neither kAimd nor kGradient");
  }
  kOptions.Within("max_limit", options.max_limit, 1, 1'000'000);
  kOptions.Within("min_limit", options.min_limit, 1, options.max_limit);
  kOptions.Within("initial_limit", options.initial_limit, options.min_limit, options.max_limit);
  kOptions.Within("window", options.window, std::chrono::microseconds(1), std::chrono::hours(1));
  kOptions.Within("min_samples", options.min_samples, 1, 1'000'000);
  kOptions.Within("backoff_ratio", options.backoff_ratio, 0.5, 0.99);
  kOptions.Within("tolerance", options.tolerance, 1.0, 10.0);
  kOptions.Within("smoothing", options.smoothing, 0.001, 1.0);
  kOptions.Within("queue", options.queue, 1, 1'000);
  kOptions.Within("long_windows", options.long_windows, 2, 1'000'000);
}

LimitState LimitRules::Next(const LimitState& state, const LimitWindow& window) const noexcept {
  LimitState next = state;
  double latency_ns = 0;
  if (window.samples > 0) {
    latency_ns = static_cast<double>(window.latency.count()) / static_cast<double>(window.samples);
    const double weight = 2.0 / (options_.long_windows + 1);
    const bool first = state.long_latency_ns == 0;
    next.long_latency_ns =
        first ? latency_ns : state.long_latency_ns + weight * (latency_ns - state.long_latency_ns);
    // After a long time of overload the average is too high, and would take long to come down.
    if (next.long_latency_ns > 2 * latency_ns) next.long_latency_ns *= 0.95;
  }

  const bool used = 2 * window.most_in_flight >= static_cast<int>(state.limit);
  if (window.dropped > 0) {
    next.limit = AfterDrop(state.limit);
  } else if (options_.algorithm == LimitAlgorithm::kGradient && window.samples > 0) {
    const double wanted = Gradient(state.limit, latency_ns, next.long_latency_ns);
    if (used || wanted < state.limit) next.limit = wanted;
  } else if (options_.algorithm == LimitAlgorithm::kAimd && used) {
    next.limit = state.limit + 1;
  }
  next.limit = std::clamp(next.limit, static_cast<double>(options_.min_limit),
                          static_cast<double>(options_.max_limit));
  return next;
}

double LimitRules::Gradient(double limit, double latency_ns,
                            double long_latency_ns) const noexcept {
  const double room = latency_ns > 0 ? options_.tolerance * long_latency_ns / latency_ns : 1.0;
  const double gradient = std::clamp(room, 0.5, 1.0);
  const double wanted = limit * gradient + options_.queue;
  return limit + options_.smoothing * (wanted - limit);
}

}  // namespace assay
