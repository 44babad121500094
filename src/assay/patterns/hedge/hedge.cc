#include "assay/patterns/hedge/hedge.h"

#include "assay/core/option_check.h"

namespace assay {
void CheckLatencyQuantile(const LatencyQuantileOptions& options) {
  if (!(options.quantile > 0 && options.quantile < 1)) {  // nor NaN
    OptionCheck("latency").Refuse("quantile", options.quantile, "is not above 0 and below 1");
  }
  constexpr OptionCheck kOptions("latency quantile");
  kOptions.Within("min_samples", options.min_samples, 1, 1'000'000);
  kOptions.Within("window", options.window, options.min_samples, 1'000'000);
}

void CheckHedge(const HedgeOptions& options) {
  constexpr OptionCheck kOptions("hedge");
  kOptions.Within("max_attempts", options.max_attempts, 1, 10);
  kOptions.NotBelow0("delay", options.delay);
}

}  // namespace assay
