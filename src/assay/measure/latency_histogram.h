// Counts durations in buckets whose width grows with the value.
//
// Log-linear, after HdrHistogram (Gil Tene): values below 128 ns are exact, above
// that a bucket is at most 1/128 (0.8 %) of its value wide, up to the whole range
// of Duration. 58 KiB, allocated once; recording is an index and an increment.
// Negative durations count as zero. Not thread-safe.
#ifndef ASSAY_MEASURE_LATENCY_HISTOGRAM_H_
#define ASSAY_MEASURE_LATENCY_HISTOGRAM_H_

#include <cstdint>
#include <vector>

#include "assay/core/clock.h"

namespace assay {

class LatencyHistogram {
 public:
  LatencyHistogram();

  void Record(Duration duration) noexcept;

  std::uint64_t count() const noexcept { return count_; }

  // Exact.
  Duration max() const noexcept { return max_; }

  // The highest value of the bucket that holds the ceil(q * count)-th smallest
  // duration, never above max(). `q` is clamped to [0, 1]; zero when empty.
  Duration Quantile(double q) const noexcept;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  Duration max_{};
};

}  // namespace assay

#endif  // ASSAY_MEASURE_LATENCY_HISTOGRAM_H_
