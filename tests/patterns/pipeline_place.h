// A pipeline whose producers and consumers are explored threads.
#ifndef TESTS_PATTERNS_PIPELINE_PLACE_H_
#define TESTS_PATTERNS_PIPELINE_PLACE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "assay/patterns/pipeline/pipeline.h"
#include "tests/explore/explored_threads.h"

namespace assay {

using Explored = BasicPipeline<int, explore::ExploredThreads>;

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

class SleepingDrainer final : public PipelineDrainer {
 public:
  Sleep sleep{};

 private:
  void Wake() noexcept override { sleep.Wake(); }
};

struct PipelinePlace {
  static constexpr TimePoint kNow{std::chrono::hours(1)};

  explicit PipelinePlace(PipelineOptions options) : pipeline(options) {}

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

  void WaitUntilDrained() {
    SleepingDrainer drainer;
    if (pipeline.Enter(drainer) == DrainState::kWaits) drainer.sleep.Until();
    if (pipeline.Leave(drainer) == DrainState::kDrained)
      drained_after = static_cast<int>(taken.size());
  }
  // As one that is cancelled while it waits, whether it was woken or not.
  void WaitUntilDrainedAndGo() {
    SleepingDrainer drainer;
    if (pipeline.Enter(drainer) == DrainState::kWaits) explore::Step();
    pipeline.Leave(drainer);
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
  int drained_after = -1;  // so many items that were taken
};

}  // namespace assay

#endif  // TESTS_PATTERNS_PIPELINE_PLACE_H_
