// Who waits at the ends of a pipeline.
//
// A waiter is part of whoever waits (a thread's stack, a coroutine's frame), so that waiting
// allocates nothing. All of it belongs to the pipeline's lock, but that the waiter itself may look
// once it was woken. Wrappers derive from it (place.h); nobody else needs to.
#ifndef ASSAY_PATTERNS_PIPELINE_WAITER_H_
#define ASSAY_PATTERNS_PIPELINE_WAITER_H_

#include <cstdint>

#include "assay/core/deadline.h"
#include "assay/patterns/pipeline/rules.h"
#include "assay/patterns/waiter_queue.h"

namespace assay {

class PipelineWaiter : public QueuePlace {
 public:
  virtual ~PipelineWaiter() = default;

 private:
  template <class T, class Threads>
  friend class BasicPipeline;

  // The waiter is out of its queue. Called under the pipeline's lock: else one that is cancelled
  // at this moment could be gone before the call has begun. It must not use the pipeline, nor go
  // on with the waiter on this very stack; Wake() of a nap does neither.
  virtual void Wake() noexcept = 0;
};

// With an item in its hands for which there is no room.
template <class T>
class PipelineProducer : public PipelineWaiter {
 public:
  PipelineProducer(T& item, std::int64_t bytes) noexcept : item_(item), bytes_(bytes) {}

  Verdict verdict() const noexcept { return verdict_; }

 private:
  template <class U, class Threads>
  friend class BasicPipeline;

  T& item_;
  const std::int64_t bytes_;
  TimePoint since_{};
  Verdict verdict_ = Verdict::kWait;
};

// With nothing to take. After its Wake() it is out of the queue and comes back to take what is
// there for it, or finds that it has to wait on, at the head of the queue.
class PipelineConsumer : public PipelineWaiter {
 public:
  // `most` items at a time. `batch`: not before they are a batch.
  explicit PipelineConsumer(int most, bool batch) noexcept : most_(most), batch_(batch) {}

  // When the batch is due that it waits for; it has to come back by then.
  Deadline due() const noexcept { return due_; }

  // After kAgain: the next Wake() will be heard, too.
  void Renewed() noexcept { woken_ = false; }

 private:
  template <class T, class Threads>
  friend class BasicPipeline;

  const int most_;
  const bool batch_;
  bool came_back_ = false;  // its place is at the head
  bool woken_ = false;      // and cannot be woken again
  int promised_ = 0;        // items that newcomers have to leave to it
  bool due_known_ = false;
  Deadline due_ = Deadline::Never();
};

enum class DrainState : std::uint8_t {
  kWaits,
  kDrained,
  kNoConsumer,  // the last one has gone and left something
};

// Until nothing is left.
class PipelineDrainer : public PipelineWaiter {
 private:
  template <class T, class Threads>
  friend class BasicPipeline;

  DrainState state_ = DrainState::kWaits;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_WAITER_H_
