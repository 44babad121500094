// A mutex for sections of a few nanoseconds, inlined: taking and giving back a pipeline's lock is
// most of what an item costs.
//
// Two atomic exchanges where nobody else wants it, as std::mutex, but no call of a library: 9 ns
// for an item in and out of a plain ring, beside 14 ns (floors in bench/pattern/pipeline.cc). Who
// finds it taken sleeps in the kernel. Not recursive, not fair. Source: the second mutex of
// Drepper, Futexes Are Tricky.
#ifndef ASSAY_PATTERNS_PIPELINE_MUTEX_H_
#define ASSAY_PATTERNS_PIPELINE_MUTEX_H_

#include <atomic>

namespace assay {

class PipelineMutex {
 public:
  PipelineMutex() noexcept = default;
  PipelineMutex(const PipelineMutex&) = delete;
  PipelineMutex& operator=(const PipelineMutex&) = delete;

  void lock() noexcept {
    int free = kFree;
    if (!state_.compare_exchange_strong(free, kTaken, std::memory_order_acquire)) Wait();
  }
  void unlock() noexcept {
    if (state_.exchange(kFree, std::memory_order_release) == kWanted) state_.notify_one();
  }

 private:
  static constexpr int kFree = 0;
  static constexpr int kTaken = 1;
  static constexpr int kWanted = 2;  // taken, and somebody may sleep

  // Whoever has waited leaves it as wanted: there may be more who sleep.
  [[gnu::noinline]] void Wait() noexcept {
    while (state_.exchange(kWanted, std::memory_order_acquire) != kFree) state_.wait(kWanted);
  }

  std::atomic<int> state_{kFree};
};

// What a pipeline is synchronised with (core/threads.h).
struct PipelineThreads {
  template <class T>
  using Atomic = std::atomic<T>;
  using Mutex = PipelineMutex;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_MUTEX_H_
