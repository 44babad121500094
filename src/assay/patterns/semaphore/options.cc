#include "assay/patterns/semaphore/options.h"

#include <string>

#include "assay/core/duration_text.h"
#include "assay/core/option_check.h"

namespace assay {
namespace {

constexpr OptionCheck kOptions("semaphore");

}  // namespace

int CheckedPermitLimit(int limit) { return kOptions.Within("limit", limit, 1, kMostPermits); }

const SemaphoreOptions& CheckedSemaphoreOptions(const SemaphoreOptions& options) {
  CheckedPermitLimit(options.limit);
  kOptions.Within("queue_limit", options.queue_limit, 0, kMostPermits);
  kOptions.Above0("queue_timeout", options.queue_timeout);
  return options;
}

Error SemaphoreFull() { return {ErrorCode::kLimitReached, "semaphore: full"}; }

Error LimitReached(int permits, int limit, Duration wait) {
  return {ErrorCode::kLimitReached, "semaphore: " + std::to_string(permits) + " of " +
                                        std::to_string(limit) + " permits not free within " +
                                        DurationText(wait)};
}

Error OverLimit(int permits, int limit) {
  return {ErrorCode::kInvalidRequest, kOptions.NotWithin("permits", permits, 1, limit)};
}

}  // namespace assay
