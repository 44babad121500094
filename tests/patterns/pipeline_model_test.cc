// Random operations on a pipeline: nothing is lost, each producer's items stay in order, a batch is
// one by its count, its age or for want of room, and nobody waits for what is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "assay/core/hash.h"
#include "assay/patterns/pipeline/pipeline.h"
#include "tests/patterns/pipeline_model_waiters.h"

namespace assay {
namespace {

class Model {
 public:
  explicit Model(std::uint64_t seed)
      : seed_(seed),
        pipeline_(Options(), [](const ModelItem& item) -> std::int64_t { return item.bytes; }) {}

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
    const int items = Random(1, 5);
    return {.items = items,
            .bytes = Random(4, 12),
            .overflow = Random(0, 1) == 0 ? Overflow::kBlock : static_cast<Overflow>(Random(0, 3)),
            .batch_items = Random(1, items),
            .batch_age = Random(0, 1) == 0 ? Duration::max() : Duration(Random(1, 9)),
            .resume_level = Random(0, 4) / 4.0};
  }

  int Random(int least, int most) {
    const auto range = static_cast<std::uint64_t>(most - least + 1);
    return least + static_cast<int>(Draw(seed_, "pipeline", draws_++, 0) % range);
  }

  void Step() {
    const auto who = static_cast<std::size_t>(Random(0, kEach - 1));
    PassTime(Duration(Random(0, 2)));
    switch (Random(0, 7)) {
      case 0:
      case 1: return Push(who);
      case 2: return Enter(who);
      case 3: return EndPush(who, Random(0, 1) == 0);
      case 4: return TryReceive();
      case 5: return Receive(who);
      case 6: return Leave(who);
      default: return CloseOrRestart();
    }
  }
  void CloseOrRestart() {
    if (closed_) {
      if (Random(0, 1) == 0) pipeline_.Restart(), closed_ = false;
    } else if (Random(0, 9) == 0) {
      const bool discards = Random(0, 1) == 0;
      discards ? pipeline_.Discard() : pipeline_.Close();
      if (discards) pressed_ = false, kept_ = false;
      closed_ = true;
    }
  }
  // Whoever waits for a batch to come of age comes back when it has.
  void PassTime(Duration time) {
    now_ += time;
    for (std::size_t who = 0; who < kEach; ++who) {
      if (!Waits(who) || !consumers_[who]->due().Expired(now_)) continue;
      Receive(who);
      NotePromises();
    }
  }
  // To those whom the last operation has woken, in their order.
  void NotePromises() {
    for (ModelConsumer* const consumer : wakes_) {
      const int free = pipeline_.Snapshot().items - Promised();
      consumer->promised = std::clamp(free, 0, consumer->most);
    }
    wakes_.clear();
  }
  int Promised() const {
    int promised = 0;
    for (const auto& consumer : consumers_) promised += consumer ? consumer->promised : 0;
    return promised;
  }

  ModelItem Next(std::size_t who) {
    return {static_cast<int>(who), ++numbers_[who], Random(0, 13), now_};
  }
  void Push(std::size_t who) {
    if (producers_[who]) return;
    ModelItem item = Next(who);
    const Verdict verdict = pipeline_.TryPush(item, now_);
    pressed_ |= NoRoom(verdict);
    Count(verdict);
  }
  void Enter(std::size_t who) {
    if (producers_[who]) return;
    items_[who] = Next(who);
    producers_[who] = std::make_unique<ModelProducer>(items_[who]);
    const Verdict verdict = pipeline_.Enter(*producers_[who], now_);
    pressed_ |= NoRoom(verdict);
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

  void TryReceive() {
    const auto take = [this](const ModelItem& item) { Take(item); };
    if (pipeline_.TryReceive(Random(1, 3), take) == Receipt::kTaken) pressed_ = false;
  }
  void Take(const ModelItem& item) {
    ++taken_;
    const auto who = static_cast<std::size_t>(item.producer);
    if (item.number <= last_[who]) wrong_ = "out of order";
    last_[who] = item.number;
  }
  // A consumer comes, or comes back.
  void Receive(std::size_t who) {
    auto& consumer = consumers_[who];
    if (!consumer) {
      const bool batch = Random(0, 2) > 0;
      consumer = std::make_unique<ModelConsumer>(batch ? pipeline_.options().batch_items : 1, batch,
                                                 wakes_);
    }
    std::vector<ModelItem> taken;
    const bool pressed = pressed_ || closed_ || pipeline_.Snapshot().waiting_producers > 0;
    const auto take = [&](const ModelItem& item) { taken.push_back(item); };
    Receipt receipt = pipeline_.Receive(*consumer, now_, take);
    if (receipt == Receipt::kAgain) {
      if (!consumer->woken) wrong_ = "asked again without a wake-up";
      if (Random(0, 1) == 0) return;  // it comes back later
      consumer->woken = false;
      consumer->Renewed();
      receipt = pipeline_.Receive(*consumer, now_, take);
    }
    if (taken.empty() == (receipt == Receipt::kTaken)) wrong_ = "taken or not";
    if (receipt == Receipt::kWait && consumer->due().Expired(now_)) wrong_ = "waits for the past";
    consumer->promised = 0;
    if (receipt == Receipt::kTaken) CheckTaken(*consumer, taken, pressed);
    if (receipt != Receipt::kWait) consumer.reset();
  }
  void CheckTaken(const ModelConsumer& consumer, const std::vector<ModelItem>& taken,
                  bool pressed) {
    const auto count = static_cast<int>(taken.size());
    if (count > consumer.most) wrong_ = "more than asked for";
    const bool old = Age(taken.front()) >= pipeline_.options().batch_age;
    if (consumer.batch && count < consumer.most && !old && !pressed) wrong_ = "no batch";
    pressed_ = false;
    for (const ModelItem& item : taken) Take(item);
  }
  Duration Age(const ModelItem& item) const { return now_ - item.offered; }
  bool Waits(std::size_t who) const { return consumers_[who] && !consumers_[who]->woken; }
  void Leave(std::size_t who) {
    if (!consumers_[who]) return;
    pipeline_.Leave(*consumers_[who]);
    consumers_[who].reset();
  }

  void Check() {
    NotePromises();
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
    int waiting = 0, settled = 0, refused = 0;
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
    if (metrics.waiting_producers > 0 && metrics.items == 0) wrong_ = "producers wait for nothing";
    CheckConsumers(metrics);
  }
  void CheckConsumers(const PipelineMetrics& metrics) {
    const int promised = Promised();
    if (kept_ && metrics.items < promised) wrong_ = "somebody took what was promised to another";
    int waiting = 0;
    bool batches = false;
    Deadline due = Deadline::Never();
    for (std::size_t who = 0; who < kEach; ++who) {
      if (!Waits(who)) continue;
      ++waiting;
      batches |= consumers_[who]->batch;
      due = std::min(due, consumers_[who]->due());
    }
    if (metrics.waiting_consumers != waiting) wrong_ = "waiting consumers";
    if (waiting == 0) return;
    if (closed_ && metrics.items == 0) wrong_ = "an end that nobody is told of";
    const bool pressed = pressed_ || closed_ || metrics.waiting_producers > 0;
    const int needed = batches && !pressed ? pipeline_.options().batch_items : 1;
    if (metrics.items - promised >= needed) wrong_ = "a lost wake-up";
    // The first in the queue has to know when what is there comes of age.
    const Duration age = pipeline_.options().batch_age;
    if (age == Duration::max() || metrics.items == 0 || promised > 0) return;
    if (due > Deadline::After(now_, age)) wrong_ = "nobody knows when the batch is due";
  }

  const std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  BasicPipeline<ModelItem> pipeline_;
  std::array<int, kEach> numbers_{}, last_{};
  std::array<ModelItem, kEach> items_{};
  std::array<std::unique_ptr<ModelProducer>, kEach> producers_{};
  std::array<std::unique_ptr<ModelConsumer>, kEach> consumers_{};
  std::uint64_t offered_ = 0, refused_ = 0, timeouts_ = 0, taken_ = 0;
  TimePoint now_{std::chrono::hours(1)};
  bool closed_ = false, pressed_ = false;
  bool kept_ = pipeline_.options().overflow != Overflow::kDropOldest;  // no item is taken away
  std::vector<ModelConsumer*> wakes_{};
  std::string wrong_{};
};

TEST(PipelineModelTest, RandomOperationsLoseNothing) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    ASSERT_EQ(Model(seed).Run(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace assay
