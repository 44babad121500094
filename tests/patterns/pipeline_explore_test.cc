// The races at both ends of a pipeline, in every order.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/explore/expect.h"
#include "tests/patterns/pipeline_place.h"

namespace assay {
namespace {

// Each run: `before` alone, then the threads, then `check`.
void ExpectNoFailure(PipelineOptions options, void (*before)(PipelinePlace&),
                     std::vector<void (*)(PipelinePlace&)> threads,
                     std::string (*check)(PipelinePlace&), long at_least, int preemptions = 3) {
  const explore::Report report = explore::Explore(
      [&] {
        auto place = std::make_shared<PipelinePlace>(options);
        before(*place);
        explore::Scenario scenario;
        for (const auto thread : threads) {
          scenario.threads.push_back([place, thread] { thread(*place); });
        }
        scenario.check = [place, check] { return check(*place); };
        return scenario;
      },
      {.preemptions = preemptions});
  explore::ExpectSound(report, at_least);
}

void Nothing(PipelinePlace&) {}

TEST(PipelineExploreTest, APushMeetsAPopOnItsWayIntoTheQueue) {
  ExpectNoFailure(
      {.items = 2}, Nothing,
      {[](PipelinePlace& place) {
         place.Push(1);
         place.Push(2);
       },
       [](PipelinePlace& place) {
         place.Pop();
         place.Pop();
       }},
      [](PipelinePlace& place) {
        return place.Check({1, 2});
      },
      50);
}

TEST(PipelineExploreTest, BothSidesWaitForEachOther) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](PipelinePlace& place) {
         for (int i = 1; i <= 3; ++i) place.Push(i);
       },
       [](PipelinePlace& place) {
         for (int i = 1; i <= 3; ++i) place.Pop();
       }},
      [](PipelinePlace& place) {
        return place.Check({1, 2, 3});
      },
      100);
}

TEST(PipelineExploreTest, TwoConsumersAndOneProducer) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](PipelinePlace& place) { place.Pop(); }, [](PipelinePlace& place) { place.Pop(); },
       [](PipelinePlace& place) {
         place.Push(1);
         place.Push(2);
       }},
      [](PipelinePlace& place) {
        return place.Check({1, 2});
      },
      300, 1);
}

TEST(PipelineExploreTest, ACancelledConsumerLosesNothing) {
  ExpectNoFailure(
      {}, Nothing,
      {[](PipelinePlace& place) { place.PopAndGo(); }, [](PipelinePlace& place) { place.Pop(); },
       [](PipelinePlace& place) {
         place.Push(1);
         place.pipeline.Close();
       }},
      [](PipelinePlace& place) { return place.Check({1}); }, 500, 2);
}

TEST(PipelineExploreTest, ACancelledProducerIsTakenOrNot) {
  ExpectNoFailure(
      {.items = 1}, [](PipelinePlace& place) { place.Push(1); },
      {[](PipelinePlace& place) { place.PushAndGo(2); },
       [](PipelinePlace& place) {
         place.Pop();
         place.pipeline.Close();
         place.Pop();
       }},
      [](PipelinePlace& place) {
        if (place.ends == 1) return place.Check({1});
        return place.Check({1, 2});
      },
      50);
}

TEST(PipelineExploreTest, AnImpatientProducerIsTakenOrToldNot) {
  ExpectNoFailure(
      {.items = 1}, [](PipelinePlace& place) { place.Push(1); },
      {[](PipelinePlace& place) { place.PushImpatiently(2); },
       [](PipelinePlace& place) { place.Push(3); },
       [](PipelinePlace& place) {
         place.Pop();
         place.pipeline.Close();
       }},
      [](PipelinePlace& place) -> std::string {
        if (place.accepted + place.refused != 3) return "not told";
        return place.Check();
      },
      500, 2);
}

TEST(PipelineExploreTest, CloseMeetsPushAndPop) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](PipelinePlace& place) {
         place.Push(1);
         place.Push(2);
       },
       [](PipelinePlace& place) {
         while (place.ends == 0) place.Pop();
       },
       [](PipelinePlace& place) { place.pipeline.Close(); }},
      [](PipelinePlace& place) -> std::string {
        if (place.taken.size() != static_cast<std::size_t>(place.accepted)) {
          return "accepted, but not drained";
        }
        return place.Check();
      },
      300, 1);
}

TEST(PipelineExploreTest, TheLastConsumerLeavesProducersThatWait) {
  ExpectNoFailure(
      {.items = 1}, [](PipelinePlace& place) { place.pipeline.AddConsumer(); },
      {[](PipelinePlace& place) {
         place.Push(1);
         place.Push(2);
       },
       [](PipelinePlace& place) {
         place.Pop();
         place.pipeline.RemoveConsumer();
       }},
      [](PipelinePlace& place) { return place.Check({1}); }, 50);
}

TEST(PipelineExploreTest, TheLastProducerLeavesConsumersThatWait) {
  ExpectNoFailure(
      {.items = 2}, [](PipelinePlace& place) { place.pipeline.AddProducer(); },
      {[](PipelinePlace& place) {
         place.Push(1);
         place.pipeline.RemoveProducer();
       },
       [](PipelinePlace& place) { place.Pop(); }, [](PipelinePlace& place) { place.Pop(); }},
      [](PipelinePlace& place) {
        return place.ends == 1 ? place.Check({1}) : "one should have seen the end";
      },
      500, 2);
}

TEST(PipelineExploreTest, WhoWasPromisedWhatIsDroppedWaitsForTheNext) {
  ExpectNoFailure(
      {.items = 1, .overflow = Overflow::kDropOldest}, Nothing,
      {[](PipelinePlace& place) { place.Pop(); },
       [](PipelinePlace& place) {
         place.Push(1);
         place.pipeline.Discard();
         place.pipeline.Restart();
         place.Push(2);
         place.Push(3);
       }},
      [](PipelinePlace& place) -> std::string {
        if (place.ends == 1 && place.taken.empty()) return "";
        return place.Check();
      },
      50);
}

// Nobody else pushes: what waits for the end is told once nothing is left, and not before.
TEST(PipelineExploreTest, OneThatWaitsForTheEndMeetsTheLastPop) {
  ExpectNoFailure(
      {.items = 2},
      [](PipelinePlace& place) {
        place.Push(1);
        place.Push(2);
      },
      {[](PipelinePlace& place) { place.WaitUntilDrained(); },
       [](PipelinePlace& place) { place.WaitUntilDrainedAndGo(); },
       [](PipelinePlace& place) {
         place.Pop();
         place.Pop();
       }},
      [](PipelinePlace& place) -> std::string {
        if (place.drained_after != 2) return "drained too soon";
        return place.Check({1, 2});
      },
      100, 2);
}

TEST(PipelineExploreTest, ABatchIsWaitedForByCountAndEndsWithTheRest) {
  ExpectNoFailure(
      {.items = 4, .batch_items = 2, .batch_age = Duration(1'000'000)}, Nothing,
      {[](PipelinePlace& place) {
         for (int i = 1; i <= 3; ++i) place.Push(i);
         place.pipeline.Close();
       },
       [](PipelinePlace& place) {
         place.Pop(2);
         place.Pop(2);
       }},
      [](PipelinePlace& place) {
        return place.Check({1, 2, 3});
      },
      100);
}

}  // namespace
}  // namespace assay
