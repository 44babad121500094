// Rests for a thread whose exchange another one has made fail.
//
// Who tries again at once takes the cache line away from the winner, and both wait for it to
// travel; after a rest the winner has done its next calls already. Each rest of one attempt is
// twice as long as the one before, up to a microsecond or so.
#ifndef ASSAY_PATTERNS_PAUSE_H_
#define ASSAY_PATTERNS_PAUSE_H_

#include <algorithm>

namespace assay {

class Pause {
 public:
  void operator()() noexcept {
    for (int i = 0; i < length_; ++i) {
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#elif defined(__aarch64__)
      asm volatile("yield");
#endif
    }
    length_ = std::min(2 * length_, 32);
  }

  // Of the next rest, in pauses of the processor: 10 to 40 ns each.
  int length() const noexcept { return length_; }

 private:
  int length_ = 4;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PAUSE_H_
