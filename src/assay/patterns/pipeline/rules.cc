#include "assay/patterns/pipeline/rules.h"

#include <string>

#include "assay/core/duration_text.h"
#include "assay/core/option_check.h"

namespace assay {
namespace {

constexpr int kMostItems = 1 << 24;

constexpr OptionCheck kOptions("pipeline");

const PipelineOptions& Checked(const PipelineOptions& options) {
  kOptions.Within("items", options.items, 1, kMostItems);
  if (options.bytes < 1) kOptions.Refuse("bytes", options.bytes, "is not at least 1");
  if (options.overflow > Overflow::kReject) {
    kOptions.Refuse("overflow", static_cast<int>(options.overflow), "is not one of Overflow");
  }
  kOptions.Above0("push_timeout", options.push_timeout);
  kOptions.Within("batch_items", options.batch_items, 1, options.items);
  kOptions.Above0("batch_age", options.batch_age);
  kOptions.Within("resume_level", options.resume_level, 0, 1);
  return options;
}

Verdict WhenFull(Overflow overflow) {
  switch (overflow) {
    case Overflow::kBlock: return Verdict::kWait;
    case Overflow::kDropNewest: return Verdict::kDropNewest;
    case Overflow::kDropOldest: return Verdict::kDropOldest;
    case Overflow::kReject: break;
  }
  return Verdict::kFull;
}

// In whole numbers: 2^63 - 1 bytes are no double.
std::int64_t PartOf(std::int64_t limit, double level) {
  if (level >= 1) return limit;
  return static_cast<std::int64_t>(static_cast<double>(limit) * level);
}

}  // namespace

PipelineRules::PipelineRules(const PipelineOptions& options)
    : options_(Checked(options)),
      when_full_(WhenFull(options.overflow)),
      resume_items_(static_cast<int>(PartOf(options.items, options.resume_level))),
      resume_bytes_(PartOf(options.bytes, options.resume_level)) {}

// The messages of what happens often are short enough to be stored without an allocation.
Error PipelineRules::Refusal(Verdict verdict, std::int64_t bytes, Duration waited) const {
  if (verdict == Verdict::kTimedOut) {
    return {ErrorCode::kTimeout, "pipeline: no room within " + DurationText(waited)};
  }
  if (verdict == Verdict::kClosed) return {ErrorCode::kPipelineClosed, "pipeline closed"};
  if (verdict == Verdict::kNoConsumer) return {ErrorCode::kPipelineClosed, "consumers gone"};
  if (verdict == Verdict::kBadSize) {
    return {ErrorCode::kInvalidRequest, "pipeline item: " + std::to_string(bytes) +
                                            " bytes is not within 0 to " +
                                            std::to_string(options_.bytes)};
  }
  return {ErrorCode::kLimitReached, "pipeline: full"};
}

}  // namespace assay
