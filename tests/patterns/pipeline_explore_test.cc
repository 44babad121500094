// The races at both ends of a pipeline, in every order.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assay/patterns/pipeline/pipeline.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using Explored = BasicPipeline<int, explore::ExploredThreads>;
constexpr TimePoint kNow{std::chrono::hours(1)};

// A nap that can be woken once.
class Sleep {
 public:
  void Until() {
    while (!woken_.load()) explore::Block(this);
  }
  void Wake() {
    woken_.store(true);
    explore::Unblock(this);
  }
  bool woken() const { return woken_.load(); }

 private:
  explore::Atomic<bool> woken_{false};
};

class SleepingProducer final : public PipelineProducer<int> {
 public:
  using PipelineProducer<int>::PipelineProducer;
  Sleep sleep{};

 private:
  void Wake() noexcept override { sleep.Wake(); }
};

class SleepingConsumer final : public PipelineConsumer {
 public:
  using PipelineConsumer::PipelineConsumer;
  std::unique_ptr<Sleep> sleep = std::make_unique<Sleep>();
  void Renew() {
    sleep = std::make_unique<Sleep>();
    Renewed();
  }

 private:
  void Wake() noexcept override { sleep->Wake(); }
};

struct Place {
  explicit Place(PipelineOptions options) : pipeline(options) {}

  // Until it is taken, or can never be.
  void Push(int item) {
    SleepingProducer producer(item, 0);
    Verdict verdict = pipeline.Enter(producer, kNow);
    if (verdict == Verdict::kWait) {
      producer.sleep.Until();
      verdict = producer.verdict();
    }
    ++(Taken(verdict) ? accepted : refused);
  }
  // As one whose time is over at once.
  void PushImpatiently(int item) {
    SleepingProducer producer(item, 0);
    Verdict verdict = pipeline.Enter(producer, kNow);
    if (verdict == Verdict::kWait) {
      explore::Step();
      pipeline.Expire(producer);
      verdict = producer.verdict();
    }
    ++(Taken(verdict) ? accepted : refused);
  }
  // As one that is destroyed while it waits: it does not learn what became of its item.
  bool PushAndGo(int item) {
    SleepingProducer producer(item, 0);
    if (pipeline.Enter(producer, kNow) != Verdict::kWait) return ++accepted, true;
    explore::Step();
    pipeline.Leave(producer);
    return false;
  }

  // Until there is something, or never will be.
  void Pop(int most = 1) {
    SleepingConsumer consumer(most, most > 1);
    Receipt receipt = Receive(consumer);
    while (receipt == Receipt::kWait) {
      consumer.sleep->Until();
      receipt = Receive(consumer);
    }
    pipeline.Leave(consumer);
    if (receipt == Receipt::kEnded) ++ends;
  }
  // As one that is cancelled while it waits, whether it was woken or not.
  void PopAndGo() {
    SleepingConsumer consumer(1, false);
    if (Receive(consumer) == Receipt::kWait) explore::Step();
    pipeline.Leave(consumer);
  }
  Receipt Receive(SleepingConsumer& consumer) {
    const auto take = [this](int&& item) { taken.push_back(item); };
    Receipt receipt = pipeline.Receive(consumer, kNow, take);
    while (receipt == Receipt::kAgain) {
      consumer.Renew();
      receipt = pipeline.Receive(consumer, kNow, take);
    }
    return receipt;
  }

  // When all is over.
  std::string Check() {
    const PipelineMetrics metrics = pipeline.Snapshot();
    if (metrics.waiting_consumers + metrics.waiting_producers != 0) return "somebody waits";
    if (metrics.produced !=
        metrics.consumed + metrics.dropped + static_cast<std::uint64_t>(metrics.items)) {
      return "items are lost";
    }
    if (metrics.consumed != taken.size()) return "taken and counted differ";
    if (metrics.items > 0 && !pipeline.TryPop()) return "what is left cannot be taken";
    return "";
  }
  std::string Check(std::vector<int> expected) {
    std::string wrong = Check();
    if (wrong.empty() && taken != expected) wrong = "wrong items";
    return wrong;
  }

  Explored pipeline;
  std::vector<int> taken{};
  int accepted = 0;
  int refused = 0;
  int ends = 0;
};

using Shared = std::shared_ptr<Place>;

// Each run: `before` alone, then the threads, then `check`.
void ExpectNoFailure(PipelineOptions options, void (*before)(Place&),
                     std::vector<void (*)(Place&)> threads, std::string (*check)(Place&),
                     long at_least, int preemptions = 3) {
  const explore::Report report = explore::Explore(
      [&] {
        auto place = std::make_shared<Place>(options);
        before(*place);
        explore::Scenario scenario;
        for (const auto thread : threads) {
          scenario.threads.push_back([place, thread] { thread(*place); });
        }
        scenario.check = [place, check] { return check(*place); };
        return scenario;
      },
      {.preemptions = preemptions});
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GE(report.schedules, at_least);
}

void Nothing(Place&) {}

TEST(PipelineExploreTest, APushMeetsAPopOnItsWayIntoTheQueue) {
  ExpectNoFailure(
      {.items = 2}, Nothing,
      {[](Place& place) {
         place.Push(1);
         place.Push(2);
       },
       [](Place& place) {
         place.Pop();
         place.Pop();
       }},
      [](Place& place) {
        return place.Check({1, 2});
      },
      50);
}

TEST(PipelineExploreTest, BothSidesWaitForEachOther) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](Place& place) {
         for (int i = 1; i <= 3; ++i) place.Push(i);
       },
       [](Place& place) {
         for (int i = 1; i <= 3; ++i) place.Pop();
       }},
      [](Place& place) {
        return place.Check({1, 2, 3});
      },
      100);
}

TEST(PipelineExploreTest, TwoConsumersAndOneProducer) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](Place& place) { place.Pop(); }, [](Place& place) { place.Pop(); },
       [](Place& place) {
         place.Push(1);
         place.Push(2);
       }},
      [](Place& place) {
        return place.Check({1, 2});
      },
      500, 2);
}

TEST(PipelineExploreTest, ACancelledConsumerLosesNothing) {
  ExpectNoFailure(
      {}, Nothing,
      {[](Place& place) { place.PopAndGo(); }, [](Place& place) { place.Pop(); },
       [](Place& place) {
         place.Push(1);
         place.Push(2);
       }},
      [](Place& place) {
        if (place.taken.size() == 1) return place.Check({1});
        return place.Check({1, 2});
      },
      500, 2);
}

TEST(PipelineExploreTest, ACancelledProducerIsTakenOrNot) {
  ExpectNoFailure(
      {.items = 1}, [](Place& place) { place.Push(1); },
      {[](Place& place) { place.PushAndGo(2); },
       [](Place& place) {
         place.Pop();
         place.pipeline.Close();
         place.Pop();
       }},
      [](Place& place) {
        if (place.ends == 1) return place.Check({1});
        return place.Check({1, 2});
      },
      50);
}

TEST(PipelineExploreTest, AnImpatientProducerIsTakenOrToldNot) {
  ExpectNoFailure(
      {.items = 1}, [](Place& place) { place.Push(1); },
      {[](Place& place) { place.PushImpatiently(2); }, [](Place& place) { place.Push(3); },
       [](Place& place) {
         place.Pop();
         place.pipeline.Close();
       }},
      [](Place& place) -> std::string {
        if (place.accepted + place.refused != 3) return "not told";
        return place.Check();
      },
      500, 2);
}

TEST(PipelineExploreTest, CloseMeetsPushAndPop) {
  ExpectNoFailure(
      {.items = 1}, Nothing,
      {[](Place& place) {
         place.Push(1);
         place.Push(2);
       },
       [](Place& place) {
         while (place.ends == 0) place.Pop();
       },
       [](Place& place) { place.pipeline.Close(); }},
      [](Place& place) -> std::string {
        if (place.taken.size() != static_cast<std::size_t>(place.accepted)) {
          return "accepted, but not drained";
        }
        return place.Check();
      },
      500, 2);
}

TEST(PipelineExploreTest, TheLastConsumerLeavesProducersThatWait) {
  ExpectNoFailure(
      {.items = 1}, [](Place& place) { place.pipeline.AddConsumer(); },
      {[](Place& place) {
         place.Push(1);
         place.Push(2);
       },
       [](Place& place) {
         place.Pop();
         place.pipeline.RemoveConsumer();
       }},
      [](Place& place) { return place.Check({1}); }, 50);
}

TEST(PipelineExploreTest, TheLastProducerLeavesConsumersThatWait) {
  ExpectNoFailure(
      {.items = 2}, [](Place& place) { place.pipeline.AddProducer(); },
      {[](Place& place) {
         place.Push(1);
         place.pipeline.RemoveProducer();
       },
       [](Place& place) { place.Pop(); }, [](Place& place) { place.Pop(); }},
      [](Place& place) {
        return place.ends == 1 ? place.Check({1}) : "one should have seen the end";
      },
      500, 2);
}

TEST(PipelineExploreTest, WhoWasPromisedWhatIsDroppedWaitsForTheNext) {
  ExpectNoFailure(
      {.items = 1, .overflow = Overflow::kDropOldest}, Nothing,
      {[](Place& place) { place.Pop(); },
       [](Place& place) {
         place.Push(1);
         place.pipeline.Discard();
         place.pipeline.Restart();
         place.Push(2);
         place.Push(3);
       }},
      [](Place& place) -> std::string {
        if (place.ends == 1 && place.taken.empty()) return "";
        return place.Check();
      },
      50);
}

TEST(PipelineExploreTest, ABatchIsWaitedForByCountAndEndsWithTheRest) {
  ExpectNoFailure(
      {.items = 4, .batch_items = 2, .batch_age = Duration(1'000'000)}, Nothing,
      {[](Place& place) {
         for (int i = 1; i <= 3; ++i) place.Push(i);
         place.pipeline.Close();
       },
       [](Place& place) {
         place.Pop(2);
         place.Pop(2);
       }},
      [](Place& place) {
        return place.Check({1, 2, 3});
      },
      100);
}

}  // namespace
}  // namespace assay
