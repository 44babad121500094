// The races between a limit that is changed and those who take, wait and look, in every order.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/patterns/semaphore_scene.h"

namespace assay {
namespace {

// Where the smaller limit was seen to be reached, nothing is granted any more.
TEST(SemaphoreResizeExploreTest, ASmallerLimitMeetsAnAcquire) {
  ExploreSemaphore(
      [] {
        struct Shrinking : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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

TEST(SemaphoreResizeExploreTest, ALargerLimitMeetsAnAcquire) {
  ExploreSemaphore(
      [] {
        struct Growing : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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
TEST(SemaphoreResizeExploreTest, AnotherLimitAndBackMeetAnAcquire) {
  for (const int meanwhile : {1, 2, 5}) {
    ExploreSemaphore(
        [meanwhile] {
          auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 3});
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

TEST(SemaphoreResizeExploreTest, ALargerLimitMeetsOneOnItsWayIntoTheQueue) {
  ExploreSemaphore(
      [] {
        auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 1});
        place->most_limit = 2;
        place->semaphore.TryAcquire();
        return explore::Scenario{
            {[place] { place->semaphore.Resize(2); }, [place] { place->Acquire(); }},
            [place] { return place->Check(2); }};
      },
      100);
}

TEST(SemaphoreResizeExploreTest, ADebtIsPaidWhileSomebodyWaits) {
  ExploreSemaphore(
      [] {
        auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 2});
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
TEST(SemaphoreResizeExploreTest, ASnapshotMeetsAnAcquireAndAnotherLimit) {
  ExploreSemaphore(
      [] {
        struct Watched : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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
TEST(SemaphoreResizeExploreTest, ASmallerLimitMeetsOneWhoWantsMore) {
  ExploreSemaphore(
      [] {
        struct Refusing : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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
