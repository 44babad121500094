// The last calls, more than fit into one word: a ring of samples and their totals.
//
// The totals are one word, [generation 12 | newest sample 2 | sequence 26 | failures 12 |
// slow 12], and change with one compare-and-swap a call, so they are exact at any moment:
// no recorder is half counted, and no total can drift from the samples. The newest sample
// travels in that word and is settled into its slot by whoever records next, before the word
// moves on. A slot says which sequence it belongs to, so that a thread that was held up cannot
// settle an old sample over a newer one (it would have to be held up for 2^25 calls).
//
// The generation empties the window, as in ShiftWindow. Any thread, never blocks. No memory
// is allocated after the construction. A call costs two exchanges; none where AllGood().
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_RING_WINDOW_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_RING_WINDOW_H_

#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/pause.h"

namespace assay {

// Fewer bits for the sequence are for tests of its wrap.
template <class Threads = StdThreads, int kSequenceBits = 26>
class RingWindow {
 public:
  static constexpr int kMostCalls = 4095;

  // `calls` is 2 to kMostCalls.
  explicit RingWindow(int calls)
      : calls_(static_cast<std::uint32_t>(calls)),
        mask_(std::bit_ceil(calls_) - 1),
        slots_(std::bit_ceil(calls_)) {}

  // The counts with this sample, or nothing when the window belongs to another generation and
  // `still_current()` says that the sample's is over.
  template <class StillCurrent>
  std::optional<WindowCounts> Record(std::uint32_t generation, CallSample sample,
                                     StillCurrent still_current) noexcept {
    const std::uint64_t tag = generation & kTagMask;
    std::uint64_t seen = totals_.load(std::memory_order_acquire);
    Pause pause;
    for (;;) {
      Totals totals = Totals::Unpack(seen);
      if (totals.tag != tag) {
        // Asked after the load: if the generation is the current one now, then what was loaded
        // is older.
        if (!still_current()) return std::nullopt;
        totals = {.tag = tag};
      } else if (!Settle(seen, totals)) {
        pause();
        seen = totals_.load(std::memory_order_acquire);
        continue;
      }
      const Totals next = WithSample(totals, sample);
      if (totals_.compare_exchange_weak(seen, next.Pack(), std::memory_order_acq_rel,
                                        std::memory_order_acquire)) {
        return CountsOf(next);
      }
      pause();
    }
  }

  // True when a good call leaves the window as good as it is, so that there is nothing to record:
  // it is full of good calls of that generation. Which of them was the last is all one.
  bool AllGood(std::uint32_t generation) const noexcept {
    const Totals totals = Totals::Unpack(totals_.load(std::memory_order_acquire));
    return totals.tag == (generation & kTagMask) && totals.sequence >= calls_ &&
           totals.failures == 0 && totals.slow == 0;
  }

  WindowCounts Counts(std::uint32_t generation) const noexcept {
    const Totals totals = Totals::Unpack(totals_.load(std::memory_order_acquire));
    return totals.tag == (generation & kTagMask) ? CountsOf(totals) : WindowCounts{};
  }

 private:
  static constexpr std::uint64_t kTagMask = (1u << 12) - 1;
  static constexpr std::uint64_t kTotalMask = (1u << 12) - 1;
  static constexpr std::uint64_t kSequenceEnd = 1u << kSequenceBits;

  struct Totals {
    std::uint64_t tag = 0;
    std::uint64_t newest = 0;
    std::uint64_t sequence = 0;  // calls so far; from its end it goes back to half of it
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;

    static Totals Unpack(std::uint64_t bits) noexcept {
      return {.tag = bits >> 52,
              .newest = bits >> 50 & 3,
              .sequence = bits >> 24 & (kSequenceEnd - 1),
              .failures = bits >> 12 & kTotalMask,
              .slow = bits & kTotalMask};
    }
    std::uint64_t Pack() const noexcept {
      return tag << 52 | newest << 50 | sequence << 24 | failures << 12 | slow;
    }
    // What the slot of the newest sample has to contain: all of it but the totals.
    std::uint64_t Slot() const noexcept { return tag << 28 | newest << 26 | sequence; }
  };

  // Writes the newest sample to its slot. False when the totals have moved on. A window that has
  // never been used has none, and finds the zeros that it wants.
  bool Settle(std::uint64_t seen, const Totals& totals) noexcept {
    auto& slot = slots_[(totals.sequence - 1) & mask_];
    std::uint64_t old = slot.load(std::memory_order_acquire);
    if (old == totals.Slot()) return true;
    // Were the totals still there when the slot was read? Then `old` is older than the newest
    // sample; and if it has been replaced since, the exchange fails, and somebody has settled.
    if (totals_.load(std::memory_order_acquire) != seen) return false;
    slot.compare_exchange_strong(old, totals.Slot(), std::memory_order_acq_rel,
                                 std::memory_order_acquire);
    return true;
  }

  Totals WithSample(const Totals& totals, CallSample sample) const noexcept {
    std::uint64_t oldest = 0;
    if (totals.sequence >= calls_) {
      const auto& slot = slots_[(totals.sequence - calls_) & mask_];
      oldest = slot.load(std::memory_order_acquire) >> 26 & 3;
    }
    const std::uint64_t sequence = totals.sequence + 1;
    return {.tag = totals.tag,
            .newest = sample.Bits(),
            .sequence = sequence == kSequenceEnd ? kSequenceEnd / 2 : sequence,
            .failures = totals.failures + (sample.failed ? 1 : 0) - (oldest & 1),
            .slow = totals.slow + (sample.slow ? 1 : 0) - (oldest >> 1)};
  }

  WindowCounts CountsOf(const Totals& totals) const noexcept {
    return {.calls = totals.sequence < calls_ ? totals.sequence : calls_,
            .failures = totals.failures,
            .slow = totals.slow};
  }

  using Word = typename Threads::template Atomic<std::uint64_t>;

  const std::uint32_t calls_;
  const std::uint32_t mask_;
  std::vector<Word> slots_;
  alignas(64) Word totals_{0};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_RING_WINDOW_H_
