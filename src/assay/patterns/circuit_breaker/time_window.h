// The calls of the last while: a ring of buckets, each for one epoch, a short span of time.
//
// A bucket is a word for each kind of call (CallSample::Bits()), so that a call is one
// compare-and-swap on one word and they never contradict each other: [epoch 24 |
// generation 10 | calls 30]. Whoever finds the word of an older epoch or generation starts it
// anew in the same exchange; nobody waits for another thread to turn a bucket over, and no
// sample is lost at an edge. (Compare the sentinel of couchbase-cxx-client's breaker.)
//
// Good calls, which are nearly all, have a word in each stripe (patterns/stripes.h): threads that
// share a healthy breaker do not write the same cache line. Only who judges the window, since a
// call has failed, reads all of them.
//
// The window is the running epoch and those before it: between duration - duration / buckets and
// duration. Any thread, never blocks. An epoch comes back after 2^24 of them; a bucket that
// nobody has touched since would count once more.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_TIME_WINDOW_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_TIME_WINDOW_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/pause.h"
#include "assay/patterns/stripes.h"

namespace assay {

template <class Threads = StdThreads>
class TimeWindow {
 public:
  static constexpr int kMostBuckets = 64;
  static constexpr std::uint64_t kMostCalls =
      (std::uint64_t{1} << 30) - 1;  // of a kind in a bucket

  // `duration` / `buckets` is at least 1 ns, `buckets` 1 to kMostBuckets.
  TimeWindow(Duration duration, int buckets)
      : epoch_length_(duration.count() / buckets),
        buckets_count_(static_cast<std::uint64_t>(buckets)),
        mask_(std::bit_ceil(buckets_count_) - 1),
        lines_per_stripe_((mask_ + kWordsPerLine) / kWordsPerLine),
        good_(kStripes * lines_per_stripe_),
        bad_(mask_ + 1) {}

  // How many calls of this kind the bucket of `now` has, with this one; of good calls, those in
  // `stripe` (below kStripes). Nothing when the bucket
  // belongs to another generation and `still_current()` says that the sample's is over, or when
  // `now` is older than the window.
  template <class StillCurrent>
  std::optional<std::uint64_t> Record(std::uint32_t generation, CallSample sample, TimePoint now,
                                      StillCurrent still_current,
                                      std::size_t stripe = ThisStripe()) noexcept {
    const std::uint64_t epoch = EpochOf(now);
    const std::uint64_t tag = Tag(epoch, generation);
    const std::size_t bucket = epoch & mask_;
    Word& word = sample.bad() ? bad_[bucket][sample.Bits() - 1] : Good(stripe, bucket);
    std::uint64_t seen = word.load(std::memory_order_acquire);
    Pause pause;
    for (;;) {
      std::uint64_t calls = 1;
      if ((seen & ~kMostCalls) == tag) {
        calls = (seen & kMostCalls) + 1;
        if (calls > kMostCalls) return kMostCalls;
      } else if (!still_current() || (SameGeneration(seen, tag) && IsLater(seen, epoch))) {
        // The generation was asked after the load: if it is the current one now, then what was
        // loaded is older.
        return std::nullopt;
      }
      // In one order with the loads of Counts(): each of two recorders writes one word and then
      // reads the other's, and one of them has to see both.
      if (word.compare_exchange_weak(seen, tag | calls, std::memory_order_seq_cst,
                                     std::memory_order_acquire)) {
        return calls;
      }
      pause();
    }
  }

  // Counts a good call if the stripe has `least` of them in the bucket of `now` already; once.
  // False: nothing has been counted.
  bool AddGood(std::uint32_t generation, TimePoint now, std::uint64_t least,
               std::size_t stripe = ThisStripe()) noexcept {
    const std::uint64_t epoch = EpochOf(now);
    Word& word = Good(stripe, epoch & mask_);
    std::uint64_t seen = word.load(std::memory_order_acquire);
    const std::uint64_t calls = seen & kMostCalls;
    return (seen ^ calls) == Tag(epoch, generation) && calls >= least && calls < kMostCalls &&
           word.compare_exchange_strong(seen, seen + 1, std::memory_order_seq_cst,
                                        std::memory_order_relaxed);
  }

  // What the window holds at `now`; a bucket that another thread, whose clock is ahead, has begun
  // is part of it: either of two recorders has to see the sample of the other one.
  WindowCounts Counts(std::uint32_t generation, TimePoint now) const noexcept {
    const std::uint64_t epoch = EpochOf(now);
    const std::uint64_t tag = Tag(epoch, generation);
    WindowCounts counts;
    for (std::size_t bucket = 0; bucket <= mask_; ++bucket) {
      for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
        counts.calls += CallsIn(Good(stripe, bucket), epoch, tag);
      }
      for (std::uint64_t bits = 1; bits < CallSample::kKinds; ++bits) {
        const std::uint64_t calls = CallsIn(bad_[bucket][bits - 1], epoch, tag);
        counts.calls += calls;
        counts.failures += (bits & 1) != 0 ? calls : 0;
        counts.slow += (bits & 2) != 0 ? calls : 0;
      }
    }
    return counts;
  }

 private:
  using Word = typename Threads::template Atomic<std::uint64_t>;
  static constexpr std::size_t kWordsPerLine = 8;
  struct alignas(64) Line {
    std::array<Word, kWordsPerLine> words{};
  };
  using BadCalls = std::array<Word, CallSample::kKinds - 1>;

  static constexpr std::uint64_t kEpochMask = (1u << 24) - 1;
  static constexpr std::uint64_t kGenerationMask = (1u << 10) - 1;

  std::uint64_t EpochOf(TimePoint now) const noexcept {
    return static_cast<std::uint64_t>(now.time_since_epoch().count() / epoch_length_);
  }

  static constexpr std::uint64_t Tag(std::uint64_t epoch, std::uint32_t generation) noexcept {
    return (epoch & kEpochMask) << 40 | (generation & kGenerationMask) << 30;
  }
  static constexpr bool SameGeneration(std::uint64_t word, std::uint64_t tag) noexcept {
    return ((word ^ tag) >> 30 & kGenerationMask) == 0;
  }

  // By how many epochs the word is behind `epoch`, modulo 2^24.
  static constexpr std::uint64_t Behind(std::uint64_t word, std::uint64_t epoch) noexcept {
    return (epoch - (word >> 40)) & kEpochMask;
  }
  // Ahead by less than a few rounds; what seems to be further ahead has been left from long ago,
  // or has never been used.
  static constexpr bool IsLater(std::uint64_t word, std::uint64_t epoch) noexcept {
    return (word & kMostCalls) != 0 && kEpochMask - Behind(word, epoch) < 8 * kMostBuckets;
  }
  // Not older than the window, nor a whole window ahead.
  bool IsNear(std::uint64_t word, std::uint64_t epoch) const noexcept {
    return ((Behind(word, epoch) + buckets_count_ - 1) & kEpochMask) < 2 * buckets_count_ - 1;
  }

  Word& Good(std::size_t stripe, std::size_t bucket) noexcept {
    return good_[stripe * lines_per_stripe_ + bucket / kWordsPerLine].words[bucket % kWordsPerLine];
  }
  const Word& Good(std::size_t stripe, std::size_t bucket) const noexcept {
    return good_[stripe * lines_per_stripe_ + bucket / kWordsPerLine].words[bucket % kWordsPerLine];
  }

  // 0 where the word belongs to another generation or time than `tag`.
  std::uint64_t CallsIn(const Word& word, std::uint64_t epoch, std::uint64_t tag) const noexcept {
    const std::uint64_t seen = word.load(std::memory_order_seq_cst);
    const std::uint64_t calls = seen & kMostCalls;
    // Most words of a healthy breaker have never been used.
    if (calls == 0) return 0;
    return SameGeneration(seen, tag) && IsNear(seen, epoch) ? calls : 0;
  }

  const Duration::rep epoch_length_;
  const std::uint64_t buckets_count_;
  const std::uint64_t mask_;
  const std::size_t lines_per_stripe_;
  std::vector<Line> good_;  // stripe by stripe, whole lines each
  std::vector<BadCalls> bad_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_TIME_WINDOW_H_
