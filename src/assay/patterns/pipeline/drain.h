// Waits until nothing is left in a pipeline.
//
//   pipeline.Close();  // no more items
//   Result<Done> drained = WaitUntilDrained(pipeline, time, Deadline::After(now, seconds(5)));
//   if (!drained.ok()) pipeline.Discard();
//   ... = co_await WaitUntilDrainedAsync(pipeline, time);  // in a coroutine
//
// Drained is a pipeline at the moment in which its last item is taken (or discarded) and no
// producer has another one ready: closed or not, but only a closed one stays so. Items that
// consumers still work on are not in it any more; who wants to wait for those joins the consumers.
//
// An error: kTimeout where items were left at `deadline`, kPipelineClosed where they are left and
// the last consumer has gone. A wait that is cancelled or destroyed leaves nothing behind.
#ifndef ASSAY_PATTERNS_PIPELINE_DRAIN_H_
#define ASSAY_PATTERNS_PIPELINE_DRAIN_H_

#include <coroutine>

#include "assay/core/deadline.h"
#include "assay/core/duration_text.h"
#include "assay/core/result.h"
#include "assay/patterns/pipeline/pipeline.h"
#include "assay/patterns/pipeline/task_of.h"
#include "assay/patterns/waiting.h"

namespace assay {

// One who waits for it, and the nap. `Time` is a ThreadTime or CoroutineTime (const for the first).
template <class P, class Time>
class DrainPlace final : public PipelineDrainer {
 public:
  DrainPlace(P& pipeline, Time& time, Deadline deadline)
      : pipeline_(pipeline),
        entered_(time.Now()),
        until_(deadline),
        nap_(time),
        waits_(pipeline.Enter(*this) == DrainState::kWaits) {}
  ~DrainPlace() override { pipeline_.Leave(*this); }

  bool Waits() const noexcept { return waits_; }
  typename Time::Nap& nap() noexcept { return nap_; }
  Deadline until() const noexcept { return until_; }

  // After the wait, if any.
  Result<Done> End() {
    switch (pipeline_.Leave(*this)) {
      case DrainState::kDrained: return Done{};
      case DrainState::kNoConsumer: return pipeline_.rules().Refusal(Verdict::kNoConsumer, 0, {});
      case DrainState::kWaits: break;
    }
    return Error{ErrorCode::kTimeout,
                 "pipeline: not drained within " + DurationText(until_.Remaining(entered_))};
  }

 private:
  void Wake() noexcept override { nap_.Wake(); }

  P& pipeline_;
  const TimePoint entered_;
  const Deadline until_;
  typename Time::Nap nap_;
  const bool waits_;
};

template <class P, ThreadTime Time>
Result<Done> WaitUntilDrained(P& pipeline, const Time& time,
                              Deadline deadline = Deadline::Never()) {
  DrainPlace<P, const Time> place(pipeline, time, deadline);
  if (place.Waits()) place.nap().Until(place.until());
  return place.End();
}

// The task is of the kind of the naps of `time` (task_of.h).
template <class P, CoroutineTime Time>
TaskOf<Time, Result<Done>> WaitUntilDrainedAsync(P& pipeline, Time& time,
                                                 Deadline deadline = Deadline::Never()) {
  DrainPlace<P, Time> place(pipeline, time, deadline);
  if (place.Waits()) co_await place.nap().Until(place.until());
  co_return place.End();
}

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_DRAIN_H_
