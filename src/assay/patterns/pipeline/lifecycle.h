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
  if (no_consumer_) RefuseProducers(Verdict::kNoConsumer);
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
