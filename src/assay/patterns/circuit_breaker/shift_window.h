// The last few calls in one word: a shift register.
//
// [generation 16 | a leading one, then the calls, the newest in the lowest bits]. The leading
// one says how many calls there are. A call takes one bit, or two where slow calls count: 47
// or 23 calls; more than that is a RingWindow. The generation empties the window: a sample
// of an old one cannot stray into a new one. Any thread, never blocks. A call costs one exchange;
// none where AllGood(), so that threads that share a healthy breaker do not slow each other down.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_SHIFT_WINDOW_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_SHIFT_WINDOW_H_

#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>

#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/call_sample.h"
#include "assay/patterns/pause.h"

namespace assay {

template <class Threads = StdThreads>
class ShiftWindow {
 public:
  static constexpr int kCallBits = 47;

  static constexpr int MostCalls(bool with_slow) noexcept {
    return with_slow ? kCallBits / 2 : kCallBits;
  }

  // `calls` is 1 to MostCalls(with_slow). Without slow calls, slow samples count as fast ones.
  ShiftWindow(int calls, bool with_slow) noexcept
      : bits_per_call_(with_slow ? 2 : 1), full_(std::uint64_t{1} << (calls * bits_per_call_)) {}

  // The counts with this sample, or nothing when the window belongs to another generation and
  // `still_current()` says that the sample's is over.
  template <class StillCurrent>
  std::optional<WindowCounts> Record(std::uint32_t generation, CallSample sample,
                                     StillCurrent still_current) noexcept {
    const std::uint64_t tag = Tag(generation);
    const std::uint64_t bits = sample.Bits() & (bits_per_call_ == 2 ? 3u : 1u);
    std::uint64_t seen = word_.load(std::memory_order_acquire);
    Pause pause;
    for (;;) {
      // Asked after the load: if the generation is the current one now, then what was loaded
      // is older.
      if ((seen & ~kCallMask) != tag && !still_current()) return std::nullopt;
      const std::uint64_t calls = (seen & ~kCallMask) == tag ? seen & kCallMask : 1;
      const std::uint64_t next = Push(calls, bits);
      if (word_.compare_exchange_weak(seen, tag | next, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        return Count(next);
      }
      pause();
    }
  }

  // True when a good call leaves the window as it is, so that there is nothing to record: it is
  // full of good calls of that generation.
  bool AllGood(std::uint32_t generation) const noexcept {
    return word_.load(std::memory_order_acquire) == (Tag(generation) | full_);
  }

  WindowCounts Counts(std::uint32_t generation) const noexcept {
    const std::uint64_t seen = word_.load(std::memory_order_acquire);
    return (seen & ~kCallMask) == Tag(generation) ? Count(seen & kCallMask) : WindowCounts{};
  }

 private:
  static constexpr std::uint64_t kCallMask = (std::uint64_t{1} << (kCallBits + 1)) - 1;
  static constexpr std::uint64_t kEvenBits = 0x5555555555555555u;

  static constexpr std::uint64_t Tag(std::uint32_t generation) noexcept {
    return std::uint64_t{generation} << (kCallBits + 1);
  }

  std::uint64_t Push(std::uint64_t calls, std::uint64_t bits) const noexcept {
    const std::uint64_t shifted = calls << bits_per_call_ | bits;
    return calls >= full_ ? (shifted & (full_ - 1)) | full_ : shifted;
  }

  WindowCounts Count(std::uint64_t calls) const noexcept {
    const int width = 63 - std::countl_zero(calls);
    const std::uint64_t samples = calls ^ std::uint64_t{1} << width;
    const std::uint64_t all = static_cast<std::uint64_t>(width >> (bits_per_call_ - 1));
    if (bits_per_call_ == 1) return {.calls = all, .failures = Ones(samples)};
    return {
        .calls = all, .failures = Ones(samples & kEvenBits), .slow = Ones(samples & ~kEvenBits)};
  }

  // Most windows have no bad call; and without an instruction for it, std::popcount is a call.
  static std::uint64_t Ones(std::uint64_t bits) noexcept {
    if (bits == 0) return 0;
    return static_cast<std::uint64_t>(std::popcount(bits));
  }

  const int bits_per_call_;
  const std::uint64_t full_;  // the leading one when as many calls are in as fit
  alignas(64) typename Threads::template Atomic<std::uint64_t> word_{1};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_SHIFT_WINDOW_H_
