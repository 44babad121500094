// How items go through a pipeline: the functions of BasicPipeline. Include pipeline.h instead.
#ifndef ASSAY_PATTERNS_PIPELINE_FLOW_H_
#define ASSAY_PATTERNS_PIPELINE_FLOW_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "assay/patterns/pipeline/pipeline.h"

namespace assay {

// --- producers ---

template <class T, class Threads>
Verdict BasicPipeline<T, Threads>::StoreOne(T& item, TimePoint now, bool count) noexcept {
  const std::int64_t bytes = BytesIn(item);
  const Lock lock(mutex_);
  const Verdict verdict = Store(item, bytes, now);
  if (count) CountRefusal(verdict);
  NotePeak();
  ServeConsumers();
  return verdict;
}

template <class T, class Threads>
std::size_t BasicPipeline<T, Threads>::TryPushAll(std::span<T> items, TimePoint now) noexcept {
  std::size_t taken = 0;
  if (bytes_of_ != nullptr) {  // which must not be called under the lock
    while (taken < items.size() && assay::Taken(StoreOne(items[taken], now, false))) ++taken;
    return taken;
  }
  const Lock lock(mutex_);
  while (taken < items.size() && assay::Taken(Store(items[taken], 0, now))) ++taken;
  NotePeak();
  ServeConsumers();
  return taken;
}

template <class T, class Threads>
Verdict BasicPipeline<T, Threads>::Refuse() noexcept {
  const Lock lock(mutex_);
  ++counted_.rejected;
  return Verdict::kFull;
}

template <class T, class Threads>
Verdict BasicPipeline<T, Threads>::Store(T& item, std::int64_t bytes, TimePoint now) noexcept {
  const Verdict verdict = rules_.ForItem(Fill(), bytes);
  if (verdict != Verdict::kAccept) return StoreNot(verdict, item, bytes, now);
  Add(std::move(item), bytes, now);
  return verdict;
}

// What is not simply accepted.
template <class T, class Threads>
Verdict BasicPipeline<T, Threads>::StoreNot(Verdict verdict, T& item, std::int64_t bytes,
                                            TimePoint now) noexcept {
  if (NoRoom(verdict)) pressed_ = true;
  switch (verdict) {
    case Verdict::kDropOldest:
      while (rules_.ForItem(Fill(), bytes) == Verdict::kDropOldest) DropFront();
      Add(std::move(item), bytes, now);
      break;
    case Verdict::kDropNewest:
      ++counted_.produced;
      ++counted_.dropped;
      break;
    default: break;  // its producer keeps it
  }
  return verdict;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::CountRefusal(Verdict verdict) noexcept {
  if (!assay::Taken(verdict) && verdict != Verdict::kWait) ++counted_.rejected;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Add(T&& item, std::int64_t bytes, TimePoint now) noexcept {
  ring_.PushBack(std::move(item), bytes, now);
  ++counted_.produced;
}

// After items were added, however many.
template <class T, class Threads>
void BasicPipeline<T, Threads>::NotePeak() noexcept {
  counted_.peak_items = std::max(counted_.peak_items, ring_.size());
  counted_.peak_bytes = std::max(counted_.peak_bytes, ring_.bytes());
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::DropFront() noexcept {
  ring_.DropFront();
  ++counted_.dropped;
}

template <class T, class Threads>
Verdict BasicPipeline<T, Threads>::Enter(PipelineProducer<T>& producer, TimePoint now) noexcept {
  const Lock lock(mutex_);
  producer.since_ = now;
  const Verdict verdict = Store(producer.item_, producer.bytes_, now);
  producer.verdict_ = verdict;
  CountRefusal(verdict);
  if (verdict == Verdict::kWait) producers_.Append(producer);
  NotePeak();
  ServeConsumers();
  return verdict;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Expire(PipelineProducer<T>& producer) noexcept {
  const Lock lock(mutex_);
  // There may be room already for it and those before it, only not yet so much that all are woken.
  if (producer.queued()) AdmitProducers();
  if (!producer.queued()) return ServeConsumers();
  producers_.Remove(producer);
  producer.verdict_ = Verdict::kTimedOut;
  ++counted_.timeouts;
  AdmitProducers();  // it may have been the head, too large for what is free
  ServeConsumers();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Leave(PipelineProducer<T>& producer) noexcept {
  const Lock lock(mutex_);
  if (!producer.queued()) return;
  producers_.Remove(producer);
  ++counted_.rejected;
  AdmitProducers();
  ServeConsumers();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::AdmitProducers() noexcept {
  while (PipelineProducer<T>* const head = producers_.head()) {
    if (!rules_.Fits(Fill(), head->bytes_)) return;
    Add(std::move(head->item_), head->bytes_, head->since_);
    NotePeak();
    head->verdict_ = Verdict::kAccept;
    producers_.Remove(*head);
    head->Wake();
  }
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::RefuseProducers(Verdict verdict) noexcept {
  while (PipelineProducer<T>* const head = producers_.head()) {
    head->verdict_ = verdict;
    ++counted_.rejected;
    producers_.Remove(*head);
    head->Wake();
  }
}

// --- consumers ---

template <class T, class Threads>
template <class Take>
Receipt BasicPipeline<T, Threads>::TryReceive(int most, Take take) noexcept {
  const Lock lock(mutex_);
  const int count = consumers_.head() != nullptr ? 0 : std::min(most, NotPromised());
  if (count > 0) {
    TakeFront(count, take);
    return Receipt::kTaken;
  }
  return ring_.size() == 0 && Ended() ? Receipt::kEnded : Receipt::kWait;
}

template <class T, class Threads>
template <class Take>
Receipt BasicPipeline<T, Threads>::Receive(PipelineConsumer& consumer, TimePoint now,
                                           Take take) noexcept {
  const Lock lock(mutex_);
  const int promised = std::exchange(consumer.promised_, 0);
  promised_ -= promised;
  const bool first =
      consumer.came_back_ || consumers_.head() == nullptr || consumers_.head() == &consumer;
  const bool ready = first && ReadyFor(consumer, now);
  const bool ended = ring_.size() == 0 && Ended();
  if (ready || ended) {
    if (consumer.queued()) consumers_.Remove(consumer);
    if (ready) TakeFront(std::min(consumer.most_, NotPromised()), take);
    ServeConsumers();
    return ready ? Receipt::kTaken : Receipt::kEnded;
  }
  if (consumer.woken_) {
    promised_ += consumer.promised_ = promised;
    return Receipt::kAgain;
  }
  Queue(consumer, first);  // there is nothing to serve: as the head it would have been ready
  return Receipt::kWait;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Queue(PipelineConsumer& consumer, bool first) noexcept {
  if (!consumer.queued()) {
    consumer.came_back_ ? consumers_.PutFirst(consumer) : consumers_.Append(consumer);
  }
  consumer.came_back_ = false;
  consumer.due_known_ = first && NotPromised() > 0;
  consumer.due_ = consumer.due_known_ ? rules_.BatchDue(ring_.oldest()) : Deadline::Never();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Leave(PipelineConsumer& consumer) noexcept {
  const Lock lock(mutex_);
  if (consumer.queued()) consumers_.Remove(consumer);
  promised_ -= std::exchange(consumer.promised_, 0);
  ServeConsumers();
}

template <class T, class Threads>
bool BasicPipeline<T, Threads>::ReadyFor(const PipelineConsumer& consumer,
                                         TimePoint now) const noexcept {
  if (NotPromised() <= 0) return false;
  return !consumer.batch_ || rules_.BatchReady(NotPromised(), Pressed()) ||
         rules_.BatchDue(ring_.oldest()).Expired(now);
}

template <class T, class Threads>
bool BasicPipeline<T, Threads>::ShouldWake(const PipelineConsumer& consumer) const noexcept {
  if (NotPromised() <= 0) return ring_.size() == 0 && Ended();
  if (!consumer.batch_ || rules_.BatchReady(NotPromised(), Pressed())) return true;
  return rules_.ages() && !consumer.due_known_;  // to learn when the batch is due
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::ServeConsumers() noexcept {
  while (PipelineConsumer* const head = consumers_.head()) {
    if (!ShouldWake(*head)) return;
    head->promised_ = std::clamp(NotPromised(), 0, head->most_);
    promised_ += head->promised_;
    head->came_back_ = true;
    head->woken_ = true;
    consumers_.Remove(*head);
    head->Wake();
  }
}

template <class T, class Threads>
template <class Take>
void BasicPipeline<T, Threads>::TakeFront(int count, Take& take) noexcept {
  for (int i = 0; i < count; ++i) ring_.PopFront(take);
  counted_.consumed += static_cast<std::uint64_t>(count);
  ++counted_.batches;
  pressed_ = false;
  if (producers_.head() != nullptr && rules_.MayResume(Fill())) AdmitProducers();
  if (drainers_.head() != nullptr) ServeDrainers();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_FLOW_H_
