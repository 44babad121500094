#include "assay/patterns/rate_limiter/rate_limiter.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{hours(1)};

int TakeAll(RateLimiter& limiter, TimePoint now, std::int64_t tokens = 1) {
  int taken = 0;
  while (limiter.TryTake(now, tokens)) ++taken;
  return taken;
}

TEST(RateLimiter, StartsFullAndRefillsAtItsRate) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 3});
  EXPECT_EQ(TakeAll(limiter, kStart), 3);
  EXPECT_EQ(TakeAll(limiter, kStart + milliseconds(100) - Duration(1)), 0);
  EXPECT_EQ(TakeAll(limiter, kStart + milliseconds(100)), 1);
  EXPECT_EQ(TakeAll(limiter, kStart + milliseconds(299)), 1);
  EXPECT_EQ(TakeAll(limiter, kStart + milliseconds(300)), 1);
}

TEST(RateLimiter, SavesUpNoMoreThanTheBurst) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 3});
  TakeAll(limiter, kStart);
  EXPECT_EQ(TakeAll(limiter, kStart + hours(24 * 365)), 3);
}

TEST(RateLimiter, TakesSeveralTokensAtOnceOrNone) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  EXPECT_TRUE(limiter.TryTake(kStart, 3));
  EXPECT_FALSE(limiter.TryTake(kStart, 3));
  EXPECT_TRUE(limiter.TryTake(kStart, 2));  // the refusal took nothing
}

TEST(RateLimiter, NeverGrantsFewerThanOneNorMoreThanTheBurst) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  for (const std::int64_t tokens :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{6},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_FALSE(limiter.TryTake(kStart, tokens));
    EXPECT_EQ(limiter.Reserve(kStart, tokens, Duration::max()).verdict, RateVerdict::kOutOfRange);
  }
  EXPECT_TRUE(limiter.TryTake(kStart, 5));
}

// golang/go#71360: an old reading of the clock must not mint tokens.
TEST(RateLimiter, AnOldNowGetsNothingTwice) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 10});
  EXPECT_EQ(TakeAll(limiter, kStart + seconds(10)), 10);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(limiter.TryTake(kStart));
    EXPECT_FALSE(limiter.TryTake(kStart + seconds(10)));
  }
  EXPECT_EQ(TakeAll(limiter, kStart + seconds(11)), 10);
}

// golang/go#34861, #71154, governor#203: rates at which others never admit, always admit or drift.
TEST(RateLimiter, OddRatesAreExactOverALongTime) {
  struct Rate {
    std::int64_t tokens;
    Duration per;
    Duration time;
    std::int64_t arrive;  // in `time`, whole ones
  };
  for (const Rate& rate :
       {Rate{10, seconds(13), seconds(13'000'000), 10'000'000},
        Rate{3, seconds(1), hours(24 * 365), 94'608'000}, Rate{1, hours(24), hours(24 * 365), 365},
        Rate{7, Duration(11), seconds(110'000), 70'000'000'000'000},
        Rate{1'999'999'999, seconds(1), seconds(1'000), 1'999'999'999'000}}) {
    const std::int64_t burst = 1;
    RateLimiter limiter({.tokens = rate.tokens, .per = rate.per, .burst = burst});
    ASSERT_TRUE(limiter.TryTake(kStart));
    const TimePoint end = kStart + rate.time;
    // All that arrives is promised as it comes, by changing the burst to what the test wants.
    RateLimiter large({.tokens = rate.tokens, .per = rate.per, .burst = rate.arrive + 1});
    large.Drain(kStart);
    EXPECT_EQ(large.Snapshot(end - Duration(1)).available,
              rate.arrive - 1 - (rate.tokens - 1) / rate.per.count());
    EXPECT_EQ(large.Snapshot(end + Duration(1)).available,
              rate.arrive + rate.tokens / rate.per.count());
  }
}

TEST(RateLimiter, AnHourIdleAtAnyRateLeavesTheBurst) {
  for (const RateLimiterOptions& options :
       {RateLimiterOptions{.tokens = 2'000'000'000, .per = seconds(1), .burst = 1'000'000},
        RateLimiterOptions{.tokens = 1, .per = hours(24 * 300), .burst = 1}}) {
    RateLimiter limiter(options);
    EXPECT_TRUE(limiter.TryTake(kStart, options.burst));
    EXPECT_FALSE(limiter.TryTake(kStart));
    limiter.TryTake(kStart + hours(1), options.burst);
    EXPECT_LE(limiter.Snapshot(kStart + hours(1)).available, options.burst);
    EXPECT_EQ(limiter.Snapshot(kStart + hours(24 * 600)).available, options.burst);
  }
}

TEST(RateLimiter, TimesBeyondAllReasonNeitherOverflowNorGrantTwice) {
  RateLimiter limiter({.tokens = 2, .per = Duration(1), .burst = 10});
  EXPECT_EQ(TakeAll(limiter, TimePoint::min()), 10);
  EXPECT_EQ(TakeAll(limiter, TimePoint::min()), 0);
  EXPECT_EQ(TakeAll(limiter, TimePoint()), 10);
  EXPECT_EQ(TakeAll(limiter, TimePoint::max()), 10);
  EXPECT_EQ(TakeAll(limiter, TimePoint::max()), 0);
  EXPECT_FALSE(limiter.Reserve(TimePoint::max(), 1, Duration(0)).granted());
}

TEST(RateLimiter, ReservationsComeOneAfterTheOther) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 2});
  EXPECT_EQ(limiter.Reserve(kStart, 2, Duration(0)).wait, Duration(0));
  EXPECT_EQ(limiter.Reserve(kStart, 1, seconds(1)).wait, milliseconds(100));
  EXPECT_EQ(limiter.Reserve(kStart, 2, seconds(1)).wait, milliseconds(300));
  EXPECT_EQ(limiter.Reserve(kStart + milliseconds(50), 1, seconds(1)).wait, milliseconds(350));
  EXPECT_FALSE(limiter.TryTake(kStart + milliseconds(399)));  // all promised
}

TEST(RateLimiter, TheWaitIsNeverTooShort) {
  RateLimiter limiter({.tokens = 3, .per = seconds(1), .burst = 1});
  ASSERT_TRUE(limiter.TryTake(kStart));
  const Duration wait = limiter.Reserve(kStart, 1, Duration(0)).wait;
  EXPECT_EQ(wait, Duration(333'333'334));
  EXPECT_FALSE(limiter.TryTake(kStart + wait - Duration(1)));
  EXPECT_TRUE(limiter.TryTake(kStart + wait));
}

TEST(RateLimiter, AReservationThatComesTooLateChangesNothing) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 1});
  ASSERT_TRUE(limiter.TryTake(kStart));
  const Reservation refused = limiter.Reserve(kStart, 1, milliseconds(100) - Duration(1));
  EXPECT_EQ(refused.verdict, RateVerdict::kTooLate);
  EXPECT_EQ(refused.wait, milliseconds(100));
  EXPECT_EQ(limiter.Snapshot(kStart).waiting, 0);
  EXPECT_TRUE(limiter.Reserve(kStart, 1, milliseconds(100)).granted());
}

TEST(RateLimiter, PromisesEndBeforeTheyOverflow) {
  RateLimiter limiter({.tokens = 1, .per = hours(24 * 365), .burst = 1});
  int granted = 0;
  while (limiter.Reserve(kStart, 1, Duration::max()).granted()) ++granted;
  EXPECT_GE(granted, 5);  // the one that was there, and four years
  EXPECT_LE(granted, 10);
  EXPECT_EQ(limiter.Snapshot(kStart).refused, 1u);
}

TEST(RateLimiter, CancellingTheLastReservationGivesBackAll) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 5});
  const Reservation there = limiter.Reserve(kStart, 4, Duration(0));
  limiter.Cancel(there);
  EXPECT_EQ(TakeAll(limiter, kStart), 5);
  const Reservation later = limiter.Reserve(kStart, 5, seconds(1));
  limiter.Cancel(later);
  EXPECT_EQ(limiter.Snapshot(kStart),
            (RateLimiterSnapshot{.granted = 7, .cancelled = 2, .refused = 1}));
}

TEST(RateLimiter, CancellingAnEarlierOneGivesBackNothing) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  ASSERT_TRUE(limiter.TryTake(kStart, 5));
  const Reservation first = limiter.Reserve(kStart, 5, hours(1));
  ASSERT_EQ(limiter.Reserve(kStart, 1, hours(1)).wait, seconds(6));
  limiter.Cancel(first);
  EXPECT_EQ(limiter.Snapshot(kStart),
            (RateLimiterSnapshot{.waiting = 6, .granted = 3, .cancelled = 1}));
}

TEST(RateLimiter, CancellingFromTheLatestOnGivesBackAll) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  const Reservation first = limiter.Reserve(kStart, 2, hours(1));
  const Reservation second = limiter.Reserve(kStart, 1, hours(1));
  limiter.Cancel(second);
  limiter.Cancel(first);
  EXPECT_EQ(limiter.Snapshot(kStart).available, 5);
}

TEST(RateLimiter, ARefundNeverExceedsTheBurst) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  const Reservation unused = limiter.Reserve(kStart, 5, Duration(0));
  const TimePoint later = kStart + hours(1);
  EXPECT_EQ(limiter.Snapshot(later).available, 5);
  limiter.Cancel(unused);
  EXPECT_EQ(limiter.Snapshot(later).available, 5);
  EXPECT_EQ(TakeAll(limiter, later), 5);
}

TEST(RateLimiter, CancellingWhatWasRefusedDoesNothing) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 1});
  ASSERT_TRUE(limiter.TryTake(kStart));
  limiter.Cancel(limiter.Reserve(kStart, 1, Duration(0)));
  limiter.Cancel(limiter.Reserve(kStart, 2, Duration(0)));
  limiter.Cancel({});
  EXPECT_EQ(limiter.Snapshot(kStart), (RateLimiterSnapshot{.granted = 1, .refused = 2}));
}

TEST(RateLimiter, AChangeKeepsWhatIsThere) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 10});
  ASSERT_TRUE(limiter.TryTake(kStart, 4));
  limiter.Change({.tokens = 1, .per = hours(1), .burst = 100}, kStart);
  EXPECT_EQ(limiter.burst(), 100);
  EXPECT_EQ(limiter.Snapshot(kStart).available, 6);
  EXPECT_EQ(limiter.Snapshot(kStart + hours(2)).available, 8);
  limiter.Change({.tokens = 1'000'000'000, .per = seconds(1), .burst = 7}, kStart + hours(2));
  EXPECT_EQ(limiter.Snapshot(kStart + hours(2)).available, 7);  // not above the new burst
  EXPECT_EQ(TakeAll(limiter, kStart + hours(2)), 7);
  EXPECT_EQ(TakeAll(limiter, kStart + hours(2) + Duration(3)), 3);
}

TEST(RateLimiter, AChangeKeepsWhatIsOwed) {
  RateLimiter limiter({.tokens = 10, .per = seconds(1), .burst = 10});
  ASSERT_TRUE(limiter.TryTake(kStart, 10));
  ASSERT_TRUE(limiter.Reserve(kStart, 4, hours(1)).granted());
  limiter.Change({.tokens = 1, .per = seconds(1), .burst = 2}, kStart);
  EXPECT_EQ(limiter.Snapshot(kStart).waiting, 4);
  EXPECT_EQ(limiter.Reserve(kStart, 1, hours(1)).wait, seconds(5));
}

TEST(RateLimiter, AChangeForgetsWhatItsReservationsMayGiveBack) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 2});
  const Reservation before = limiter.Reserve(kStart, 2, Duration(0));
  for (int i = 0; i < 4; ++i) {  // as often as there are slots for rules
    limiter.Change({.tokens = 1, .per = seconds(1), .burst = 2}, kStart);
  }
  limiter.Cancel(before);
  EXPECT_EQ(limiter.Snapshot(kStart).available, 0);
}

TEST(RateLimiter, ManyChangesMintNothing) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 1'000});
  ASSERT_TRUE(limiter.TryTake(kStart, 1'000));
  for (int i = 1; i < 1'000; ++i) {
    limiter.Change({.tokens = i, .per = seconds(7), .burst = 1'000}, kStart);
    ASSERT_FALSE(limiter.TryTake(kStart));
  }
}

TEST(RateLimiter, AnInvalidChangeChangesNothing) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 2});
  EXPECT_THROW(limiter.Change({.tokens = 1, .per = seconds(1), .burst = 0}, kStart),
               std::invalid_argument);
  EXPECT_EQ(limiter.burst(), 2);
}

TEST(RateLimiter, DrainThrowsAwayWhatIsThereAndNoPromises) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  EXPECT_TRUE(limiter.Full(kStart));
  limiter.Drain(kStart);
  EXPECT_FALSE(limiter.Full(kStart + seconds(5) - Duration(1)));
  EXPECT_TRUE(limiter.Full(kStart + seconds(5)));
  EXPECT_EQ(limiter.Reserve(kStart, 1, hours(1)).wait, seconds(1));
  limiter.Drain(kStart);
  EXPECT_EQ(limiter.Snapshot(kStart).waiting, 1);
}

TEST(RateLimiter, TheSnapshotCountsRequests) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  ASSERT_TRUE(limiter.TryTake(kStart, 3));
  EXPECT_EQ(limiter.Snapshot(kStart), (RateLimiterSnapshot{.available = 2, .granted = 1}));
  ASSERT_FALSE(limiter.TryTake(kStart, 3));
  ASSERT_TRUE(limiter.Reserve(kStart, 4, seconds(2)).granted());
  EXPECT_EQ(limiter.Snapshot(kStart + milliseconds(500)),
            (RateLimiterSnapshot{.waiting = 2, .granted = 2, .refused = 1}));
}

TEST(RateLimited, SaysWhatWasWrong) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 5});
  EXPECT_EQ(RateLimited(limiter.Reserve(kStart, 6, Duration(0)), 6, limiter.burst()),
            (Error{ErrorCode::kInvalidRequest,
                   "rate limiter: 6 tokens asked for, accepted is 1 to the burst of 5"}));
  ASSERT_TRUE(limiter.TryTake(kStart, 5));
  const Reservation late = limiter.Reserve(kStart, 2, Duration(0));
  EXPECT_EQ(RateLimited(late, 2, limiter.burst()),
            (Error{ErrorCode::kLimitReached, "rate: too late"}));
  EXPECT_EQ(late.wait, seconds(2));
}

}  // namespace
}  // namespace assay
