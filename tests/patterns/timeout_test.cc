#include "assay/patterns/timeout/timeout.h"

#include <gtest/gtest.h>

#include "assay/core/result.h"
#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/timeout/call.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr Deadline kDeadline = Deadline::At(kNow + milliseconds(5));

TEST(Timeout, LimitsAreAboveZero) {
  EXPECT_EQ(InvalidArgumentOf([] { Timeout({.limit = Duration(0)}); }),
            "timeout limit: 0 ns is not above 0");
  EXPECT_EQ(InvalidArgumentOf([] { Timeout({.limit = Duration(-7), .name = "per-try timeout"}); }),
            "per-try timeout limit: -7 ns is not above 0");
  EXPECT_EQ(InvalidArgumentOf([] { Timeout({.limit = Duration(1)}); }), "");
}

TEST(Timeout, TheDeadlineIsTheEarlierOfTheTwo) {
  const Timeout timeout({.limit = milliseconds(5)});
  EXPECT_EQ(timeout.Begin(kNow), kDeadline);
  EXPECT_EQ(timeout.Begin(kNow, Deadline::At(kNow + milliseconds(6))), kDeadline);
  EXPECT_EQ(timeout.Begin(kNow, Deadline::At(kNow + milliseconds(4))),
            Deadline::At(kNow + milliseconds(4)));
  EXPECT_EQ(Timeout({.limit = Duration::max()}).Begin(kNow), Deadline::Never());
}

TEST(Timeout, ExplainsWhosePatienceHasEnded) {
  Timeout timeout({.limit = milliseconds(5), .name = "per-try timeout"});
  const auto explain = [&](Error error, Deadline outer, TimePoint now = kDeadline.at()) {
    return timeout.Explain(std::move(error), kDeadline, outer, now);
  };
  const Error late{ErrorCode::kTimeout, "read: too late"};
  const Error cancelled{ErrorCode::kCancelled, "cancelled"};
  EXPECT_EQ(explain(late, Deadline::Never()),
            (Error{ErrorCode::kTimeout, "per-try timeout: not done within 5 ms; read: too late"}));
  EXPECT_EQ(explain({ErrorCode::kTimeout, ""}, Deadline::Never()),
            (Error{ErrorCode::kTimeout, "per-try timeout: not done within 5 ms"}));
  EXPECT_EQ(explain(cancelled, Deadline::Never()),
            (Error{ErrorCode::kTimeout, "per-try timeout: not done within 5 ms"}));
  EXPECT_EQ(explain(cancelled, kDeadline),
            (Error{ErrorCode::kTimeout, "per-try timeout: not done before the caller's deadline"}));
  EXPECT_EQ(timeout.Snapshot().expired, 4u);
}

TEST(Timeout, WhatIsNotItsDoingIsPassedOn) {
  Timeout timeout({.limit = milliseconds(5)});
  const Error refused{ErrorCode::kConnectRefused, "refused"};
  const Error cancelled{ErrorCode::kCancelled, "cancelled"};
  const TimePoint before = kDeadline.at() - Duration(1);
  EXPECT_EQ(timeout.Explain(refused, kDeadline, Deadline::Never(), kDeadline.at()), refused);
  EXPECT_EQ(timeout.Explain(cancelled, kDeadline, Deadline::Never(), before), cancelled);
  EXPECT_EQ(timeout.Snapshot(), TimeoutSnapshot{});
}

struct TimeoutCall : testing::Test {
  Result<int> CallFor(Duration needed, Result<int> result) {
    return Call(timeout, clock, Deadline::Never(), [&](Deadline deadline) {
      EXPECT_EQ(deadline, Deadline::After(clock.Now(), milliseconds(5)));
      clock.Advance(needed);
      return result;
    });
  }
  fixture::ManualClock clock{};
  Timeout timeout{{.limit = milliseconds(5)}};
};

TEST_F(TimeoutCall, AResultIsNeverDiscarded) {
  EXPECT_EQ(*CallFor(milliseconds(1), 7), 7);
  EXPECT_EQ(*CallFor(milliseconds(9), 7), 7);
  EXPECT_EQ(timeout.Snapshot().expired, 0u);
}

TEST_F(TimeoutCall, AnErrorAfterTheDeadlineIsExplained) {
  const Error late{ErrorCode::kTimeout, "read"};
  EXPECT_EQ(CallFor(milliseconds(4), late).error(), late);
  EXPECT_EQ(CallFor(milliseconds(5), late).error().message, "timeout: not done within 5 ms; read");
  EXPECT_EQ(timeout.Snapshot().expired, 1u);
}

}  // namespace
}  // namespace assay
