// Whether a call is tried once more, and when: the decision as a function, without state.
//
// Immutable, so safe to share. Time, wall time and random bits are arguments.
#ifndef ASSAY_PATTERNS_RETRY_RETRY_RULES_H_
#define ASSAY_PATTERNS_RETRY_RETRY_RULES_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/deadline.h"
#include "assay/core/error.h"
#include "assay/core/result.h"
#include "assay/http/headers.h"
#include "assay/http/request.h"
#include "assay/http/response.h"
#include "assay/patterns/retry/backoff.h"
#include "assay/patterns/retry/retry_after.h"

namespace assay {

class ErrorCodes {
 public:
  constexpr ErrorCodes(std::initializer_list<ErrorCode> codes) noexcept {
    for (const ErrorCode code : codes) bits_ |= Bit(code);
  }
  constexpr bool Has(ErrorCode code) const noexcept { return (bits_ & Bit(code)) != 0; }

 private:
  static constexpr std::uint64_t Bit(ErrorCode code) noexcept {
    return std::uint64_t{1} << static_cast<unsigned>(code);
  }
  std::uint64_t bits_ = 0;
};

struct StatusRange {
  int first = 0;
  int last = 0;  // included
};

// What one try came to.
struct TryOutcome {
  std::optional<ErrorCode> error{};
  int status = 0;                    // of the response, 0 where there is none
  const Headers* headers = nullptr;  // of the response, for Retry-After
};

// Where the delay before a retry comes from.
enum class DelaySource : std::uint8_t { kBackoff, kRetryAfter };

// What a callback is told before each wait.
struct RetryWait {
  std::int64_t attempt = 1;  // that has failed
  TryOutcome outcome{};      // of it; valid during the callback
  Duration delay{};          // before the next
  DelaySource source = DelaySource::kBackoff;
};

struct RetryOptions {
  std::int64_t max_attempts = 3;           // in total, the first included: 1 to 2^31
  Duration max_elapsed = Duration::max();  // from the first try on, all included; above 0
  Duration try_timeout = Duration::max();  // of each try, handed to it as a deadline; above 0
  BackoffOptions backoff{};
  // Accepted is any but what was refused or given up on this side: kInvalidRequest, kCancelled,
  // kLimitReached, kCircuitOpen.
  ErrorCodes retried_errors{ErrorCode::kResolveFailed,    ErrorCode::kConnectRefused,
                            ErrorCode::kConnectFailed,    ErrorCode::kTimeout,
                            ErrorCode::kConnectionClosed, ErrorCode::kIo};
  std::vector<StatusRange> retried_statuses{{429, 429}, {500, 599}};  // within 100 to 999
  // A Retry-After of more counts as this much; 0 ignores all of them.
  Duration max_retry_after = std::chrono::seconds(60);
  // A random part of it is added, never taken away; 0 to 10. After the limit, so that those who
  // were told to wait longer do not all come back at the same time.
  double retry_after_jitter = 0.1;
  // Whether a success is put into the budget. False where another user of the same budget does so
  // for the same call, around this one or within it.
  bool fills_budget = true;
  // The same seed and keys draw the same delays; without one, every object has its own.
  std::optional<std::uint64_t> seed{};
  // Called before each wait, on the thread that waits, without a lock.
  std::function<void(const RetryWait&)> before_wait{};
  // What a date in Retry-After is compared with; the system's clock unless given.
  std::function<WallTime()> wall_clock{};
};

// What the policy has to know of a call.
struct RetryRequest {
  bool repeatable = false;  // sending it twice does no harm; RequestToRetry() finds out
  Deadline deadline = Deadline::Never();  // of all tries together
  std::optional<TimePoint> now{};         // where the caller has just read the clock
  // Names the call for its random numbers; without one it gets the next number.
  std::optional<std::uint64_t> key{};
};

// Repeatable: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (idempotent: RFC 9110 section 9.2.2), and
// every other one with a field Idempotency-Key.
bool IsRepeatable(std::string_view method, const Headers& headers) noexcept;
RetryRequest RequestToRetry(const Request& request, Deadline deadline = Deadline::Never());

enum class RetryVerdict : std::uint8_t {
  kRetry,
  kFinal,          // a success, or a failure that trying again does not mend
  kNotRepeatable,  // the request might do its work twice
  kAttemptsSpent,
  kTooLate,   // the wait would not end before the deadline or max_elapsed
  kNoBudget,  // see retry_budget.h
};

struct RetryDecision {
  RetryVerdict verdict = RetryVerdict::kFinal;
  Duration delay{};
  DelaySource source = DelaySource::kBackoff;
  Duration backoff{};  // `delay` without a Retry-After: what the next one is drawn from
};

// Where a call stands.
struct RetryProgress {
  std::int64_t attempt = 1;          // that has just ended
  Deadline end = Deadline::Never();  // of all tries
  Duration previous{};               // RetryDecision::backoff before this try, 0 for none
};

// What a decision is made with.
struct RetryMoment {
  TimePoint now{};
  WallTime wall{};
  std::uint64_t random = 0;  // uniform
};

class RetryRules {
 public:
  // Throws std::invalid_argument that names the option, its value and the range.
  explicit RetryRules(const RetryOptions& options);

  const RetryOptions& options() const noexcept { return options_; }

  // Whether the clock has to be read before the first try.
  bool timed() const noexcept { return timed_; }

  // Whether this is a failure that another try might mend.
  bool Retried(const TryOutcome& outcome) const noexcept {
    if (outcome.error) return options_.retried_errors.Has(*outcome.error);
    return outcome.status != 0 && RetriedStatus(outcome.status);
  }

  RetryDecision Decide(const TryOutcome& outcome, bool repeatable, const RetryProgress& progress,
                       const RetryMoment& moment) const;

  // The deadline of all tries, and of one that starts at `now`.
  Deadline EndOf(const RetryRequest& request, TimePoint start) const noexcept;
  Deadline TryEnd(Deadline end, TimePoint now) const noexcept;

 private:
  bool RetriedStatus(int status) const noexcept;
  std::optional<Duration> RetryAfter(const TryOutcome& outcome, const RetryMoment& moment) const;

  RetryOptions options_;
  Backoff backoff_;
  bool timed_;
};

}  // namespace assay

#endif  // ASSAY_PATTERNS_RETRY_RETRY_RULES_H_
