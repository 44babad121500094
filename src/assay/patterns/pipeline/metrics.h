// What a pipeline has done so far, and what is in it.
#ifndef ASSAY_PATTERNS_PIPELINE_METRICS_H_
#define ASSAY_PATTERNS_PIPELINE_METRICS_H_

#include <cstdint>

#include "assay/core/clock.h"

namespace assay {

// Nothing gets lost: produced = consumed + failed + dropped + items. All counters but `failed` and
// the two times belong to one instant; those may lag by the calls in progress.
struct PipelineMetrics {
  std::uint64_t produced = 0;  // items that the pipeline took charge of
  std::uint64_t consumed = 0;  // taken by consumers and not failed
  std::uint64_t failed = 0;    // taken by consumers that failed on them
  std::uint64_t dropped = 0;   // newest, oldest, or discarded at the end
  std::uint64_t rejected = 0;  // not taken charge of: full, closed, no consumer, wrong size
  std::uint64_t timeouts = 0;  // not taken charge of: no room in time
  std::uint64_t batches = 0;   // hand-overs to consumers, of one item or many

  int items = 0;  // that wait now
  int peak_items = 0;
  std::int64_t bytes = 0;
  std::int64_t peak_bytes = 0;
  int waiting_producers = 0;
  int waiting_consumers = 0;

  Duration blocked_time{};     // that producers waited, all together
  Duration processing_time{};  // that Consume() spent on items, all together

  friend bool operator==(const PipelineMetrics&, const PipelineMetrics&) = default;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_METRICS_H_
