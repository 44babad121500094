// A quantile of recent latencies, kept up to date at the cost of two atomic additions a sample.
//
// A histogram whose buckets grow by an eighth (so a quantile is at most 12.5 % above the true one),
// from 1 ns to the longest duration. After each `window` samples all buckets are halved: what was
// seen longer ago counts for less and less. The quantile is computed after every 32nd sample, by
// the thread that brings it, and read with one load.
//
// Every function may be called from any thread. Samples that come while the buckets are being
// halved may be lost.
#ifndef ASSAY_PATTERNS_HEDGE_LATENCY_QUANTILE_H_
#define ASSAY_PATTERNS_HEDGE_LATENCY_QUANTILE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "assay/core/clock.h"
#include "assay/core/threads.h"

namespace assay {

struct LatencyQuantileOptions {
  double quantile = 0.95;  // above 0 and below 1
  int min_samples = 100;   // 1 to 1000000: before these there is none
  int window = 10'000;     // min_samples to 1000000
};

// Throws std::invalid_argument that names the option, its value and the range.
void CheckLatencyQuantile(const LatencyQuantileOptions& options);

template <class Threads = StdThreads>
class BasicLatencyQuantile {
 public:
  explicit BasicLatencyQuantile(const LatencyQuantileOptions& options) : options_(options) {
    CheckLatencyQuantile(options);
  }

  // A negative latency counts as 0.
  void Record(Duration latency) noexcept {
    buckets_[Bucket(latency)].fetch_add(1, std::memory_order_relaxed);
    const std::uint64_t samples = samples_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (samples % kEvery == 0 || samples == static_cast<std::uint64_t>(options_.min_samples)) {
      Update(samples);
    }
    if (samples % static_cast<std::uint64_t>(options_.window) == 0) Halve();
  }

  // The upper end of the bucket that it is in; Duration::zero() while there are too few samples.
  Duration Get() const noexcept { return Duration(quantile_.load(std::memory_order_relaxed)); }

 private:
  static constexpr std::uint64_t kEvery = 32;
  static constexpr int kBits = 3;  // eight buckets for each power of two
  static constexpr std::size_t kBuckets = (64 - kBits) << kBits;

  static std::size_t Bucket(Duration latency) noexcept {
    const auto value = static_cast<std::uint64_t>(latency.count() > 0 ? latency.count() : 0);
    const int exponent = static_cast<int>(std::bit_width(value)) - 1 - kBits;
    if (exponent <= 0) return static_cast<std::size_t>(value);
    return (static_cast<std::size_t>(exponent) << kBits) +
           static_cast<std::size_t>(value >> exponent);
  }
  static Duration UpperEnd(std::size_t bucket) noexcept {
    constexpr std::size_t kFirst = std::size_t{2} << kBits;
    if (bucket < kFirst) return Duration(static_cast<Duration::rep>(bucket));
    const std::size_t exponent = (bucket >> kBits) - 1;
    const std::uint64_t mantissa = (bucket & ((1u << kBits) - 1)) | (1u << kBits);
    return Duration(static_cast<Duration::rep>(((mantissa + 1) << exponent) - 1));
  }

  void Update(std::uint64_t samples) noexcept {
    if (samples < static_cast<std::uint64_t>(options_.min_samples)) return;
    std::uint64_t all = 0;
    for (const auto& bucket : buckets_) all += bucket.load(std::memory_order_relaxed);
    // As many as are to be at or below it.
    const auto below =
        static_cast<std::uint64_t>(options_.quantile * static_cast<double>(all) + 1.0);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i].load(std::memory_order_relaxed);
      if (seen < below) continue;
      return quantile_.store(UpperEnd(i).count(), std::memory_order_relaxed);
    }
  }

  void Halve() noexcept {
    for (auto& bucket : buckets_) {
      bucket.store(bucket.load(std::memory_order_relaxed) / 2, std::memory_order_relaxed);
    }
  }

  const LatencyQuantileOptions options_;
  typename Threads::template Atomic<Duration::rep> quantile_{0};
  alignas(64) typename Threads::template Atomic<std::uint64_t> samples_{0};
  std::array<typename Threads::template Atomic<std::uint32_t>, kBuckets> buckets_{};
};

using LatencyQuantile = BasicLatencyQuantile<>;

}  // namespace assay

#endif  // ASSAY_PATTERNS_HEDGE_LATENCY_QUANTILE_H_
