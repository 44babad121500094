#include "assay/patterns/timeout/timeout.h"

#include <stdexcept>
#include <utility>

#include "assay/core/duration_text.h"

namespace assay {

Timeout::Timeout(TimeoutOptions options) : options_(std::move(options)) {
  if (options_.limit <= Duration::zero()) {
    throw std::invalid_argument(
        options_.name + " limit: " + std::to_string(options_.limit.count()) + " ns is not above 0");
  }
}

Error Timeout::Explain(Error error, Deadline deadline, Deadline outer, TimePoint now) {
  const bool of_time = error.code == ErrorCode::kTimeout || error.code == ErrorCode::kCancelled;
  if (!of_time || !deadline.Expired(now)) return error;
  expired_.fetch_add(1, std::memory_order_relaxed);
  std::string message = options_.name + ": ";
  if (deadline == outer) {
    message += "not done before the caller's deadline";
  } else {
    message += "not done within " + DurationText(options_.limit);
  }
  if (error.code == ErrorCode::kTimeout && !error.message.empty()) message += "; " + error.message;
  return {ErrorCode::kTimeout, std::move(message)};
}

}  // namespace assay
