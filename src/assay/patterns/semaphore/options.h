// What a semaphore is told, what it tells, and the errors of calls that it refuses.
#ifndef ASSAY_PATTERNS_SEMAPHORE_OPTIONS_H_
#define ASSAY_PATTERNS_SEMAPHORE_OPTIONS_H_

#include <chrono>
#include <cstdint>

#include "assay/core/clock.h"
#include "assay/core/error.h"

namespace assay {

inline constexpr int kMostPermits = 1'048'575;

struct SemaphoreOptions {
  int limit = 100;         // permits: 1 to kMostPermits
  int queue_limit = 1000;  // callers that wait at a time: 0 (nobody waits) to kMostPermits
  // Longest wait of one caller: at least 1 ns; Duration::max() is for ever.
  Duration queue_timeout = std::chrono::seconds(30);
};

// Of one instant, but `peak` and `rejected` may be newer by the calls in progress.
struct SemaphoreMetrics {
  int limit = 0;
  int active = 0;                  // permits held now; above `limit` after it was lowered
  int peak = 0;                    // most permits ever held at a time
  int queued = 0;                  // callers that wait now
  std::uint64_t acquisitions = 0;  // calls granted so far, modulo 2^42
  std::uint64_t timeouts = 0;      // calls that waited and gave up when their time was over
  std::uint64_t rejected = 0;      // calls refused at once, or by a Resize()

  friend bool operator==(const SemaphoreMetrics&, const SemaphoreMetrics&) = default;
};

// The options as they are. Throws std::invalid_argument when one is out of range.
const SemaphoreOptions& CheckedSemaphoreOptions(const SemaphoreOptions& options);

// Throws std::invalid_argument when it is not within 1 to kMostPermits.
int CheckedPermitLimit(int limit);

// kLimitReached at once: no permit free, and nobody may wait (any more). The text is short enough
// not to be allocated, since under overload refusals are many.
Error SemaphoreFull();

// kLimitReached after waiting for `wait` (>= 0).
Error LimitReached(int permits, int limit, Duration wait);

// kInvalidRequest: `permits` will never be granted under this limit.
Error OverLimit(int permits, int limit);

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_OPTIONS_H_
