#include "assay/patterns/rate_limiter/rate_limiter.h"

#include <string>

namespace assay {

template class BasicRateLimiter<StdThreads>;

Error RateLimited(const Reservation& refused, std::int64_t tokens, std::int64_t burst) {
  if (refused.verdict == RateVerdict::kOutOfRange) {
    return {ErrorCode::kInvalidRequest, "rate limiter: " + std::to_string(tokens) +
                                            " tokens asked for, accepted is 1 to the burst of " +
                                            std::to_string(burst)};
  }
  // Short enough to need no memory: refusing has to cost nothing.
  return {ErrorCode::kLimitReached, "rate: too late"};
}

}  // namespace assay
