// The windows against models that keep every call, on random histories.
#include <gtest/gtest.h>

#include <deque>
#include <limits>

#include "assay/core/hash.h"
#include "assay/patterns/circuit_breaker/ring_window.h"
#include "assay/patterns/circuit_breaker/shift_window.h"
#include "assay/patterns/circuit_breaker/time_window.h"

namespace assay {
namespace {

constexpr auto kCurrent = [] { return true; };
constexpr auto kOver = [] { return false; };
constexpr CallSample kGood{};
constexpr CallSample kBad{.failed = true};

WindowCounts Count(const std::deque<CallSample>& calls) {
  WindowCounts counts{.calls = calls.size()};
  for (const CallSample& call : calls) {
    counts.failures += call.failed ? 1 : 0;
    counts.slow += call.slow ? 1 : 0;
  }
  return counts;
}

CallSample Random(std::uint64_t seed, std::uint64_t i, bool with_slow) {
  const std::uint64_t draw = Draw(seed, "sample", i, 0);
  return {.failed = draw % 3 == 0, .slow = with_slow && draw / 3 % 4 == 0};
}

// `history` calls; now and then a new generation begins.
template <class Window>
void CompareWithModel(Window& window, std::size_t calls, bool with_slow, std::uint64_t seed,
                      std::uint64_t history) {
  std::deque<CallSample> model;
  std::uint32_t generation = 7;
  for (std::uint64_t i = 0; i < history; ++i) {
    if (Draw(seed, "generation", i, 0) % 500 == 0) {
      ++generation;
      model.clear();
      ASSERT_EQ(window.Counts(generation), WindowCounts{});
    }
    const CallSample sample = i / 200 % 2 == 0 ? Random(seed, i, with_slow) : kGood;
    const bool all_good = Count(model) == WindowCounts{.calls = calls};
    ASSERT_EQ(window.AllGood(generation), all_good) << seed << ", call " << i;
    ASSERT_FALSE(window.AllGood(generation + 1));
    model.push_back(sample);
    if (model.size() > calls) model.pop_front();
    // As the breaker does: what changes nothing is not recorded.
    if (all_good && !sample.bad()) continue;
    ASSERT_EQ(window.Record(generation, sample, kCurrent), Count(model)) << seed << ", call " << i;
    ASSERT_EQ(window.Counts(generation), Count(model));
  }
}

TEST(ShiftWindowTest, AgreesWithTheModel) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const int calls : {1, 2, 3, 22, 23, 24, 46, 47}) {
      ShiftWindow<> window(calls, false);
      CompareWithModel(window, static_cast<std::size_t>(calls), false, seed, 300);
    }
    for (const int calls : {1, 2, 3, 11, 22, 23}) {
      ShiftWindow<> window(calls, true);
      CompareWithModel(window, static_cast<std::size_t>(calls), true, seed, 300);
    }
  }
}

TEST(ShiftWindowTest, TakesOneBitACallOrTwo) {
  EXPECT_EQ(ShiftWindow<>::MostCalls(false), 47);
  EXPECT_EQ(ShiftWindow<>::MostCalls(true), 23);
}

TEST(RingWindowTest, AgreesWithTheModel) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const int calls : {2, 3, 4, 5, 24, 48, 64, 100}) {
      RingWindow<> window(calls);
      CompareWithModel(window, static_cast<std::size_t>(calls), true, seed, 1'000);
    }
  }
  RingWindow<> largest(RingWindow<>::kMostCalls);
  for (int i = 0; i < 10'000; ++i) {
    largest.Record(1, {.failed = true, .slow = true}, kCurrent);
  }
  EXPECT_EQ(largest.Counts(1), (WindowCounts{.calls = 4095, .failures = 4095, .slow = 4095}));
}

TEST(RingWindowTest, GoesOnWhenItsSequenceWraps) {
  for (const int calls : {2, 24, 100, 128}) {
    RingWindow<StdThreads, 8> window(calls);
    CompareWithModel(window, static_cast<std::size_t>(calls), true, 1, 5'000);
  }
}

template <class Window>
void NothingCrossesGenerations(Window& window) {
  window.Record(1, kBad, kCurrent);
  EXPECT_EQ(window.Counts(2), WindowCounts{});
  EXPECT_EQ(window.Record(2, kGood, kCurrent), (WindowCounts{.calls = 1}));
  EXPECT_EQ(window.Record(1, kBad, kOver), std::nullopt) << "the old one is over";
  EXPECT_EQ(window.Counts(2), (WindowCounts{.calls = 1}));
  EXPECT_EQ(window.Counts(1), WindowCounts{});
  // Nobody has recorded in generation 3 yet; a thread of it finds what is older.
  EXPECT_EQ(window.Record(3, kBad, kCurrent), (WindowCounts{.calls = 1, .failures = 1}));
}

TEST(ShiftWindowTest, NothingCrossesGenerations) {
  ShiftWindow<> window(5, false);
  NothingCrossesGenerations(window);
}

TEST(RingWindowTest, NothingCrossesGenerations) {
  RingWindow<> window(5);
  NothingCrossesGenerations(window);
}

// A tag has 12 bits of a generation, which has 25.
TEST(RingWindowTest, CountsInGenerationsOfMoreBitsThanItsTag) {
  RingWindow<> window(5);
  for (const std::uint32_t generation : {5'000u, (1u << 25) - 1}) {
    window.Record(generation, kBad, kCurrent);
    EXPECT_EQ(window.Record(generation, kGood, kCurrent),
              (WindowCounts{.calls = 2, .failures = 1}));
    EXPECT_EQ(window.Counts(generation), (WindowCounts{.calls = 2, .failures = 1}));
  }
}

constexpr Duration kBucket = std::chrono::seconds(1);
constexpr TimePoint kStart{std::chrono::hours(1)};

TEST(TimeWindowTest, AgreesWithTheModel) {
  struct Call {
    std::int64_t epoch;
    CallSample sample;
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto buckets = static_cast<int>(1 + seed % 13);
    TimeWindow<> window(kBucket * buckets, buckets);
    std::deque<Call> model;
    TimePoint now = kStart;
    std::uint32_t generation = 0;
    for (std::uint64_t i = 0; i < 600; ++i) {
      const std::uint64_t step = Draw(seed, "step", i, 0) % 100;
      now += step < 98 ? kBucket * static_cast<int>(step) / 60 : kBucket * 40;
      if (Draw(seed, "generation", i, 0) % 200 == 0) {
        ++generation;
        model.clear();
      }
      const std::int64_t epoch = now.time_since_epoch() / kBucket;
      model.push_back({epoch, Random(seed, i, true)});
      while (model.front().epoch <= epoch - buckets) model.pop_front();
      std::deque<CallSample> recent;
      for (const Call& call : model) recent.push_back(call.sample);
      const CallSample sample = model.back().sample;
      const std::size_t stripe = Draw(seed, "stripe", i, 0) % kStripes;
      const bool added = !sample.bad() && window.AddGood(generation, now, 2, stripe);
      if (!added) {
        ASSERT_TRUE(window.Record(generation, sample, now, kCurrent, stripe).has_value());
      }
      ASSERT_EQ(window.Counts(generation, now), Count(recent)) << seed << ", call " << i;
    }
  }
}

class TimeWindowEdgeTest : public testing::Test {
 protected:
  std::optional<std::uint64_t> Record(int second, CallSample sample = kBad) {
    return window_.Record(0, sample, At(second), kCurrent);
  }
  std::uint64_t FailuresAt(int second) { return window_.Counts(0, At(second)).failures; }
  static TimePoint At(int second) { return kStart + kBucket * second; }

  TimeWindow<> window_{kBucket * 3, 3};
};

TEST_F(TimeWindowEdgeTest, SaysHowManyOfTheKindTheBucketHas) {
  EXPECT_EQ(Record(0), 1u);
  EXPECT_EQ(Record(0), 2u);
  EXPECT_EQ(Record(0, kGood), 1u) << "another kind";
  EXPECT_EQ(Record(1), 1u) << "another bucket";
}

TEST_F(TimeWindowEdgeTest, GoodCallsAreCountedStripeByStripe) {
  EXPECT_EQ(window_.Record(0, kGood, At(0), kCurrent, 0), 1u);
  EXPECT_EQ(window_.Record(0, kGood, At(0), kCurrent, 3), 1u);
  EXPECT_EQ(window_.Record(0, kBad, At(0), kCurrent, 0), 1u);
  EXPECT_EQ(window_.Record(0, kBad, At(0), kCurrent, 3), 2u) << "bad ones are not";
  EXPECT_EQ(window_.Counts(0, At(0)), (WindowCounts{.calls = 4, .failures = 2}));
}

TEST_F(TimeWindowEdgeTest, AGoodCallIsAddedOnlyToEnoughOfThem) {
  EXPECT_FALSE(window_.AddGood(0, At(0), 1, 0)) << "the bucket has not begun";
  window_.Record(0, kGood, At(0), kCurrent, 0);
  EXPECT_FALSE(window_.AddGood(0, At(0), 2, 0));
  EXPECT_TRUE(window_.AddGood(0, At(0), 1, 0));
  EXPECT_TRUE(window_.AddGood(0, At(0), 2, 0));
  EXPECT_FALSE(window_.AddGood(0, At(0), 1, 1)) << "another stripe";
  EXPECT_FALSE(window_.AddGood(0, At(1), 1, 0)) << "another bucket";
  EXPECT_FALSE(window_.AddGood(0, At(3), 1, 0)) << "the same one, a round later";
  EXPECT_FALSE(window_.AddGood(1, At(0), 1, 0)) << "another generation";
  EXPECT_EQ(window_.Counts(0, At(0)).calls, 3u);
}

TEST_F(TimeWindowEdgeTest, ABucketLeavesWithTheDurationAfterItsBeginning) {
  Record(0);
  EXPECT_EQ(FailuresAt(2), 1u);
  EXPECT_EQ(FailuresAt(3), 0u);
  EXPECT_EQ(window_.Counts(0, At(3) - Duration(1)).failures, 1u);
}

TEST_F(TimeWindowEdgeTest, ASlowThreadSeesWhatAFasterOneHasBegun) {
  Record(2);
  EXPECT_EQ(FailuresAt(0), 1u);
  EXPECT_EQ(FailuresAt(-1), 0u) << "a whole window ahead";
}

TEST_F(TimeWindowEdgeTest, ASampleOlderThanTheWindowChangesNothing) {
  Record(4);
  EXPECT_EQ(Record(0), std::nullopt) << "its bucket belongs to a later epoch";
  EXPECT_EQ(Record(-4 * 100), std::nullopt);
  EXPECT_EQ(FailuresAt(4), 1u);
}

TEST_F(TimeWindowEdgeTest, WhatIsLeftFromLongAgoIsNotTakenForTheFuture) {
  Record(0);
  for (const int round : {1 << 10, (1 << 24) - 512 - 4}) {
    EXPECT_EQ(Record(round), 1u) << round;
    EXPECT_EQ(FailuresAt(round), 1u) << round;
  }
}

// The words of a window that has never been used carry epoch 0.
TEST(TimeWindowTest, AFreshWindowTakesAnyEpoch) {
  TimeWindow<> window(kBucket * 4, 4);
  const TimePoint just_before_the_wrap{kBucket * ((1 << 24) - 4)};
  EXPECT_EQ(window.Record(0, kBad, just_before_the_wrap, kCurrent), 1u);
  EXPECT_EQ(window.Counts(0, just_before_the_wrap).failures, 1u);
}

TEST(TimeWindowTest, NothingCrossesGenerations) {
  TimeWindow<> window(kBucket * 4, 4);
  window.Record(1, kBad, kStart, kCurrent);
  EXPECT_EQ(window.Counts(2, kStart), WindowCounts{});
  EXPECT_EQ(window.Record(2, kBad, kStart, kCurrent), 1u);
  EXPECT_EQ(window.Record(1, kBad, kStart, kOver), std::nullopt);
  EXPECT_EQ(window.Counts(2, kStart), (WindowCounts{.calls = 1, .failures = 1}));
  // A later epoch of an older generation does not keep a sample out.
  window.Record(2, kBad, kStart + 4 * kBucket, kCurrent);
  EXPECT_EQ(window.Record(3, kBad, kStart, kCurrent), 1u);
}

TEST(WindowCountsTest, SharesReachTheirThresholdsExactly) {
  const WindowCounts counts{.calls = 100, .failures = 7, .slow = 29};
  EXPECT_EQ(counts.failure_rate(), 0.07);
  EXPECT_EQ(counts.slow_rate(), 0.29);
  EXPECT_EQ(WindowCounts{}.failure_rate(), 0);
}

}  // namespace
}  // namespace assay
