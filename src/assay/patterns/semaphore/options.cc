#include "assay/patterns/semaphore/options.h"

#include <stdexcept>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

std::string NotWithin(const char* option, long value, long least, long most) {
  return std::string("semaphore ") + option + ": " + std::to_string(value) + " is not within " +
         std::to_string(least) + " to " + std::to_string(most);
}

void Check(const char* option, int value, int least) {
  if (value < least || value > kMostPermits) {
    throw std::invalid_argument(NotWithin(option, value, least, kMostPermits));
  }
}

}  // namespace

int CheckedPermitLimit(int limit) {
  Check("limit", limit, 1);
  return limit;
}

const SemaphoreOptions& CheckedSemaphoreOptions(const SemaphoreOptions& options) {
  CheckedPermitLimit(options.limit);
  Check("queue_limit", options.queue_limit, 0);
  if (options.queue_timeout <= Duration::zero()) {
    throw std::invalid_argument(
        "semaphore queue_timeout: " + std::to_string(options.queue_timeout.count()) +
        " ns is not above 0");
  }
  return options;
}

Error SemaphoreFull() { return {ErrorCode::kLimitReached, "semaphore: full"}; }

Error LimitReached(int permits, int limit, Duration wait) {
  return {ErrorCode::kLimitReached, "semaphore: " + std::to_string(permits) + " of " +
                                        std::to_string(limit) + " permits not free within " +
                                        DurationText(wait)};
}

Error OverLimit(int permits, int limit) {
  return {ErrorCode::kInvalidRequest, NotWithin("permits", permits, 1, limit)};
}

}  // namespace assay
