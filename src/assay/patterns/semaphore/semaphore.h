// At most `limit` holders at a time: the decision, without any waiting.
//
// Every function may be called from any thread and never blocks. A caller that
// can wait uses BlockingSemaphore; one that cannot (an event loop) uses CallAsync
// in call.h, or TryPermit.
//
// Never above the limit: the number of holders grows by one compare-and-swap
// only, from a value that was read as below the limit. (Adding first and taking
// back when too many is as fast, but for a moment it shows holders that do not
// exist: others are refused while a permit is free, and a waiter may go to sleep
// beside one.)
//
// Left out: weights, resizing, queues and priorities.
#ifndef ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_
#define ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_

#include <atomic>
#include <cassert>
#include <cstdint>

#include "assay/core/clock.h"
#include "assay/core/error.h"

namespace assay {

struct SemaphoreOptions {
  int limit = 100;  // 1 to 1048575 permits
};

// `active` and `acquisitions` belong to one instant; the other two may lag by
// the calls in progress.
struct SemaphoreMetrics {
  int active = 0;                  // permits held now
  int peak = 0;                    // most permits ever held at a time
  std::uint64_t acquisitions = 0;  // permits granted so far, modulo 2^44
  std::uint64_t rejections = 0;    // calls refused so far

  friend bool operator==(const SemaphoreMetrics&, const SemaphoreMetrics&) = default;
};

class Semaphore {
 public:
  // Throws std::invalid_argument when the limit is out of range.
  explicit Semaphore(SemaphoreOptions options = {});

  // True: the caller holds a permit and owes one Release(). False: all are
  // taken; the refusal is counted.
  bool TryAcquire() noexcept {
    if (TakeIfFree()) return true;
    CountRejection();
    return false;
  }

  // TryAcquire() in two parts, for one who will ask again before giving up.
  bool TakeIfFree() noexcept;
  void CountRejection() noexcept { rejections_.fetch_add(1, std::memory_order_relaxed); }

  // Once for every permit taken, from any thread.
  void Release() noexcept {
    [[maybe_unused]] const std::uint64_t before = word_.fetch_sub(1);
    assert((before & kActiveMask) != 0 && "Release() without a permit");
  }

  int limit() const noexcept { return static_cast<int>(limit_); }
  int active() const noexcept { return static_cast<int>(word_.load() & kActiveMask); }
  SemaphoreMetrics Snapshot() const noexcept;

 private:
  static constexpr int kActiveBits = 20;
  static constexpr std::uint64_t kActiveMask = (std::uint64_t{1} << kActiveBits) - 1;
  static constexpr std::uint64_t kAcquisition = std::uint64_t{1} << kActiveBits;

  void RaisePeak(std::uint64_t active) noexcept;

  // [acquisitions 44 | active 20]. One word, so that counting an acquisition is
  // free. All accesses are sequentially consistent, which costs nothing here on
  // x86 and is what BlockingSemaphore's proof rests on.
  alignas(64) std::atomic<std::uint64_t> word_{0};
  std::atomic<std::uint64_t> peak_{0};
  const std::uint64_t limit_;
  // On a line of its own: a storm of refusals must not slow the holders down.
  alignas(64) std::atomic<std::uint64_t> rejections_{0};
};

// The error of a call that found no permit; the message names the limit and how
// long (>= 0) the call was prepared to wait.
Error LimitReached(int limit, Duration wait);

inline bool Semaphore::TakeIfFree() noexcept {
  std::uint64_t word = word_.load();
  do {
    if ((word & kActiveMask) >= limit_) return false;
  } while (!word_.compare_exchange_weak(word, word + kAcquisition + 1));
  const std::uint64_t active = (word & kActiveMask) + 1;
  if (active > peak_.load(std::memory_order_relaxed)) RaisePeak(active);
  return true;
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_SEMAPHORE_SEMAPHORE_H_
