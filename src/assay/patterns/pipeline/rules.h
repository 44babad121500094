// What becomes of an item that is offered to a pipeline, and when a batch is handed over: the
// decisions, without a queue.
//
// Immutable, so safe to share. BasicPipeline applies it under its lock.
#ifndef ASSAY_PATTERNS_PIPELINE_RULES_H_
#define ASSAY_PATTERNS_PIPELINE_RULES_H_

#include <cstdint>
#include <limits>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"
#include "assay/core/error.h"

namespace assay {

// What a full pipeline does with one more item.
enum class Overflow : std::uint8_t {
  kBlock,       // its producer waits, for at most push_timeout
  kDropNewest,  // this item is dropped; for its producer that is a success
  kDropOldest,  // as many as needed of those that have waited longest are dropped for it
  kReject,      // its producer gets kLimitReached
};

struct PipelineOptions {
  static constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();

  int items = 1000;                         // 1 to 2^24: most that wait for a consumer
  std::int64_t bytes = kUnlimited;          // at least 1: most bytes that wait
  Overflow overflow = Overflow::kBlock;     //
  Duration push_timeout = Duration::max();  // above 0: longest that a producer waits
  int batch_items = 1;                      // 1 to `items`: as many are a batch
  Duration batch_age = Duration::max();     // above 0: after this time fewer are, too
  // 0 to 1: when producers wait, they go on as soon as the pipeline is filled to no more than this
  // part. 1 wakes a producer for each item that is taken; less wakes it seldom, for many.
  double resume_level = 0.5;
};

// What became of an item, or will.
enum class Verdict : std::uint8_t {
  kAccept,
  kDropOldest,  // accepted, others were dropped for it
  kDropNewest,  // dropped
  kWait,
  kFull,
  kTimedOut,
  kClosed,
  kNoConsumer,  // the last one has gone
  kBadSize,     // it has less than no bytes, or more than would ever fit
};

// True when the pipeline has taken charge of the item; else its producer still has it.
constexpr bool Taken(Verdict verdict) noexcept { return verdict <= Verdict::kDropNewest; }

// True when there was no room for the item; not when it would have been refused in any case.
constexpr bool NoRoom(Verdict verdict) noexcept {
  return verdict >= Verdict::kDropOldest && verdict <= Verdict::kFull;
}

struct PipelineFill {
  int items = 0;
  std::int64_t bytes = 0;
  bool closed = false;
  bool no_consumer = false;
  bool producers_wait = false;
};

class PipelineRules {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit PipelineRules(const PipelineOptions& options);

  const PipelineOptions& options() const noexcept { return options_; }

  // An item of `bytes` is offered. kDropOldest: room has to be made, and the rules asked again.
  Verdict ForItem(const PipelineFill& fill, std::int64_t bytes) const noexcept {
    if (fill.closed) return Verdict::kClosed;
    if (fill.no_consumer) return Verdict::kNoConsumer;
    if (bytes < 0 || bytes > options_.bytes) return Verdict::kBadSize;
    // First come, first served: not before those who wait.
    if (Fits(fill, bytes) && !fill.producers_wait) return Verdict::kAccept;
    return when_full_;
  }

  bool Fits(const PipelineFill& fill, std::int64_t bytes) const noexcept {
    return fill.items < options_.items && bytes <= options_.bytes - fill.bytes;
  }

  // Whether producers that wait may go on, as far as their items fit.
  bool MayResume(const PipelineFill& fill) const noexcept {
    return fill.items <= resume_items_ && fill.bytes <= resume_bytes_;
  }

  // Whether `items` (at least 1) are a batch. `pressed`: there was no room for another one, or
  // none will come.
  bool BatchReady(int items, bool pressed) const noexcept {
    return items >= options_.batch_items || pressed;
  }
  Deadline BatchDue(TimePoint oldest) const noexcept {
    return Deadline::After(oldest, options_.batch_age);
  }

  // Without ages, nobody has to know when an item came.
  bool ages() const noexcept { return options_.batch_age != Duration::max(); }

  // The error for a verdict that is not Taken(). `bytes` is what the item has, `waited` the longest
  // that its producer was prepared to wait.
  Error Refusal(Verdict verdict, std::int64_t bytes, Duration waited) const;

 private:
  PipelineOptions options_;
  Verdict when_full_;
  int resume_items_;
  std::int64_t resume_bytes_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_PIPELINE_RULES_H_
