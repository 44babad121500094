#include "assay/patterns/semaphore/semaphore.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

std::uint64_t CheckedLimit(int limit, std::uint64_t most) {
  const std::string prefix = "semaphore limit: " + std::to_string(limit);
  if (limit < 1) throw std::invalid_argument(prefix + " is not at least 1");
  const auto accepted = static_cast<std::uint64_t>(limit);
  if (accepted > most) {
    throw std::invalid_argument(prefix + " is not at most " + std::to_string(most));
  }
  return accepted;
}

}  // namespace

Semaphore::Semaphore(SemaphoreOptions options) : limit_(CheckedLimit(options.limit, kActiveMask)) {}

void Semaphore::RaisePeak(std::uint64_t active) noexcept {
  std::uint64_t peak = peak_.load(std::memory_order_relaxed);
  while (active > peak && !peak_.compare_exchange_weak(peak, active, std::memory_order_relaxed)) {
  }
}

SemaphoreMetrics Semaphore::Snapshot() const noexcept {
  const std::uint64_t word = word_.load();
  const std::uint64_t active = word & kActiveMask;
  // A holder between its two writes is in `word_` and not yet in `peak_`.
  const std::uint64_t peak = std::max(active, peak_.load(std::memory_order_relaxed));
  return {.active = static_cast<int>(active),
          .peak = static_cast<int>(peak),
          .acquisitions = word >> kActiveBits,
          .rejections = rejections_.load(std::memory_order_relaxed)};
}

Error LimitReached(int limit, Duration wait) {
  return {ErrorCode::kLimitReached, "semaphore: none of " + std::to_string(limit) +
                                        " permits free within " + DurationText(wait)};
}

}  // namespace assay
