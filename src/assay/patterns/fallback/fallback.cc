#include "assay/patterns/fallback/fallback.h"

#include <stdexcept>

namespace assay {

bool MayBeReplaced(const Error& error) noexcept {
  return error.code != ErrorCode::kInvalidRequest && error.code != ErrorCode::kCancelled;
}

Fallback::Fallback(FallbackOptions options) : options_(std::move(options)) {
  if (!options_.handles) {
    throw std::invalid_argument("fallback handles: there is no function to ask");
  }
}

FallbackSnapshot Fallback::Snapshot() const noexcept {
  return {.degraded = degraded_.load(std::memory_order_relaxed),
          .exhausted = exhausted_.load(std::memory_order_relaxed),
          .unhandled = unhandled_.load(std::memory_order_relaxed)};
}

}  // namespace assay
