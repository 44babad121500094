#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"

#include <stdexcept>
#include <string>

namespace assay {

KeyedRateLimiterOptions Checked(const KeyedRateLimiterOptions& options) {
  [[maybe_unused]] const Gcra rules(options.limit);  // throws what its limiters would
  if (options.most_keys < 1 || options.most_keys > std::int64_t{1} << 31) {
    throw std::invalid_argument("rate limiter most_keys: " + std::to_string(options.most_keys) +
                                " is not within 1 to 2147483648");
  }
  return options;
}

template class BasicKeyedRateLimiter<StdThreads>;

}  // namespace assay
