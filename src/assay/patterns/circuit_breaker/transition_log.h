// The last transitions of a circuit breaker, in order of their generations.
//
// Each generation has one slot of a ring, so that threads that write at the same time cannot
// change the order: a transition that is still being written is missing and not misplaced.
// Any thread. The lock is held while a few words are copied, by those only who change the state
// or read the log.
#ifndef ASSAY_PATTERNS_CIRCUIT_BREAKER_TRANSITION_LOG_H_
#define ASSAY_PATTERNS_CIRCUIT_BREAKER_TRANSITION_LOG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "assay/core/threads.h"
#include "assay/patterns/circuit_breaker/circuit_transition.h"

namespace assay {

template <class Threads = StdThreads>
class TransitionLog {
 public:
  static constexpr std::uint32_t kEntries = 32;

  void Write(const CircuitTransition& transition) noexcept {
    const std::lock_guard lock(mutex_);
    std::optional<CircuitTransition>& slot = slots_[transition.generation % kEntries];
    // A writer that was held up for a round comes too late.
    if (!slot || IsBefore(slot->generation, transition.generation)) slot = transition;
  }

  // The oldest first; at most kEntries, the last of them of `generation`, the current one.
  std::vector<CircuitTransition> Copy(std::uint32_t generation) const {
    std::vector<CircuitTransition> copy;
    copy.reserve(kEntries);
    const std::lock_guard lock(mutex_);
    for (std::uint32_t back = kEntries; back-- > 0;) {
      const std::uint32_t wanted = (generation - back) & StateWord::kGenerationMask;
      const std::optional<CircuitTransition>& slot = slots_[wanted % kEntries];
      if (slot && slot->generation == wanted) copy.push_back(*slot);
    }
    return copy;
  }

 private:
  // Modulo the range of generations: less than half of it ahead.
  static constexpr bool IsBefore(std::uint32_t a, std::uint32_t b) noexcept {
    return ((b - a) & StateWord::kGenerationMask) <= StateWord::kGenerationMask / 2;
  }

  mutable typename Threads::Mutex mutex_{};
  std::array<std::optional<CircuitTransition>, kEntries> slots_{};
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_CIRCUIT_BREAKER_TRANSITION_LOG_H_
