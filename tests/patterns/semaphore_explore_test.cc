// The races between those who take, wait, give back, give up and resize, in every order.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "assay/patterns/semaphore/permit.h"
#include "assay/patterns/semaphore/semaphore.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

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

struct Place {
  explicit Place(SemaphoreOptions options) : semaphore(options) {}

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
void ExpectNoFailure(Make make, long at_least) {
  // Three threads with three interruptions would take their time and find nothing more.
  const int preemptions = make().threads.size() < 3 ? 3 : 2;
  const explore::Report report = explore::Explore(make, {.preemptions = preemptions});
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GE(report.schedules, at_least);
}

TEST(SemaphoreExploreTest, NeverMoreThanTheLimitAndNobodySleepsForEver) {
  ExpectNoFailure(
      [] {
        auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 1});
        const auto waits = [place] {
          place->Acquire();
          place->Use();
          place->semaphore.Release();
        };
        return explore::Scenario{{waits, waits,
                                  [place] {
                                    if (!place->semaphore.TryAcquire()) return;
                                    place->Use();
                                    place->semaphore.Release();
                                  }},
                                 [place]() -> std::string {
                                   if (place->most_inside > 1) return "two at a time";
                                   return place->Check(0);
                                 }};
      },
      1'000);
}

TEST(SemaphoreExploreTest, AReleaseMeetsOneOnItsWayIntoTheQueue) {
  ExpectNoFailure(
      [] {
        auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire(2);
        return explore::Scenario{{[place] {
                                    place->semaphore.Release();
                                    place->semaphore.Release();
                                  },
                                  [place] { place->Acquire(2); }},
                                 [place] { return place->Check(2); }};
      },
      200);
}

// One permit comes back while the head gives up; the next one gets it, or the head does.
void ExploreLeaving(bool abandon, int head_wants) {
  ExpectNoFailure(
      [=] {
        struct Queue : Place {
          using Place::Place;
          Sleeper head{1};
          Sleeper large_head{2};
          Sleeper next{1};
        };
        auto queue = std::make_shared<Queue>(SemaphoreOptions{.limit = 2});
        Sleeper& head = head_wants == 1 ? queue->head : queue->large_head;
        queue->semaphore.TryAcquire(2);
        queue->semaphore.Enter(head);
        queue->semaphore.Enter(queue->next);
        return explore::Scenario{{[queue] { queue->semaphore.Release(); },
                                  [queue, &head, abandon] {
                                    if (abandon) return queue->semaphore.Abandon(head);
                                    if (queue->semaphore.Expire(head) == PermitState::kGranted) {
                                      queue->semaphore.Release(head.permits());
                                    }
                                  },
                                  [queue] { queue->next.Sleep(); }},
                                 [queue] { return queue->Check(2); }};
      },
      100);
}

TEST(SemaphoreExploreTest, AHandOverMeetsATimeOut) { ExploreLeaving(false, 1); }
TEST(SemaphoreExploreTest, AHandOverMeetsACancellation) { ExploreLeaving(true, 1); }
TEST(SemaphoreExploreTest, AReleaseMeetsTheTimeOutOfALargeHead) { ExploreLeaving(false, 2); }
TEST(SemaphoreExploreTest, AReleaseMeetsTheCancellationOfALargeHead) { ExploreLeaving(true, 2); }

TEST(SemaphoreExploreTest, WhoIsCancelledMayBeDestroyedWhileItIsWoken) {
  ExpectNoFailure(
      [] {
        struct Cancelled : Place {
          using Place::Place;
          bool destroyed_too_soon = false;
        };
        auto place = std::make_shared<Cancelled>(SemaphoreOptions{.limit = 1});
        place->semaphore.TryAcquire();
        return explore::Scenario{{[place] { place->semaphore.Release(); },
                                  [place] {
                                    Sleeper sleeper(1, &place->destroyed_too_soon);
                                    place->semaphore.Enter(sleeper);
                                    place->semaphore.Abandon(sleeper);
                                  }},
                                 [place]() -> std::string {
                                   if (place->destroyed_too_soon) return "destroyed too soon";
                                   return place->Check(0);
                                 }};
      },
      100);
}

TEST(SemaphoreExploreTest, TwoReleasesMeetOneWhoWantsBoth) {
  ExpectNoFailure(
      [] {
        auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire(2);
        const auto release = [place] { place->semaphore.Release(); };
        return explore::Scenario{{release, release, [place] { place->Acquire(2); }},
                                 [place] { return place->Check(2); }};
      },
      500);
}

// Where the smaller limit was seen to be reached, nothing is granted any more.
TEST(SemaphoreExploreTest, ASmallerLimitMeetsAnAcquire) {
  ExpectNoFailure(
      [] {
        struct Shrinking : Place {
          using Place::Place;
          int active_after_resize = 0;
          bool granted = false;
        };
        auto place = std::make_shared<Shrinking>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire();
        return explore::Scenario{{[place] {
                                    place->semaphore.Resize(1);
                                    place->active_after_resize = place->semaphore.active();
                                  },
                                  [place] { place->granted = place->semaphore.TryAcquire(); }},
                                 [place]() -> std::string {
                                   if (place->granted && place->active_after_resize == 1)
                                     return "above the limit";
                                   if (place->granted != (place->semaphore.Snapshot().peak == 2))
                                     return "wrong peak";
                                   return place->Check(place->granted ? 2 : 1);
                                 }};
      },
      50);
}

TEST(SemaphoreExploreTest, ALargerLimitMeetsAnAcquire) {
  ExpectNoFailure(
      [] {
        struct Growing : Place {
          using Place::Place;
          bool granted = false;
        };
        auto place = std::make_shared<Growing>(SemaphoreOptions{.limit = 1});
        place->most_limit = 2;
        place->semaphore.TryAcquire();
        return explore::Scenario{{[place] { place->semaphore.Resize(2); },
                                  [place] { place->granted = place->semaphore.TryAcquire(); }},
                                 [place]() -> std::string {
                                   const int active = place->granted ? 2 : 1;
                                   if (place->semaphore.Snapshot().peak != active)
                                     return "wrong peak";
                                   return place->Check(active);
                                 }};
      },
      50);
}

// And back: what was taken meanwhile is not added to the limit that was larger for a while.
TEST(SemaphoreExploreTest, AnotherLimitAndBackMeetAnAcquire) {
  for (const int meanwhile : {1, 2, 5}) {
    ExpectNoFailure(
        [meanwhile] {
          auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 3});
          return explore::Scenario{{[place, meanwhile] {
                                      place->semaphore.Resize(meanwhile);
                                      place->semaphore.Resize(3);
                                    },
                                    [place] { place->semaphore.TryAcquire(); }},
                                   [place]() -> std::string {
                                     const SemaphoreMetrics metrics = place->semaphore.Snapshot();
                                     if (metrics.peak != 1) return "wrong peak";
                                     if (metrics.acquisitions != 1) return "wrong acquisitions";
                                     return place->Check(1);
                                   }};
        },
        100);
  }
}

TEST(SemaphoreExploreTest, ALargerLimitMeetsOneOnItsWayIntoTheQueue) {
  ExpectNoFailure(
      [] {
        auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 1});
        place->most_limit = 2;
        place->semaphore.TryAcquire();
        return explore::Scenario{
            {[place] { place->semaphore.Resize(2); }, [place] { place->Acquire(); }},
            [place] { return place->Check(2); }};
      },
      100);
}

TEST(SemaphoreExploreTest, ADebtIsPaidWhileSomebodyWaits) {
  ExpectNoFailure(
      [] {
        auto place = std::make_shared<Place>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire(2);
        return explore::Scenario{{[place] { place->semaphore.Resize(1); },
                                  [place] {
                                    place->semaphore.Release();
                                    place->semaphore.Release();
                                  },
                                  [place] { place->Acquire(); }},
                                 [place] { return place->Check(1); }};
      },
      1'000);
}

// Of one instant, whatever is going on, but for a peak that may be newer.
TEST(SemaphoreExploreTest, ASnapshotMeetsAnAcquireAndAnotherLimit) {
  ExpectNoFailure(
      [] {
        struct Watched : Place {
          using Place::Place;
          SemaphoreMetrics seen{};
        };
        auto place = std::make_shared<Watched>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire();
        return explore::Scenario{
            {[place] { place->semaphore.Resize(5); }, [place] { place->semaphore.TryAcquire(); },
             [place] { place->seen = place->semaphore.Snapshot(); }},
            [place]() -> std::string {
              const SemaphoreMetrics& seen = place->seen;
              if (seen.active != static_cast<int>(seen.acquisitions)) {
                return "active does not match the acquisitions";
              }
              if (seen.peak < seen.active || seen.peak > 2) return "wrong peak";
              return "";
            }};
      },
      100);
}

// A waiter that becomes too large is told so, or was served before.
TEST(SemaphoreExploreTest, ASmallerLimitMeetsOneWhoWantsMore) {
  ExpectNoFailure(
      [] {
        struct Refusing : Place {
          using Place::Place;
          PermitState state = PermitState::kQueued;
        };
        auto place = std::make_shared<Refusing>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire();
        return explore::Scenario{
            {[place] { place->semaphore.Resize(1); }, [place] { place->semaphore.Release(); },
             [place] {
               Sleeper sleeper(2);
               place->state = place->semaphore.Enter(sleeper);
               if (place->state == PermitState::kQueued) sleeper.Sleep();
               if (place->state == PermitState::kQueued) place->state = sleeper.state();
             }},
            [place]() -> std::string {
              if (place->state == PermitState::kGranted) {
                place->semaphore.Release(2);
              } else if (place->state != PermitState::kOverLimit) {
                return "neither granted nor refused";
              }
              return place->Check(0);
            }};
      },
      500);
}

}  // namespace
}  // namespace assay
