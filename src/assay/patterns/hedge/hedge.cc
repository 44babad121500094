#include "assay/patterns/hedge/hedge.h"

#include <stdexcept>
#include <string>

namespace assay {
namespace {

void CheckRange(const std::string& option, std::int64_t value, std::int64_t least,
                std::int64_t most) {
  if (value >= least && value <= most) return;
  throw std::invalid_argument(option + ": " + std::to_string(value) + " is not within " +
                              std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace

void CheckLatencyQuantile(const LatencyQuantileOptions& options) {
  if (!(options.quantile > 0 && options.quantile < 1)) {  // nor NaN
    throw std::invalid_argument("latency quantile: " + std::to_string(options.quantile) +
                                " is not above 0 and below 1");
  }
  CheckRange("latency quantile min_samples", options.min_samples, 1, 1'000'000);
  CheckRange("latency quantile window", options.window, options.min_samples, 1'000'000);
}

void CheckHedge(const HedgeOptions& options) {
  CheckRange("hedge max_attempts", options.max_attempts, 1, 10);
  if (options.delay >= Duration::zero()) return;
  throw std::invalid_argument("hedge delay: " + std::to_string(options.delay.count()) +
                              " ns is not 0 or above");
}

}  // namespace assay
