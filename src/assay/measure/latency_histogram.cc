#include "assay/measure/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace assay {
namespace {

constexpr int kSubBits = 7;
constexpr std::uint64_t kSubBuckets = std::uint64_t{1} << kSubBits;
constexpr std::size_t kBuckets = (64 - kSubBits) * kSubBuckets;

// Values below kSubBuckets are their own index; above, each power of two is cut
// into kSubBuckets equal parts.
std::size_t IndexOf(std::uint64_t value) noexcept {
  if (value < kSubBuckets) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - 1 - kSubBits;
  return (static_cast<std::uint64_t>(shift) + 1) * kSubBuckets + ((value >> shift) - kSubBuckets);
}

std::uint64_t HighestValueAt(std::size_t index) noexcept {
  if (index < kSubBuckets) return index;
  const auto shift = static_cast<int>(index / kSubBuckets) - 1;
  const std::uint64_t sub = kSubBuckets + index % kSubBuckets;
  return ((sub + 1) << shift) - 1;
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(kBuckets) {}

void LatencyHistogram::Record(Duration duration) noexcept {
  const Duration value = std::max(duration, Duration::zero());
  ++buckets_[IndexOf(static_cast<std::uint64_t>(value.count()))];
  ++count_;
  max_ = std::max(max_, value);
}

Duration LatencyHistogram::Quantile(double q) const noexcept {
  if (count_ == 0) return Duration::zero();
  const double exact_rank = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(exact_rank));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(max_, Duration(static_cast<std::int64_t>(HighestValueAt(i))));
  }
  return max_;
}

}  // namespace assay
