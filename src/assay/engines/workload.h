// What an engine is asked to do in one run.
#ifndef ASSAY_ENGINES_WORKLOAD_H_
#define ASSAY_ENGINES_WORKLOAD_H_

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "assay/core/clock.h"
#include "assay/http/request.h"

namespace assay {

// Closed loop: each of the engine's `concurrency` slots sends its next request
// when the one before has ended. The run is over when a bound is reached or a stop
// requested, and what is in flight has ended.
struct Workload {
  std::vector<Request> requests{};       // sent in rotation; at least one
  std::optional<std::uint64_t> count{};  // send exactly so many
  std::optional<Duration> duration{};    // start none later than this; one bound must be set
  std::stop_token stop{};                // start none any more; from any thread
  // What is in flight when the duration is over, or a stop requested, may take so long
  // and is cancelled then (kCancelled). 0 cancels at once.
  Duration drain_limit = std::chrono::seconds(5);
};

}  // namespace assay

#endif  // ASSAY_ENGINES_WORKLOAD_H_
