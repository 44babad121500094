// Hedged calls with attempts that end without waiting, and those that nothing hedges.
#include <gtest/gtest.h>

#include "tests/patterns/hedge_scene.h"

namespace assay {
namespace {

using namespace hedge_scene;

class HedgeAsyncAtOnce : public HedgeScene {};

TEST_F(HedgeAsyncAtOnce, AnAnswerAtOnceIsTheEnd) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{0, 7}, {1, 8}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 end0@0 ");
}

TEST_F(HedgeAsyncAtOnce, AHedgeThatAnswersAtOnceIsNotHeldBack) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{9, 7}, {0, 8}, {1, 9}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 begin1@3 end1@3 cancelled0@3 ");
}

TEST_F(HedgeAsyncAtOnce, WithoutADelayAnAnswerAtOnceIsTheOnlyAttempt) {
  Hedge hedge({.max_attempts = 3, .delay = Duration(0)});
  Run(hedge, {{0, 7}, {1, 8}, {1, 9}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 end0@0 ");
}

TEST_F(HedgeAsyncAtOnce, AFailureAtOnceIsFollowedByTheNext) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{0, kDown}, {0, kLate}, {2, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 end0@0 begin1@0 end1@0 begin2@0 end2@2 ");
}

TEST_F(HedgeAsyncAtOnce, AFailureAtOnceIsTheEndWhereOnlyLatenessCounts) {
  Hedge hedge({.delay = seconds(3), .at_failure = false});
  Run(hedge, {{0, kDown}, {2, 8}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(log_, "begin0@0 end0@0 ");
}

TEST_F(HedgeAsyncAtOnce, WhenAllFailAtOnceTheErrorIsThatOfTheFirst) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{0, kDown}, {0, kLate}, {0, kLate}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 2}));
}

TEST_F(HedgeAsyncAtOnce, AHedgeThatFailsAtOnceLeavesTheFirstItsTime) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{9, 7}, {0, kLate}});
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(log_, "begin0@0 begin1@3 end1@3 end0@9 ");
}

// A delay that never comes: only failures are hedged.
TEST_F(HedgeAsyncAtOnce, WhereLatenessIsNeverHedgedAFailureIs) {
  Hedge hedge({.max_attempts = 3, .delay = Duration::max()});
  Run(hedge, {{1, kDown}, {1, kLate}, {99, 8}});
  EXPECT_EQ(*got_, 8);
  EXPECT_EQ(log_, "begin0@0 end0@1 begin1@1 end1@2 begin2@2 end2@101 ");
}

TEST_F(HedgeAsyncAtOnce, WhereNothingIsHedgedAFailureIsTheEnd) {
  Hedge hedge({.delay = Duration::max(), .at_failure = false});
  Run(hedge, {{1, kDown}, {1, 8}});
  EXPECT_EQ(got_.error(), kDown);
  EXPECT_EQ(log_, "begin0@0 end0@1 ");
}

}  // namespace
}  // namespace assay
