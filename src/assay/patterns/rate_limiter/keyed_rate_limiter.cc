#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"

#include "assay/core/option_check.h"

namespace assay {

KeyedRateLimiterOptions Checked(const KeyedRateLimiterOptions& options) {
  [[maybe_unused]] const Gcra rules(options.limit);  // throws what its limiters would
  OptionCheck("rate limiter").Within("most_keys", options.most_keys, 1, std::int64_t{1} << 31);
  return options;
}

template class BasicKeyedRateLimiter<StdThreads>;

}  // namespace assay
