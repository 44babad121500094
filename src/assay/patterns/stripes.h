// Counting from many threads without a cache line that all of them write.
//
// A thread gets one of a few stripes when it first asks and keeps it; who counts writes to the line
// of its stripe, who wants to know adds them up. Up to kStripes threads at a time disturb each
// other seldom, more than that share. Any thread, never blocks, allocates nothing.
#ifndef ASSAY_PATTERNS_STRIPES_H_
#define ASSAY_PATTERNS_STRIPES_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "assay/core/threads.h"

namespace assay {

inline constexpr std::size_t kStripes = 4;

// Below kStripes; the next thread gets the next one.
inline std::size_t ThisStripe() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed) % kStripes;
  return mine;
}

template <class Threads = StdThreads>
class StripedCounter {
 public:
  void Add(std::size_t stripe = ThisStripe()) noexcept {
    stripes_[stripe].count.fetch_add(1, std::memory_order_relaxed);
  }

  // What has been added so far; may lag by what is being added.
  std::uint64_t Sum() const noexcept {
    std::uint64_t sum = 0;
    for (const Stripe& stripe : stripes_) sum += stripe.count.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(64) Stripe {
    typename Threads::template Atomic<std::uint64_t> count{0};
  };

  std::array<Stripe, kStripes> stripes_{};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_STRIPES_H_
