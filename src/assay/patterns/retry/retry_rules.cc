#include "assay/patterns/retry/retry_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "assay/core/hash.h"
#include "assay/core/option_check.h"

namespace assay {
namespace {

constexpr std::array kNeverRetried{ErrorCode::kInvalidRequest, ErrorCode::kCancelled,
                                   ErrorCode::kLimitReached, ErrorCode::kCircuitOpen};

constexpr OptionCheck kOptions("retry");

void CheckLimits(const RetryOptions& options) {
  kOptions.Within("max_attempts", options.max_attempts, 1, std::int64_t{1} << 31);
  kOptions.Above0("max_elapsed", options.max_elapsed);
  kOptions.Above0("try_timeout", options.try_timeout);
  kOptions.NotBelow0("max_retry_after", options.max_retry_after);
  kOptions.Within("retry_after_jitter", options.retry_after_jitter, 0, 10);
}

void CheckFilters(const RetryOptions& options) {
  for (const ErrorCode code : kNeverRetried) {
    if (options.retried_errors.Has(code)) {
      kOptions.Refuse("retried_errors", ToString(code), "is never retried");
    }
  }
  for (const StatusRange& range : options.retried_statuses) {
    if (range.first < 100 || range.last > 999 || range.first > range.last) {
      kOptions.Refuse("retried_statuses",
                      std::to_string(range.first) + " to " + std::to_string(range.last),
                      "is not a range within 100 to 999");
    }
  }
}

const RetryOptions& Checked(const RetryOptions& options) {
  CheckLimits(options);
  CheckFilters(options);
  return options;
}

}  // namespace

bool IsRepeatable(std::string_view method, const Headers& headers) noexcept {
  constexpr std::array<std::string_view, 6> kIdempotent{"GET",   "HEAD", "OPTIONS",
                                                        "TRACE", "PUT",  "DELETE"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end() ||
         headers.Get("Idempotency-Key").has_value();
}

RetryRequest RequestToRetry(const Request& request, Deadline deadline) {
  return {.repeatable = IsRepeatable(ToString(request.method), request.headers),
          .deadline = deadline};
}

RetryRules::RetryRules(const RetryOptions& options)
    : options_(Checked(options)),
      backoff_(options.backoff),
      timed_(options.max_elapsed != Duration::max() || options.try_timeout != Duration::max()) {}

RetryDecision RetryRules::Decide(const TryOutcome& outcome, bool repeatable,
                                 const RetryProgress& progress, const RetryMoment& moment) const {
  if (!Retried(outcome)) return {.verdict = RetryVerdict::kFinal};
  if (!repeatable) return {.verdict = RetryVerdict::kNotRepeatable};
  if (progress.attempt >= options_.max_attempts) return {.verdict = RetryVerdict::kAttemptsSpent};
  const Duration backoff = backoff_.Delay(progress.attempt, progress.previous, moment.random);
  RetryDecision decision{.verdict = RetryVerdict::kRetry, .delay = backoff, .backoff = backoff};
  // The server says how early at most; waiting longer is up to us.
  const std::optional<Duration> asked = RetryAfter(outcome, moment);
  if (asked && *asked >= decision.delay) {
    decision.delay = *asked;
    decision.source = DelaySource::kRetryAfter;
  }
  if (decision.delay >= progress.end.Remaining(moment.now)) {
    decision.verdict = RetryVerdict::kTooLate;
  }
  return decision;
}

Deadline RetryRules::EndOf(const RetryRequest& request, TimePoint start) const noexcept {
  if (options_.max_elapsed == Duration::max()) return request.deadline;
  return std::min(request.deadline, Deadline::After(start, options_.max_elapsed));
}

Deadline RetryRules::TryEnd(Deadline end, TimePoint now) const noexcept {
  if (options_.try_timeout == Duration::max()) return end;
  return std::min(end, Deadline::After(now, options_.try_timeout));
}

bool RetryRules::RetriedStatus(int status) const noexcept {
  const auto& ranges = options_.retried_statuses;
  return std::any_of(ranges.begin(), ranges.end(), [status](const StatusRange& range) {
    return status >= range.first && status <= range.last;
  });
}

std::optional<Duration> RetryRules::RetryAfter(const TryOutcome& outcome,
                                               const RetryMoment& moment) const {
  if (outcome.headers == nullptr || options_.max_retry_after == Duration::zero()) return {};
  const auto value = outcome.headers->Get("Retry-After");
  if (!value) return {};
  const auto asked = ParseRetryAfter(*value, moment.wall);
  if (!asked) return {};
  const Duration base = std::min(*asked, options_.max_retry_after);
  // Other bits than the back-off's, so that the two are independent.
  const double more = UnitInterval(Mix(moment.random)) * options_.retry_after_jitter;
  return Scaled(base, 1 + more, Duration::max());
}

}  // namespace assay
