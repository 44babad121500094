// What a finished call says about the remote side, in the three words that
// every pattern understands.
//
// Pure functions, callable from any thread. Left out: slow calls, Retry-After,
// and the status behind an Error of code kHttpStatus; who turns statuses into
// errors passes the patterns a classifier of their own.
#ifndef ASSAY_PATTERNS_OUTCOME_H_
#define ASSAY_PATTERNS_OUTCOME_H_

#include <cstdint>

#include "assay/core/error.h"
#include "assay/core/result.h"
#include "assay/http/response.h"

namespace assay {

enum class Outcome : std::uint8_t {
  kSuccess,
  kFailure,
  kIgnored,  // no evidence either way
};

// A failure, except for what was refused or given up on this side of the wire (kLimitReached,
// kCircuitOpen, kPipelineClosed, kInvalidRequest, kCancelled): a breaker that counted its own load
// shedding would open because of it.
constexpr Outcome Classify(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kLimitReached:
    case ErrorCode::kCircuitOpen:
    case ErrorCode::kPipelineClosed:
    case ErrorCode::kCancelled:
    case ErrorCode::kInvalidRequest: return Outcome::kIgnored;
    default: return Outcome::kFailure;
  }
}

// Status 429 and 500 to 999 are failures: the server is overloaded or broken.
// Any other 4xx is an answer to a bad question and says that the server works.
inline Outcome Classify(const Response& response) noexcept {
  const bool failed = response.status >= 500 || response.status == 429;
  return failed ? Outcome::kFailure : Outcome::kSuccess;
}

template <class T>
Outcome Classify(const Result<T>& result) {
  return result.ok() ? Outcome::kSuccess : Classify(result.error().code);
}

inline Outcome Classify(const Result<Response>& result) {
  return result.ok() ? Classify(result.value()) : Classify(result.error().code);
}

// The overloads of Classify(Result) as one object, to pass on as a default.
struct DefaultClassifier {
  template <class T>
  Outcome operator()(const Result<T>& result) const {
    return Classify(result);
  }
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_OUTCOME_H_
