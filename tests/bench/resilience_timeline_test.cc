#include <gtest/gtest.h>

#include "bench/resilience/timeline.h"

namespace assay::bench {
namespace {

constexpr CircuitState kClosed = CircuitState::kClosed, kOpen = CircuitState::kOpen,
                       kHalfOpen = CircuitState::kHalfOpen;
constexpr Duration kOpenDuration(100);

TimePoint At(int ns) { return TimePoint(Duration(ns)); }

Moment To(CircuitState state, int when, std::uint64_t requests, std::uint64_t rejected) {
  return {.change = {.to = state, .when = At(when)}, .requests = requests, .rejected = rejected};
}

// Began at 10 with 3 requests; its first probe failed.
std::vector<Moment> Life() {
  return {To(kOpen, 15, 8, 0), To(kHalfOpen, 115, 8, 40), To(kOpen, 120, 9, 40),
          To(kHalfOpen, 221, 9, 70), To(kClosed, 230, 11, 70)};
}
std::vector<ExpectedStay> Expected() {
  return {{kClosed, 5}, {kOpen, 0}, {kHalfOpen, 1}, {kOpen, 0}, {kHalfOpen, 2}};
}
std::string WhatIsWrong(const std::vector<Moment>& life) {
  return WhatIsWrongWithTimeline(life, StaysOf(At(10), 3, life), Expected(), kOpenDuration);
}

TEST(Timeline, IsMadeOfStays) {
  const std::vector<Stay> stays = StaysOf(At(10), 3, Life());
  ASSERT_EQ(stays.size(), 5u);
  EXPECT_EQ(stays[0].state, kClosed);
  EXPECT_EQ(stays[0].length, Duration(5));
  EXPECT_EQ(stays[0].requests, 5u);
  EXPECT_EQ(stays[0].rejected, 0u);
  EXPECT_EQ(stays[3].state, kOpen);
  EXPECT_EQ(stays[3].length, Duration(101));
  EXPECT_EQ(stays[3].requests, 0u);
  EXPECT_EQ(stays[3].rejected, 30u);
  EXPECT_TRUE(StaysOf(At(10), 3, {}).empty());
}

TEST(Timeline, IsSummedByState) {
  const std::vector<Stay> stays = StaysOf(At(10), 3, Life());
  const Stay open = Sum(stays, kOpen);
  EXPECT_EQ(open.state, kOpen);
  EXPECT_EQ(open.length, Duration(201));
  EXPECT_EQ(open.requests, 0u);
  EXPECT_EQ(open.rejected, 70u);
  EXPECT_EQ(Sum(stays, kHalfOpen).requests, 3u);
  EXPECT_EQ(Sum({}, kOpen).rejected, 0u);
}

TEST(Timeline, IsRightAsExpected) { EXPECT_EQ(WhatIsWrong(Life()), ""); }

TEST(Timeline, NamesAnotherPath) {
  std::vector<Moment> life = Life();
  life.pop_back();
  EXPECT_EQ(WhatIsWrong(life),
            "closed -> open -> half_open -> open -> half_open instead of "
            "closed -> open -> half_open -> open -> half_open -> closed");
  life.push_back(To(kOpen, 230, 11, 70));
  EXPECT_NE(WhatIsWrong(life), "");
  EXPECT_NE(WhatIsWrong({}), "");
}

TEST(Timeline, NamesARequestThatAnOpenCircuitLetThrough) {
  std::vector<Moment> life = Life();
  for (std::size_t i = 1; i < life.size(); ++i) ++life[i].requests;
  EXPECT_EQ(WhatIsWrong(life), "open: 1 requests reached the server, not 0");
}

TEST(Timeline, NamesAProbeTooFew) {
  std::vector<Moment> life = Life();
  --life.back().requests;
  EXPECT_EQ(WhatIsWrong(life), "half_open: 1 requests reached the server, not 2");
}

TEST(Timeline, NamesAnOpenTimeThatIsTooShort) {
  std::vector<Moment> life = Life();
  life[1].change.when = At(114);
  EXPECT_EQ(WhatIsWrong(life), "open: for too short a time");
}

TEST(Timeline, NamesACallThatWasRejectedInAnotherState) {
  std::vector<Moment> life = Life();
  ++life.back().rejected;
  EXPECT_EQ(WhatIsWrong(life), "half_open: a call was rejected");
  life = Life();
  for (Moment& moment : life) ++moment.rejected;
  EXPECT_EQ(WhatIsWrong(life), "closed: a call was rejected");
}

}  // namespace
}  // namespace assay::bench
