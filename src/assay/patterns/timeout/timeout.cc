#include "assay/patterns/timeout/timeout.h"

#include <utility>

#include "assay/core/duration_text.h"
#include "assay/core/option_check.h"

namespace assay {

Timeout::Timeout(TimeoutOptions options) : options_(std::move(options)) {
  OptionCheck(options_.name.c_str()).Above0("limit", options_.limit);
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
