#include "assay/patterns/pipeline/rules.h"

#include <stdexcept>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

constexpr int kMostItems = 1 << 24;

[[noreturn]] void Refuse(const char* option, const std::string& value,
                         const std::string& accepted) {
  throw std::invalid_argument(std::string("pipeline ") + option + ": " + value + " is not " +
                              accepted);
}

void CheckCount(const char* option, int value, int most) {
  if (value >= 1 && value <= most) return;
  Refuse(option, std::to_string(value), "within 1 to " + std::to_string(most));
}

void CheckDuration(const char* option, Duration value) {
  if (value > Duration::zero()) return;
  Refuse(option, std::to_string(value.count()) + " ns", "above 0");
}

const PipelineOptions& Checked(const PipelineOptions& options) {
  CheckCount("items", options.items, kMostItems);
  if (options.bytes < 1) Refuse("bytes", std::to_string(options.bytes), "at least 1");
  if (options.overflow > Overflow::kReject) {
    Refuse("overflow", std::to_string(static_cast<int>(options.overflow)), "one of Overflow");
  }
  CheckDuration("push_timeout", options.push_timeout);
  CheckCount("batch_items", options.batch_items, options.items);
  CheckDuration("batch_age", options.batch_age);
  if (!(options.resume_level >= 0 && options.resume_level <= 1)) {
    Refuse("resume_level", std::to_string(options.resume_level), "within 0 to 1");
  }
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
