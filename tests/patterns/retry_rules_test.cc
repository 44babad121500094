#include "assay/patterns/retry/retry_rules.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kNow{hours(1)};
constexpr std::uint64_t kHighest = ~std::uint64_t{0};

RetryOptions Constant(Duration delay) {
  return {.max_attempts = 3,
          .backoff = {.growth = Growth::kConstant, .base = delay, .jitter = Jitter::kNone}};
}

TEST(RetryRules, RetriesTimeOutsAndConnectionErrors) {
  const std::set<ErrorCode> retried{ErrorCode::kResolveFailed,    ErrorCode::kConnectRefused,
                                    ErrorCode::kConnectFailed,    ErrorCode::kTimeout,
                                    ErrorCode::kConnectionClosed, ErrorCode::kIo};
  const RetryRules rules({});
  for (int i = 0; i <= static_cast<int>(ErrorCode::kCircuitOpen); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(rules.Retried({.error = code}), retried.contains(code)) << ToString(code);
  }
}

TEST(RetryRules, RetriesTooManyRequestsAndBrokenServers) {
  const RetryRules rules({});
  for (int status = 0; status <= 999; ++status) {
    const bool retried = status == 429 || (status >= 500 && status <= 599);
    EXPECT_EQ(rules.Retried({.status = status}), retried) << status;
  }
}

TEST(RetryRules, TheFiltersAreYours) {
  const RetryRules rules(
      {.retried_errors{ErrorCode::kTlsFailed}, .retried_statuses{{408, 408}, {418, 425}}});
  EXPECT_TRUE(rules.Retried({.error = ErrorCode::kTlsFailed}));
  EXPECT_FALSE(rules.Retried({.error = ErrorCode::kTimeout}));
  EXPECT_TRUE(rules.Retried({.status = 408}));
  EXPECT_TRUE(rules.Retried({.status = 425}));
  EXPECT_FALSE(rules.Retried({.status = 426}));
  EXPECT_FALSE(rules.Retried({.status = 429}));
}

TEST(RetryRules, DecidesInThisOrder) {
  const RetryRules rules(Constant(seconds(1)));
  const TryOutcome failed{.error = ErrorCode::kTimeout};
  const RetryProgress first{.attempt = 1}, last{.attempt = 3};
  const RetryProgress late{.attempt = 2, .end = Deadline::After(kNow, seconds(1))};
  const RetryProgress early{.attempt = 2, .end = Deadline::After(kNow, seconds(1) + Duration(1))};
  const auto verdict = [&](const TryOutcome& outcome, bool repeatable,
                           const RetryProgress& progress) {
    return rules.Decide(outcome, repeatable, progress, {.now = kNow}).verdict;
  };
  EXPECT_EQ(verdict(failed, true, first), RetryVerdict::kRetry);
  EXPECT_EQ(verdict(failed, true, early), RetryVerdict::kRetry);
  EXPECT_EQ(verdict(failed, true, late), RetryVerdict::kTooLate);
  EXPECT_EQ(verdict(failed, true, last), RetryVerdict::kAttemptsSpent);
  EXPECT_EQ(verdict(failed, false, last), RetryVerdict::kNotRepeatable);
  EXPECT_EQ(verdict({.error = ErrorCode::kTlsFailed}, false, last), RetryVerdict::kFinal);
  EXPECT_EQ(verdict({.status = 200}, true, first), RetryVerdict::kFinal);
}

// The answer of a server that is asked too much, and what comes of it.
struct Answer {
  std::string retry_after;
  Duration backoff = seconds(1);
  Duration most = seconds(60);
  double jitter = 0;
  std::uint64_t random = 0;

  RetryDecision Decide() const {
    RetryOptions options = Constant(backoff);
    options.max_retry_after = most;
    options.retry_after_jitter = jitter;
    const Headers headers{{"Retry-After", retry_after}};
    const WallTime wall = std::chrono::sys_seconds(seconds(784'111'777 - 5));
    return RetryRules(options).Decide({.status = 503, .headers = &headers}, true, {},
                                      {.now = kNow, .wall = wall, .random = random});
  }
};

TEST(RetryRules, HonoursRetryAfter) {
  for (const char* value : {"5", "Sun, 06 Nov 1994 08:49:37 GMT"}) {
    const RetryDecision decision = Answer{value}.Decide();
    EXPECT_EQ(decision.verdict, RetryVerdict::kRetry);
    EXPECT_EQ(decision.delay, seconds(5));
    EXPECT_EQ(decision.source, DelaySource::kRetryAfter);
  }
}

TEST(RetryRules, WaitsLongerThanAskedWhenTheBackoffDoes) {
  for (const char* value : {"0", "4", "Sun, 06 Nov 1994 08:49:36 GMT", "soon"}) {
    const RetryDecision decision = Answer{.retry_after = value, .backoff = seconds(5)}.Decide();
    EXPECT_EQ(decision.delay, seconds(5)) << value;
    EXPECT_EQ(decision.source, DelaySource::kBackoff) << value;
  }
}

TEST(RetryRules, TheServerIsTheSourceWhereBothSayTheSame) {
  EXPECT_EQ((Answer{.retry_after = "5", .backoff = seconds(5)}.Decide().source),
            DelaySource::kRetryAfter);
}

TEST(RetryRules, LimitsTheRawRetryAfter) {
  EXPECT_EQ((Answer{.retry_after = "99999999999", .most = seconds(7)}.Decide().delay), seconds(7));
  // The limit does not take the jitter away again.
  EXPECT_GT(
      (Answer{.retry_after = "7", .most = seconds(7), .jitter = 1, .random = 1}.Decide().delay),
      seconds(7));
  const RetryDecision ignored = Answer{.retry_after = "5", .most = Duration(0)}.Decide();
  EXPECT_EQ(ignored.delay, seconds(1));
  EXPECT_EQ(ignored.source, DelaySource::kBackoff);
}

TEST(RetryRules, TheJitterOfRetryAfterIsOnlyAdded) {
  Duration longest{};
  for (std::uint64_t random = 0; random < 1'000; ++random) {
    const Duration delay =
        Answer{.retry_after = "10", .jitter = 0.5, .random = random}.Decide().delay;
    ASSERT_GE(delay, seconds(10));
    ASSERT_LT(delay, seconds(15));
    longest = std::max(longest, delay);
  }
  EXPECT_GT(longest, milliseconds(14'500));
}

TEST(RetryRules, ARetryAfterBeyondTheDeadlineIsTooLate) {
  const Headers headers{{"Retry-After", "30"}};
  const RetryDecision decision =
      RetryRules(Constant(seconds(1)))
          .Decide({.status = 429, .headers = &headers}, true,
                  {.end = Deadline::After(kNow, seconds(20))}, {.now = kNow});
  EXPECT_EQ(decision.verdict, RetryVerdict::kTooLate);
}

TEST(RetryRules, TheBackoffGrowsWithTheAttempts) {
  const RetryRules rules({.max_attempts = std::int64_t{1} << 31,
                          .backoff = {.base = seconds(1), .jitter = Jitter::kNone}});
  const auto delay = [&](std::int64_t attempt) {
    return rules.Decide({.status = 500}, true, {.attempt = attempt}, {}).delay;
  };
  EXPECT_EQ(delay(1), seconds(1));
  EXPECT_EQ(delay(3), seconds(4));
  EXPECT_EQ(delay((std::int64_t{1} << 31) - 1), seconds(30));
}

TEST(RetryRules, DecorrelatedJitterKnowsTheDelayBefore) {
  const RetryRules rules({.backoff = {.base = seconds(1), .jitter = Jitter::kDecorrelated}});
  EXPECT_EQ(
      rules.Decide({.status = 500}, true, {.previous = seconds(4)}, {.random = kHighest}).delay,
      seconds(12));
}

TEST(RetryRules, DeadlinesAreTheEarlierOnes) {
  const RetryRules rules({.max_elapsed = seconds(10), .try_timeout = seconds(2)});
  EXPECT_TRUE(rules.timed());
  EXPECT_EQ(rules.EndOf({}, kNow), Deadline::After(kNow, seconds(10)));
  EXPECT_EQ(rules.EndOf({.deadline = Deadline::After(kNow, seconds(3))}, kNow),
            Deadline::After(kNow, seconds(3)));
  EXPECT_EQ(rules.TryEnd(Deadline::Never(), kNow), Deadline::After(kNow, seconds(2)));
  EXPECT_EQ(rules.TryEnd(Deadline::After(kNow, seconds(1)), kNow),
            Deadline::After(kNow, seconds(1)));
  const RetryRules untimed({});
  EXPECT_FALSE(untimed.timed());
  EXPECT_TRUE(untimed.EndOf({}, kNow).never());
  EXPECT_TRUE(untimed.TryEnd(Deadline::Never(), kNow).never());
  EXPECT_TRUE(RetryRules({.max_elapsed = seconds(1)}).timed());
  EXPECT_TRUE(RetryRules({.try_timeout = seconds(1)}).timed());
}

TEST(IsRepeatable, KnowsIdempotentMethods) {
  for (const char* method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}) {
    EXPECT_TRUE(IsRepeatable(method, {})) << method;
  }
  for (const char* method : {"POST", "PATCH", "CONNECT", "get", ""}) {
    EXPECT_FALSE(IsRepeatable(method, {})) << method;
    EXPECT_TRUE(IsRepeatable(method, {{"idempotency-key", "\"8e03978e\""}})) << method;
  }
}

TEST(RequestToRetry, TakesWhatItNeedsFromTheRequest) {
  const Deadline deadline = Deadline::After(kNow, seconds(1));
  EXPECT_TRUE(RequestToRetry({.method = Method::kPut}).repeatable);
  EXPECT_FALSE(RequestToRetry({.method = Method::kPost}).repeatable);
  EXPECT_TRUE(
      RequestToRetry({.method = Method::kPost, .headers{{"Idempotency-Key", "1"}}}).repeatable);
  EXPECT_EQ(RequestToRetry({}, deadline).deadline, deadline);
  EXPECT_TRUE(RequestToRetry({}).deadline.never());
}

TEST(RetryOptions, EveryOptionOutOfRangeIsNamedWithItsRange) {
  const auto problem = [](const RetryOptions& options) {
    return InvalidArgumentOf([&] { RetryRules rules(options); });
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problem({.max_attempts = 0}), "retry max_attempts: 0 is not within 1 to 2147483648");
  EXPECT_EQ(problem({.max_attempts = -1}), "retry max_attempts: -1 is not within 1 to 2147483648");
  EXPECT_EQ(problem({.max_attempts = (std::int64_t{1} << 31) + 1}),
            "retry max_attempts: 2147483649 is not within 1 to 2147483648");
  EXPECT_EQ(problem({.max_elapsed = Duration(0)}), "retry max_elapsed: 0 ns is not above 0");
  EXPECT_EQ(problem({.try_timeout = Duration(0)}), "retry try_timeout: 0 ns is not above 0");
  EXPECT_EQ(problem({.try_timeout = Duration(-1)}), "retry try_timeout: -1 ns is not above 0");
  EXPECT_EQ(problem({.backoff = {.base = Duration(0)}}), "retry base: 0 ns is not above 0");
  EXPECT_EQ(problem({.max_retry_after = Duration(-1)}), "retry max_retry_after: -1 ns is below 0");
  for (const double jitter : {-0.1, 10.1, nan, std::numeric_limits<double>::infinity()}) {
    EXPECT_NE(problem({.retry_after_jitter = jitter}), "");
  }
  EXPECT_EQ(problem({.retry_after_jitter = nan}),
            "retry retry_after_jitter: nan is not within 0 to 10");
  for (const StatusRange& range :
       {StatusRange{99, 200}, StatusRange{500, 1000}, StatusRange{501, 500}}) {
    EXPECT_EQ(problem({.retried_statuses{range}}),
              "retry retried_statuses: " + std::to_string(range.first) + " to " +
                  std::to_string(range.last) + " is not a range within 100 to 999");
  }
}

TEST(RetryOptions, WhatWasRefusedOnThisSideIsNeverRetried) {
  for (const ErrorCode code : {ErrorCode::kInvalidRequest, ErrorCode::kCancelled,
                               ErrorCode::kLimitReached, ErrorCode::kCircuitOpen}) {
    EXPECT_EQ(InvalidArgumentOf([code] { RetryRules rules({.retried_errors{code}}); }),
              "retry retried_errors: " + std::string(ToString(code)) + " is never retried");
  }
}

TEST(RetryOptions, TheEndsOfEveryRangeAreAccepted) {
  EXPECT_EQ(InvalidArgumentOf([] {
              RetryRules rules({.max_attempts = 1,
                                .max_elapsed = Duration(1),
                                .try_timeout = Duration(1),
                                .retried_statuses{{100, 999}},
                                .max_retry_after = Duration(0),
                                .retry_after_jitter = 0});
            }),
            "");
  EXPECT_EQ(InvalidArgumentOf([] {
              RetryRules rules({.max_attempts = std::int64_t{1} << 31,
                                .retried_statuses{{404, 404}},
                                .max_retry_after = Duration::max(),
                                .retry_after_jitter = 10});
            }),
            "");
}

}  // namespace
}  // namespace assay
