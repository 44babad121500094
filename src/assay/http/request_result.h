// What became of one request: the record that engines stream and sinks store.
//
// Every request ends in exactly one RequestResult, whether it was answered,
// refused or never sent.
#ifndef ASSAY_HTTP_REQUEST_RESULT_H_
#define ASSAY_HTTP_REQUEST_RESULT_H_

#include <chrono>
#include <optional>
#include <string>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/http/phases.h"

namespace assay {

struct RequestResult {
  std::string url;
  int status = 0;      // of the last response; 0 if none arrived
  Duration latency{};  // from the start of the attempt (a connect included, where
                       // one was needed) to the last byte of the body
  Phases phases{};     // of that latency
  std::chrono::system_clock::time_point timestamp;  // completion
  int redirects = 0;                                // that were followed
  int attempt = 1;                                  // 1 for the first try
  std::optional<Error> error;                       // also set when status >= 400

  bool ok() const noexcept { return !error.has_value(); }
};

}  // namespace assay

#endif  // ASSAY_HTTP_REQUEST_RESULT_H_
