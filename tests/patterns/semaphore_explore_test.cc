// The races between those who take, wait, give back and give up, in every order.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/patterns/semaphore_scene.h"

namespace assay {
namespace {

TEST(SemaphoreExploreTest, NeverMoreThanTheLimitAndNobodySleepsForEver) {
  ExploreSemaphore(
      [] {
        auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 1});
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
  ExploreSemaphore(
      [] {
        auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 2});
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
  ExploreSemaphore(
      [=] {
        struct Queue : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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
  ExploreSemaphore(
      [] {
        struct Cancelled : SemaphoreScene {
          using SemaphoreScene::SemaphoreScene;
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
  ExploreSemaphore(
      [] {
        auto place = std::make_shared<SemaphoreScene>(SemaphoreOptions{.limit = 2});
        place->semaphore.TryAcquire(2);
        const auto release = [place] { place->semaphore.Release(); };
        return explore::Scenario{{release, release, [place] { place->Acquire(2); }},
                                 [place] { return place->Check(2); }};
      },
      500);
}

}  // namespace
}  // namespace assay
