// The delays of whole calls: who draws the same ones, and how they follow each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/http/response.h"
#include "assay/patterns/retry/call.h"

namespace assay {
namespace {

using fixture::ManualClock;
using std::chrono::seconds;

// Of a call that always fails.
std::vector<Duration> DelaysOf(Retry& retry, std::optional<std::uint64_t> key) {
  ManualClock clock;
  std::vector<TimePoint> times;
  const auto fails = [&](const Try&) -> Result<int> {
    times.push_back(clock.Now());
    return Error{ErrorCode::kTimeout, ""};
  };
  static_cast<void>(Call(retry, clock, {.repeatable = true, .key = key}, fails));
  std::vector<Duration> delays;
  for (std::size_t i = 1; i < times.size(); ++i) delays.push_back(times[i] - times[i - 1]);
  return delays;
}

TEST(RetryDelays, TheSameSeedAndKeyDrawTheSameDelays) {
  const RetryOptions options{.max_attempts = 4, .seed = 7};
  Retry one(options), other(options);
  EXPECT_EQ(DelaysOf(one, 1), DelaysOf(other, 1));
  EXPECT_NE(DelaysOf(one, 1), DelaysOf(other, 2));
  Retry reseeded({.max_attempts = 4, .seed = 8});
  EXPECT_NE(DelaysOf(one, 1), DelaysOf(reseeded, 1));
}

TEST(RetryDelays, CallsWithoutAKeyAndObjectsWithoutASeedDiffer) {
  Retry retry({.max_attempts = 4}), other({.max_attempts = 4});
  EXPECT_NE(DelaysOf(retry, {}), DelaysOf(retry, {}));
  EXPECT_NE(DelaysOf(retry, 1), DelaysOf(other, 1));
}

TEST(RetryDelays, DecorrelatedJitterGrowsFromDelayToDelay) {
  Retry retry({.max_attempts = 12,
               .backoff = {.base = seconds(1),
                           .max_delay = std::chrono::hours(24 * 365),
                           .jitter = Jitter::kDecorrelated},
               .seed = 3});
  Duration previous = seconds(1);
  Duration longest{};
  for (const Duration delay : DelaysOf(retry, 5)) {
    EXPECT_GE(delay, seconds(1));
    EXPECT_LE(delay, 3 * previous);
    previous = delay;
    longest = std::max(longest, delay);
  }
  EXPECT_GT(longest, seconds(9));
}

// Else one long Retry-After would be the measure of all delays after it.
TEST(RetryDelays, ARetryAfterIsNoDelayOfTheBackOff) {
  Retry retry({.max_attempts = 4,
               .backoff = {.base = seconds(1), .jitter = Jitter::kDecorrelated},
               .retry_after_jitter = 0,
               .seed = 3});
  ManualClock clock;
  std::vector<TimePoint> times;
  const auto limited_once = [&](const Try& attempt) -> Result<Response> {
    times.push_back(clock.Now());
    Response response;
    response.status = 503;
    if (attempt.attempt == 1) response.headers.Add("Retry-After", "60");
    return response;
  };
  static_cast<void>(Call(retry, clock, {.repeatable = true, .key = 5}, limited_once));
  ASSERT_EQ(times.size(), 4u);
  EXPECT_EQ(times[1] - times[0], seconds(60));
  const auto own = DelaysOf(retry, 5);  // without a Retry-After
  EXPECT_EQ(times[2] - times[1], own[1]);
  EXPECT_EQ(times[3] - times[2], own[2]);
}

}  // namespace
}  // namespace assay
