#include "assay/patterns/adaptive_limit/adaptive_limit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/adaptive_limit/call.h"
#include "tests/patterns/invalid_argument.h"
#include "tests/patterns/task.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr TimePoint kNow{std::chrono::hours(1)};

std::string Complaint(const AdaptiveLimitOptions& options) {
  return InvalidArgumentOf([&] { LimitRules rules(options); });
}

TEST(AdaptiveLimit, OptionsAreChecked) {
  const std::string prefix = "adaptive limit ";
  EXPECT_EQ(Complaint({.max_limit = 0}), prefix + "max_limit: 0 is not within 1 to 1000000");
  EXPECT_EQ(Complaint({.min_limit = 0}), prefix + "min_limit: 0 is not within 1 to 200");
  EXPECT_EQ(Complaint({.min_limit = 201}), prefix + "min_limit: 201 is not within 1 to 200");
  EXPECT_EQ(Complaint({.initial_limit = 4, .min_limit = 5}),
            prefix + "initial_limit: 4 is not within 5 to 200");
  EXPECT_EQ(Complaint({.initial_limit = 201}),
            prefix + "initial_limit: 201 is not within 1 to 200");
  EXPECT_EQ(Complaint({.window = Duration(999)}),
            prefix + "window: 999 ns is not within 1 us to 3600 s");
  EXPECT_EQ(Complaint({.min_samples = 0}), prefix + "min_samples: 0 is not within 1 to 1000000");
  EXPECT_EQ(Complaint({.backoff_ratio = 1.0}),
            prefix + "backoff_ratio: 1 is not within 0.5 to 0.99");
  EXPECT_EQ(Complaint({.tolerance = std::nan("")}),
            prefix + "tolerance: nan is not within 1 to 10");
  EXPECT_EQ(Complaint({.smoothing = 0.0005}),
            prefix + "smoothing: 0.0005 is not within 0.001 to 1");
  EXPECT_EQ(Complaint({.smoothing = 0.001}), "");
  EXPECT_EQ(Complaint({.algorithm = static_cast<LimitAlgorithm>(2)}),
            prefix + "algorithm: 2 is neither kAimd nor kGradient");
  EXPECT_EQ(Complaint({.queue = 0}), prefix + "queue: 0 is not within 1 to 1000");
  EXPECT_EQ(Complaint({.long_windows = 1}), prefix + "long_windows: 1 is not within 2 to 1000000");
  EXPECT_EQ(Complaint({.initial_limit = 1, .min_limit = 1, .max_limit = 1}), "");
}

TEST(LimitRules, AWindowEndsWhenItIsLongAndFullEnough) {
  const LimitRules rules({.window = milliseconds(100), .min_samples = 10});
  EXPECT_TRUE(rules.Ends(10, milliseconds(100)));
  EXPECT_FALSE(rules.Ends(9, milliseconds(100)));
  EXPECT_FALSE(rules.Ends(10, milliseconds(100) - Duration(1)));
}

LimitWindow Window(Duration latency, int most_in_flight, std::int64_t dropped = 0) {
  return {
      .samples = 10, .latency = 10 * latency, .dropped = dropped, .most_in_flight = most_in_flight};
}

TEST(LimitRules, AimdGrowsByOneAndShrinksByATenth) {
  const LimitRules rules({.initial_limit = 20});
  const LimitState up = rules.Next(rules.First(), Window(milliseconds(5), 20));
  EXPECT_DOUBLE_EQ(up.limit, 21);
  EXPECT_DOUBLE_EQ(rules.Next(up, Window(milliseconds(5), 20, 1)).limit, 18.9);
  EXPECT_DOUBLE_EQ(rules.Next({.limit = 200}, Window(milliseconds(5), 200)).limit, 200);
  EXPECT_DOUBLE_EQ(rules.Next({.limit = 1}, Window(milliseconds(5), 1, 1)).limit, 1);
}

TEST(LimitRules, ALimitThatIsNotUsedDoesNotGrow) {
  for (const LimitAlgorithm algorithm : {LimitAlgorithm::kAimd, LimitAlgorithm::kGradient}) {
    const LimitRules rules({.algorithm = algorithm, .initial_limit = 20});
    EXPECT_DOUBLE_EQ(rules.Next(rules.First(), Window(milliseconds(5), 9)).limit, 20);
    EXPECT_GT(rules.Next(rules.First(), Window(milliseconds(5), 10)).limit, 20);
    EXPECT_LT(rules.Next(rules.First(), Window(milliseconds(5), 9, 1)).limit, 20);
  }
}

TEST(LimitRules, TheGradientFollowsTheLatency) {
  const LimitRules rules({.algorithm = LimitAlgorithm::kGradient, .initial_limit = 20});
  LimitState state = rules.First();
  for (int i = 0; i < 20; ++i) state = rules.Next(state, Window(milliseconds(5), 200));
  const double calm = state.limit;
  EXPECT_NEAR(calm, 20 + 20 * 0.2 * 4, 1e-9);  // smoothing x queue for each window
  EXPECT_NEAR(state.long_latency_ns, 5e6, 1);
  // Within the tolerance it goes on growing, above it shrinks at once.
  EXPECT_GT(rules.Next(state, Window(milliseconds(7), 200)).limit, calm);
  state = rules.Next(state, Window(milliseconds(15), 200));
  const double gradient = 1.5 * state.long_latency_ns / 15e6;
  EXPECT_NEAR(state.limit, calm + 0.2 * (calm * gradient + 4 - calm), 1e-9);
  // By no more than half in one step, however slow it is.
  const LimitState slow =
      rules.Next({.limit = 100, .long_latency_ns = 1e6}, Window(std::chrono::hours(1), 100));
  EXPECT_NEAR(slow.limit, 100 + 0.2 * (50 + 4 - 100), 1e-9);
}

TEST(LimitRules, TheLongTermLatencyForgetsAnOverloadSooner) {
  const LimitRules rules({.algorithm = LimitAlgorithm::kGradient, .long_windows = 600});
  LimitState state{.limit = 20, .long_latency_ns = 100e6};
  for (int i = 0; i < 60; ++i) state = rules.Next(state, Window(milliseconds(5), 20));
  EXPECT_LT(state.long_latency_ns, 12e6);
}

TEST(LimitRules, OnlyDropsTeachTheLatencyNothing) {
  const LimitRules rules({.algorithm = LimitAlgorithm::kGradient});
  const LimitState state =
      rules.Next(rules.First(), {.samples = 0, .dropped = 10, .most_in_flight = 20});
  EXPECT_EQ(state, (LimitState{.limit = 18, .long_latency_ns = 0}));
}

TEST(LimitRules, TheLongTermLatencyIsAMovingAverage) {
  const LimitRules rules({.algorithm = LimitAlgorithm::kGradient, .long_windows = 9});
  const auto after = [&](double before_ns, Duration latency) {
    const LimitState before{.limit = 20, .long_latency_ns = before_ns};
    return rules.Next(before, Window(latency, 20)).long_latency_ns;
  };
  EXPECT_DOUBLE_EQ(after(10e6, milliseconds(20)), 12e6);  // a fifth: 2 of 9 + 1
  EXPECT_DOUBLE_EQ(after(9e6, milliseconds(4)), 8e6);     // twice the latency is not too high yet
  EXPECT_DOUBLE_EQ(after(14e6, milliseconds(4)), 12e6 * 0.95);
}

TEST(LimitRules, NeitherNoLatencyNorNoSampleIsAnOverload) {
  const LimitRules rules({.algorithm = LimitAlgorithm::kGradient});
  EXPECT_DOUBLE_EQ(rules.Next(rules.First(), Window(Duration(0), 20)).limit, 20 + 0.2 * 4);
  const LimitState state{.limit = 20, .long_latency_ns = 5e6};
  EXPECT_EQ(rules.Next(state, {.samples = 0, .most_in_flight = 20}), state);
}

struct AdaptiveLimitTest : testing::Test {
  void CallOnce(Outcome outcome, Duration latency = milliseconds(5)) {
    ASSERT_TRUE(limit.TryBegin());
    now += latency;
    limit.End(outcome, latency, now);
  }
  AdaptiveLimit limit{{.initial_limit = 2, .window = milliseconds(100), .min_samples = 10}};
  TimePoint now = kNow;
};

TEST_F(AdaptiveLimitTest, NoMoreCallsBeginThanTheLimit) {
  EXPECT_TRUE(limit.TryBegin());
  EXPECT_TRUE(limit.TryBegin());
  EXPECT_FALSE(limit.TryBegin());
  EXPECT_EQ(limit.Snapshot(), (AdaptiveLimitSnapshot{.limit = 2, .in_flight = 2, .rejected = 1}));
  limit.End(Outcome::kIgnored, Duration(0), now);
  EXPECT_TRUE(limit.TryBegin());
}

TEST_F(AdaptiveLimitTest, MovesOnceInAWindow) {
  for (int i = 0; i < 9; ++i) CallOnce(Outcome::kSuccess);
  EXPECT_EQ(limit.limit(), 2);
  CallOnce(Outcome::kSuccess);  // of the first window, whose beginning nobody knows
  EXPECT_EQ(limit.limit(), 3);
  EXPECT_EQ(limit.Snapshot().windows, 1u);
  for (int i = 0; i < 19; ++i) CallOnce(Outcome::kSuccess);
  EXPECT_EQ(limit.limit(), 3);  // 95 ms
  ASSERT_TRUE(limit.TryBegin());
  CallOnce(Outcome::kSuccess);
  EXPECT_EQ(limit.limit(), 4);
}

TEST_F(AdaptiveLimitTest, OneDropInAWindowIsEnough) {
  for (int i = 0; i < 9; ++i) CallOnce(Outcome::kSuccess);
  CallOnce(Outcome::kFailure);
  EXPECT_EQ(limit.limit(), 1);
}

TEST_F(AdaptiveLimitTest, WhatIsIgnoredIsNoSample) {
  for (int i = 0; i < 30; ++i) CallOnce(Outcome::kIgnored);
  EXPECT_EQ(limit.Snapshot(), (AdaptiveLimitSnapshot{.limit = 2}));
}

// A window of ten calls, then another one: the limit of 20 falls where the second one is slow.
struct GradientOfCalls : testing::Test {
  void TenCalls(Duration latency, int drops = 0) {
    for (int i = 0; i < 10; ++i) {
      const Result<int> result = Call(limit, clock, [&]() -> Result<int> {
        clock.Advance(latency);
        if (i < drops) return Error{ErrorCode::kTimeout, "late"};
        return 7;
      });
      EXPECT_EQ(result.ok(), i >= drops);
    }
  }
  fixture::ManualClock clock;
  AdaptiveLimit limit{{.algorithm = LimitAlgorithm::kGradient,
                       .initial_limit = 20,
                       .window = std::chrono::microseconds(1),
                       .min_samples = 10}};
};

TEST_F(GradientOfCalls, SlowerCallsLowerTheLimit) {
  TenCalls(milliseconds(5));
  EXPECT_EQ(limit.limit(), 20);  // which is not used
  TenCalls(milliseconds(50));
  EXPECT_EQ(limit.limit(), 18);
}

TEST_F(GradientOfCalls, DropsAreNoSamplesOfTheLatency) {
  TenCalls(milliseconds(5), 9);
  EXPECT_EQ(limit.limit(), 18);
  TenCalls(milliseconds(5));
  EXPECT_EQ(limit.limit(), 18);
}

TEST(AdaptiveLimitCall, TellsHowLongItTook) {
  fixture::ManualClock clock;
  AdaptiveLimit limit({.initial_limit = 1, .min_samples = 1});
  const auto call = [&](Result<int> result) {
    return Call(limit, clock, [&] {
      EXPECT_EQ(limit.Snapshot().in_flight, 1);
      clock.Advance(milliseconds(5));
      return result;
    });
  };
  EXPECT_EQ(*call(7), 7);
  EXPECT_EQ(limit.limit(), 2);
  clock.Advance(milliseconds(100));
  EXPECT_EQ(call(Error{ErrorCode::kTimeout, "late"}).error().message, "late");
  EXPECT_EQ(limit.limit(), 1);
}

TEST(AdaptiveLimitCall, RefusesWithoutCalling) {
  fixture::ManualClock clock;
  AdaptiveLimit limit({.initial_limit = 1});
  ASSERT_TRUE(limit.TryBegin());
  const auto refused = Call(limit, clock, []() -> Result<int> { return 7; });
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kLimitReached, "adaptive: full"}));
  EXPECT_EQ(limit.Snapshot().in_flight, 1);
}

TEST(AdaptiveLimitCall, WhatThrowsGivesItsPlaceBack) {
  fixture::ManualClock clock;
  AdaptiveLimit limit({.min_samples = 1});
  EXPECT_THROW(Call(limit, clock, []() -> Result<int> { throw 7; }), int);
  EXPECT_EQ(limit.Snapshot(), (AdaptiveLimitSnapshot{.limit = 20}));
}

template <class Clock>
concept ClockForLater = requires(AdaptiveLimit& limit, Task<Result<int>> (*fn)()) {
  CallAsync(limit, std::declval<Clock>(), fn);
};
static_assert(ClockForLater<const fixture::ManualClock&>);
static_assert(!ClockForLater<fixture::ManualClock>, "it would be gone when the task runs");

TEST(AdaptiveLimitCall, ACoroutineGivesItsPlaceBackWhenItIsDestroyed) {
  struct Forever {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
  };
  fixture::ManualClock clock;
  AdaptiveLimit limit({.min_samples = 1});
  const auto quick = []() -> Task<Result<int>> { co_return 7; };
  const auto stuck = []() -> Task<Result<int>> {
    co_await Forever();
    co_return 7;
  };
  {
    auto task = CallAsync(limit, clock, stuck);
    EXPECT_FALSE(task.Run());
    EXPECT_EQ(limit.Snapshot().in_flight, 1);
  }
  EXPECT_EQ(limit.Snapshot(), (AdaptiveLimitSnapshot{.limit = 20}));
  auto task = CallAsync(limit, clock, quick);
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(*task.Get(), 7);
  EXPECT_EQ(limit.Snapshot().windows, 1u);
}

}  // namespace
}  // namespace assay
