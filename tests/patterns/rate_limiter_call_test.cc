#include <gtest/gtest.h>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/rate_limiter/call.h"

namespace assay {
namespace {

using fixture::ManualClock;
using std::chrono::milliseconds;
using std::chrono::seconds;

class RateLimiterCall : public testing::Test {
 protected:
  Result<TimePoint> CallNow(const RateRequest& request = {}) {
    return Call(limiter_, clock_, request, [&]() -> Result<TimePoint> { return clock_.Now(); });
  }

  ManualClock clock_{};
  const TimePoint start_ = clock_.Now();
  RateLimiter limiter_{{.tokens = 10, .per = seconds(1), .burst = 2}};
};

TEST_F(RateLimiterCall, WaitsForItsTokens) {
  EXPECT_EQ(CallNow().value(), start_);
  EXPECT_EQ(CallNow().value(), start_);
  EXPECT_EQ(CallNow().value(), start_ + milliseconds(100));
  EXPECT_EQ(CallNow({.tokens = 2}).value(), start_ + milliseconds(300));
  EXPECT_EQ(limiter_.Snapshot(clock_.Now()), (RateLimiterSnapshot{.granted = 4}));
}

TEST_F(RateLimiterCall, WhatComesTooLateIsRefusedAtOnce) {
  ASSERT_TRUE(limiter_.TryTake(start_, 2));
  const Result<TimePoint> refused =
      CallNow({.deadline = Deadline::After(start_, milliseconds(99))});
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(clock_.Now(), start_);
  EXPECT_EQ(limiter_.Snapshot(start_), (RateLimiterSnapshot{.granted = 1, .refused = 1}));
  EXPECT_TRUE(CallNow({.deadline = Deadline::After(start_, milliseconds(100))}).ok());
}

TEST_F(RateLimiterCall, TokensThatAreThereAreGrantedWhateverTheDeadline) {
  EXPECT_TRUE(CallNow({.deadline = Deadline::At(start_ - seconds(1))}).ok());
}

TEST_F(RateLimiterCall, MoreThanTheBurstIsAnInvalidRequest) {
  for (const std::int64_t tokens : {-1, 0, 3}) {
    EXPECT_EQ(CallNow({.tokens = tokens}).error().code, ErrorCode::kInvalidRequest);
  }
  EXPECT_EQ(limiter_.Snapshot(start_).available, 2);
}

TEST_F(RateLimiterCall, TakesTheCallersReadingOfTheClock) {
  ASSERT_TRUE(limiter_.TryTake(start_, 2));
  const TimePoint began = CallNow({.now = start_ + milliseconds(60)}).value();
  EXPECT_GE(began, start_ + milliseconds(100));
  EXPECT_LE(began, start_ + milliseconds(100) + Duration(1));  // the wait is rounded up
}

TEST_F(RateLimiterCall, WhatFnThrowsHasUsedTheTokens) {
  const auto throws = []() -> Result<int> { throw 1; };
  EXPECT_THROW(static_cast<void>(Call(limiter_, clock_, {.tokens = 2}, throws)), int);
  EXPECT_EQ(limiter_.Snapshot(start_), (RateLimiterSnapshot{.granted = 1}));
}

}  // namespace
}  // namespace assay
