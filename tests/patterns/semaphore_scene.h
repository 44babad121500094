// A semaphore whose callers are explored threads.
#ifndef TESTS_PATTERNS_SEMAPHORE_SCENE_H_
#define TESTS_PATTERNS_SEMAPHORE_SCENE_H_

#include <algorithm>
#include <string>

#include "assay/patterns/semaphore/semaphore.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {

using ExploredSemaphore = BasicSemaphore<explore::ExploredThreads>;

// A waiter that notices when it is destroyed while somebody wakes it.
class Sleeper final : public SemaphoreWaiter {
 public:
  explicit Sleeper(int permits = 1, bool* destroyed_too_soon = nullptr)
      : SemaphoreWaiter(permits), destroyed_too_soon_(destroyed_too_soon) {}
  ~Sleeper() override {
    if (waking_ && destroyed_too_soon_ != nullptr) *destroyed_too_soon_ = true;
  }

  void Sleep() {
    while (!woken_.load()) explore::Block(this);
  }

 private:
  void Wake() noexcept override {
    waking_ = true;
    explore::Step();
    waking_ = false;
    woken_.store(true);
    // As of a nap: nothing of it is touched any more, since the waiter may be gone.
    explore::Unblock(this);
  }

  bool* destroyed_too_soon_;
  bool waking_ = false;
  explore::Atomic<bool> woken_{false};
};

struct SemaphoreScene {
  explicit SemaphoreScene(SemaphoreOptions options) : semaphore(options) {}

  // For a permit, however long it takes.
  void Acquire(int permits = 1) {
    Sleeper sleeper(permits);
    if (semaphore.Enter(sleeper) == PermitState::kQueued) sleeper.Sleep();
  }
  // In the critical section: never more than the limit.
  void Use(int permits = 1) {
    inside += permits;
    most_inside = std::max(most_inside, inside);
    explore::Step();
    inside -= permits;
  }
  // When all is over: what is held, nobody waits, and that is all that cannot be taken.
  std::string Check(int active) {
    const SemaphoreMetrics metrics = semaphore.Snapshot();
    if (metrics.active != active) return std::to_string(metrics.active) + " active";
    if (metrics.queued != 0) return "somebody waits";
    if (metrics.peak > std::max(most_limit, active)) return "peak " + std::to_string(metrics.peak);
    const int free = metrics.limit - active;
    if (free > 0 && !semaphore.TryAcquire(free)) return "what is free cannot be taken";
    if (semaphore.TryAcquire()) return "more than the limit can be taken";
    return "";
  }

  ExploredSemaphore semaphore;
  int most_limit = semaphore.limit();
  int inside = 0;
  int most_inside = 0;
};

template <class Make>
void ExploreSemaphore(Make make, long at_least) {
  // Three threads with three interruptions would take their time and find nothing more.
  const int preemptions = make().threads.size() < 3 ? 3 : 2;
  const explore::Report report = explore::Explore(make, {.preemptions = preemptions});
  explore::ExpectSound(report, at_least);
}

}  // namespace assay

#endif  // TESTS_PATTERNS_SEMAPHORE_SCENE_H_
