#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"
#include "assay/patterns/rate_limiter/rate_limiter.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::string ProblemWith(const RateLimiterOptions& options) {
  return InvalidArgumentOf([&] { RateLimiter limiter(options); });
}

TEST(RateLimiterOptions, EveryOptionOutOfRangeIsNamedWithItsRange) {
  const std::string tokens = " is not within 1 to 2 for each nanosecond of `per`";
  const std::string burst = " is not within 1 to what arrives in a year";
  EXPECT_EQ(ProblemWith({.tokens = 0}), "rate limiter tokens: 0" + tokens);
  EXPECT_EQ(ProblemWith({.tokens = -1}), "rate limiter tokens: -1" + tokens);
  EXPECT_EQ(ProblemWith({.tokens = 3, .per = Duration(1)}), "rate limiter tokens: 3" + tokens);
  EXPECT_EQ(ProblemWith({.per = Duration(0)}), "rate limiter per: 0 ns is not above 0");
  EXPECT_EQ(ProblemWith({.per = Duration(-7)}), "rate limiter per: -7 ns is not above 0");
  EXPECT_EQ(ProblemWith({.burst = 0}), "rate limiter burst: 0" + burst);
  EXPECT_EQ(ProblemWith({.burst = -1}), "rate limiter burst: -1" + burst);
  EXPECT_EQ(ProblemWith({.burst = kMost}), "rate limiter burst: 9223372036854775807" + burst);
  EXPECT_EQ(ProblemWith({.tokens = 1, .per = hours(24 * 365), .burst = 3}),
            "rate limiter burst: 3" + burst);
  EXPECT_EQ(ProblemWith({.tokens = 1, .per = Duration::max(), .burst = 1}),
            "rate limiter burst: 1" + burst);
}

TEST(RateLimiterOptions, TheEndsOfEveryRangeAreAccepted) {
  EXPECT_EQ(ProblemWith({}), "");
  EXPECT_EQ(ProblemWith({.tokens = 1, .per = Duration(1), .burst = 1}), "");
  EXPECT_EQ(ProblemWith({.tokens = 2, .per = Duration(1), .burst = 1'000'000'000}), "");
  EXPECT_EQ(ProblemWith({.tokens = kMost, .per = Duration::max(), .burst = 1}), "");
  EXPECT_EQ(ProblemWith({.tokens = 1, .per = hours(24 * 365), .burst = 1}), "");
}

TEST(RateLimiterOptions, TheKeyedOneChecksBoth) {
  const auto problem = [](const KeyedRateLimiterOptions& options) {
    return InvalidArgumentOf([&] { KeyedRateLimiter limiters(options); });
  };
  EXPECT_EQ(problem({.limit = {.per = Duration(0)}}), "rate limiter per: 0 ns is not above 0");
  EXPECT_EQ(problem({.most_keys = 0}), "rate limiter most_keys: 0 is not within 1 to 2147483648");
  EXPECT_EQ(problem({.most_keys = (std::int64_t{1} << 31) + 1}),
            "rate limiter most_keys: 2147483649 is not within 1 to 2147483648");
  EXPECT_EQ(problem({.most_keys = std::int64_t{1} << 31}), "");
}

}  // namespace
}  // namespace assay
