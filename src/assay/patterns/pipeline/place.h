// A waiter at one end of a pipeline with the nap it waits on: what call.h and consume.h are made
// of. A place is left when it is destroyed, however the wait ended.
#ifndef ASSAY_PATTERNS_PIPELINE_PLACE_H_
#define ASSAY_PATTERNS_PIPELINE_PLACE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "assay/core/deadline.h"
#include "assay/core/duration_text.h"
#include "assay/core/result.h"
#include "assay/patterns/pipeline/pipeline.h"

namespace assay {

// `Time` is a ThreadTime or CoroutineTime (const for the first).
template <class P, class Time>
class ProducerPlace final : public PipelineProducer<typename P::Item> {
 public:
  using Item = typename P::Item;

  ProducerPlace(P& pipeline, Time& time, Item& item, Deadline deadline)
      : PipelineProducer<Item>(item, pipeline.BytesIn(item)),
        pipeline_(pipeline),
        time_(time),
        entered_(time.Now()),
        until_(std::min(deadline, Deadline::After(entered_, pipeline.options().push_timeout))),
        nap_(time) {
    verdict_ = pipeline_.Enter(*this, entered_);
  }
  ~ProducerPlace() override {
    pipeline_.Leave(*this);
    pipeline_.AddBlocked(time_.Now() - entered_);
  }

  // False when the verdict is known.
  bool Waits() const noexcept { return verdict_ == Verdict::kWait; }
  typename Time::Nap& nap() noexcept { return nap_; }
  Deadline until() const noexcept { return until_; }
  void AfterNap(bool time_is_over) noexcept {
    if (time_is_over) pipeline_.Expire(*this);
    verdict_ = this->verdict();  // nobody else knows this producer any more
  }
  Verdict settled() const noexcept { return verdict_; }
  Duration longest() const noexcept { return until_.Remaining(entered_); }

 private:
  void Wake() noexcept override { nap_.Wake(); }

  P& pipeline_;
  Time& time_;
  const TimePoint entered_;
  const Deadline until_;
  typename Time::Nap nap_;
  Verdict verdict_ = Verdict::kWait;
};

// while (place.Waits(take)) place.nap().Until(place.until());
template <class P, class Time>
class ConsumerPlace final : public PipelineConsumer {
 public:
  ConsumerPlace(P& pipeline, Time& time, Deadline deadline, int most, bool batch)
      : PipelineConsumer(most, batch),
        pipeline_(pipeline),
        time_(time),
        deadline_(deadline),
        nap_(std::in_place, time) {}
  ~ConsumerPlace() override { pipeline_.Leave(*this); }

  // Looks once more even when the deadline has passed: it may have been promised something.
  template <class Take>
  bool Waits(Take take) {
    const TimePoint now = time_.Now();
    if (!longest_) longest_ = deadline_.Remaining(now);
    while ((receipt_ = pipeline_.Receive(*this, now, take)) == Receipt::kAgain) {
      nap_.emplace(time_);  // one can be woken once; nobody else knows this one any more
      Renewed();
    }
    return receipt_ == Receipt::kWait && !deadline_.Expired(now);
  }
  typename Time::Nap& nap() noexcept { return *nap_; }
  Deadline until() const noexcept { return std::min(deadline_, due()); }
  bool taken() const noexcept { return receipt_ == Receipt::kTaken; }
  Error Refusal() const {
    if (receipt_ == Receipt::kEnded) return {ErrorCode::kPipelineClosed, "pipeline: ended"};
    return {ErrorCode::kTimeout, "pipeline: nothing came within " + DurationText(*longest_)};
  }

 private:
  void Wake() noexcept override { nap_->Wake(); }

  P& pipeline_;
  Time& time_;
  const Deadline deadline_;
  std::optional<typename Time::Nap> nap_;
  std::optional<Duration> longest_{};
  Receipt receipt_ = Receipt::kWait;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_PLACE_H_
