// Random operations on a pipeline: nothing is lost, each producer's items stay in order, and
// nobody waits for what is there.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/core/hash.h"
#include "assay/patterns/pipeline/pipeline.h"

namespace assay {
namespace {

struct Item {
  int producer;
  int number;
  int bytes;
};

class Producer final : public PipelineProducer<Item> {
 public:
  Producer(Item& item) : PipelineProducer<Item>(item, item.bytes) {}
  bool woken = false;

 private:
  void Wake() noexcept override { woken = true; }
};

class Consumer final : public PipelineConsumer {
 public:
  using PipelineConsumer::PipelineConsumer;
  bool woken = false;

 private:
  void Wake() noexcept override { woken = true; }
};

class Model {
 public:
  explicit Model(std::uint64_t seed)
      : seed_(seed),
        pipeline_(Options(), [](const Item& item) -> std::int64_t { return item.bytes; }) {}

  // What is wrong after some hundreds of operations, or nothing.
  std::string Run() {
    for (int i = 0; i < 400 && wrong_.empty(); ++i) {
      Step();
      Check();
      if (!wrong_.empty()) wrong_ += " after step " + std::to_string(i);
    }
    return wrong_;
  }

 private:
  static constexpr int kEach = 3;  // producers and consumers

  PipelineOptions Options() {
    return {.items = Random(1, 5),
            .bytes = Random(4, 12),
            .overflow = Random(0, 1) == 0 ? Overflow::kBlock : static_cast<Overflow>(Random(0, 3)),
            .resume_level = Random(0, 4) / 4.0};
  }

  int Random(int least, int most) {
    const auto range = static_cast<std::uint64_t>(most - least + 1);
    return least + static_cast<int>(Draw(seed_, "pipeline", draws_++, 0) % range);
  }

  void Step() {
    const auto who = static_cast<std::size_t>(Random(0, kEach - 1));
    switch (Random(0, 7)) {
      case 0:
      case 1: return Push(who);
      case 2: return Enter(who);
      case 3: return EndPush(who, Random(0, 1) == 0);
      case 4: return TryPop();
      case 5: return Receive(who);
      case 6: return Leave(who);
      default:
        if (Random(0, 9) > 0) return;
        Random(0, 1) == 0 ? pipeline_.Close() : pipeline_.Discard();
        pipeline_.Restart();
    }
  }

  Item Next(std::size_t who) { return {static_cast<int>(who), ++numbers_[who], Random(0, 13)}; }
  void Push(std::size_t who) {
    if (producers_[who]) return;
    Item item = Next(who);
    Count(pipeline_.TryPush(item, TimePoint{}));
  }
  void Enter(std::size_t who) {
    if (producers_[who]) return;
    items_[who] = Next(who);
    producers_[who] = std::make_unique<Producer>(items_[who]);
    const Verdict verdict = pipeline_.Enter(*producers_[who], TimePoint{});
    if (verdict == Verdict::kWait) return;
    Count(verdict);
    producers_[who].reset();
  }
  void EndPush(std::size_t who, bool expire) {
    if (!producers_[who]) return;
    const bool woken = producers_[who]->woken;
    if (!woken) expire ? pipeline_.Expire(*producers_[who]) : pipeline_.Leave(*producers_[who]);
    const Verdict verdict = producers_[who]->verdict();
    if (woken && verdict == Verdict::kWait) wrong_ = "woken without a verdict";
    Count(verdict == Verdict::kWait ? Verdict::kFull : verdict);
    producers_[who].reset();
  }
  void Count(Verdict verdict) {
    if (Taken(verdict)) return void(++offered_);
    verdict == Verdict::kTimedOut ? ++timeouts_ : ++refused_;
  }

  void TryPop() {
    if (const auto item = pipeline_.TryPop()) Take(*item);
  }
  void Take(const Item& item) {
    ++taken_;
    const auto who = static_cast<std::size_t>(item.producer);
    if (item.number <= last_[who]) wrong_ = "out of order";
    last_[who] = item.number;
  }
  // A consumer comes, or comes back.
  void Receive(std::size_t who) {
    auto& consumer = consumers_[who];
    if (!consumer) consumer = std::make_unique<Consumer>(1, false);
    const auto take = [this](Item&& item) { Take(item); };
    Receipt receipt = pipeline_.Receive(*consumer, TimePoint{}, take);
    if (receipt == Receipt::kAgain) {
      if (!consumer->woken) wrong_ = "asked again without a wake-up";
      consumer->woken = false;
      consumer->Renewed();
      receipt = pipeline_.Receive(*consumer, TimePoint{}, take);
    }
    if (receipt == Receipt::kTaken) consumer.reset();
  }
  void Leave(std::size_t who) {
    if (!consumers_[who]) return;
    pipeline_.Leave(*consumers_[who]);
    consumers_[who].reset();
  }

  void Check() {
    if (!wrong_.empty()) return;
    const PipelineMetrics metrics = pipeline_.Snapshot();
    const PipelineOptions& options = pipeline_.options();
    if (metrics.items > options.items || metrics.bytes > options.bytes) wrong_ = "over the limit";
    if (metrics.peak_items > options.items || metrics.peak_items < metrics.items) wrong_ = "peak";
    if (metrics.consumed != taken_) wrong_ = "consumed";
    if (metrics.consumed + metrics.dropped + static_cast<std::uint64_t>(metrics.items) !=
        metrics.produced) {
      wrong_ = "items are lost";
    }
    // Those that have been woken, and do not know yet, are not counted as waiting.
    int waiting = 0, promised = 0, settled = 0, refused = 0;
    for (const auto& producer : producers_) {
      if (!producer) continue;
      waiting += !producer->woken;
      settled += producer->woken && Taken(producer->verdict());
      refused += producer->woken && !Taken(producer->verdict());
    }
    if (metrics.waiting_producers != waiting) wrong_ = "waiting producers";
    if (metrics.produced != offered_ + static_cast<std::uint64_t>(settled)) wrong_ = "produced";
    if (metrics.rejected != refused_ + static_cast<std::uint64_t>(refused)) wrong_ = "rejected";
    if (metrics.timeouts != timeouts_) wrong_ = "timeouts";
    for (const auto& consumer : consumers_) promised += consumer && consumer->woken;
    if (metrics.waiting_consumers > 0 && metrics.items > promised) wrong_ = "a lost wake-up";
    if (metrics.waiting_producers > 0 && metrics.items == 0) wrong_ = "producers wait for nothing";
  }

  const std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  BasicPipeline<Item> pipeline_;
  std::array<int, kEach> numbers_{}, last_{};
  std::array<Item, kEach> items_{};
  std::array<std::unique_ptr<Producer>, kEach> producers_{};
  std::array<std::unique_ptr<Consumer>, kEach> consumers_{};
  std::uint64_t offered_ = 0, refused_ = 0, timeouts_ = 0, taken_ = 0;
  std::string wrong_{};
};

TEST(PipelineModelTest, RandomOperationsLoseNothing) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    ASSERT_EQ(Model(seed).Run(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace assay
