// How a pipeline begins and ends, and its metrics: functions of BasicPipeline. Include pipeline.h
// instead.
#ifndef ASSAY_PATTERNS_PIPELINE_LIFECYCLE_H_
#define ASSAY_PATTERNS_PIPELINE_LIFECYCLE_H_

#include <cstdint>

#include "assay/patterns/pipeline/pipeline.h"

namespace assay {

template <class T, class Threads>
void BasicPipeline<T, Threads>::Close() noexcept {
  const Lock lock(mutex_);
  closed_ = true;
  RefuseProducers(Verdict::kClosed);
  ServeConsumers();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Discard() noexcept {
  const Lock lock(mutex_);
  closed_ = true;
  RefuseProducers(Verdict::kClosed);
  while (ring_.size() > 0) DropFront();
  pressed_ = false;
  ServeConsumers();
  ServeDrainers();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::Restart() noexcept {
  const Lock lock(mutex_);
  closed_ = false;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::AddProducer() noexcept {
  const Lock lock(mutex_);
  ++producer_ends_;
  no_producer_ = false;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::RemoveProducer() noexcept {
  const Lock lock(mutex_);
  no_producer_ = --producer_ends_ == 0;
  ServeConsumers();
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::AddConsumer() noexcept {
  const Lock lock(mutex_);
  ++consumer_ends_;
  no_consumer_ = false;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::RemoveConsumer() noexcept {
  const Lock lock(mutex_);
  no_consumer_ = --consumer_ends_ == 0;
  if (!no_consumer_) return;
  RefuseProducers(Verdict::kNoConsumer);
  ServeDrainers();
}

// --- those who wait for the end ---

template <class T, class Threads>
DrainState BasicPipeline<T, Threads>::Drained() const noexcept {
  if (ring_.size() == 0) return DrainState::kDrained;
  return no_consumer_ ? DrainState::kNoConsumer : DrainState::kWaits;
}

template <class T, class Threads>
DrainState BasicPipeline<T, Threads>::Enter(PipelineDrainer& drainer) noexcept {
  const Lock lock(mutex_);
  drainer.state_ = Drained();
  if (drainer.state_ == DrainState::kWaits) drainers_.Append(drainer);
  return drainer.state_;
}

template <class T, class Threads>
DrainState BasicPipeline<T, Threads>::Leave(PipelineDrainer& drainer) noexcept {
  const Lock lock(mutex_);
  if (drainer.queued()) drainers_.Remove(drainer);
  return drainer.state_;
}

template <class T, class Threads>
void BasicPipeline<T, Threads>::ServeDrainers() noexcept {
  const DrainState state = Drained();
  if (state == DrainState::kWaits) return;
  while (PipelineDrainer* const head = drainers_.head()) {
    head->state_ = state;
    drainers_.Remove(*head);
    head->Wake();
  }
}

template <class T, class Threads>
PipelineMetrics BasicPipeline<T, Threads>::Snapshot() const noexcept {
  const std::uint64_t failed = failed_.load();  // before what it is a part of
  const Lock lock(mutex_);
  PipelineMetrics metrics = counted_;
  metrics.consumed -= failed;
  metrics.failed = failed;
  metrics.items = ring_.size();
  metrics.bytes = ring_.bytes();
  metrics.waiting_producers = producers_.size();
  metrics.waiting_consumers = consumers_.size();
  metrics.blocked_time = Duration(blocked_.load());
  metrics.processing_time = Duration(processing_.load());
  return metrics;
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_LIFECYCLE_H_
