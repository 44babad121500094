#include "assay/patterns/fallback/fallback.h"

#include <gtest/gtest.h>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/fallback/call.h"
#include "assay/patterns/fallback/stale_value.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::seconds;

const Error kDown{ErrorCode::kConnectRefused, "refused"};
const Error kLate{ErrorCode::kTimeout, "late"};
const Error kWrong{ErrorCode::kInvalidRequest, "wrong"};

auto Says(Result<int> result) {
  return [result](const Error&) { return result; };
}

TEST(Fallback, OptionsAreChecked) {
  EXPECT_EQ(InvalidArgumentOf([] { Fallback({.handles = nullptr}); }),
            "fallback handles: there is no function to ask");
  EXPECT_EQ(InvalidArgumentOf([] { StaleValue<int>(Duration(0)); }),
            "stale value max_age: 0 ns is not above 0");
}

TEST(Fallback, WhatCannotBeHelpedIsNotReplaced) {
  EXPECT_TRUE(MayBeReplaced(kDown));
  EXPECT_FALSE(MayBeReplaced(kWrong));
  EXPECT_FALSE(MayBeReplaced({ErrorCode::kCancelled, ""}));
}

TEST(FallbackCall, ACallThatSucceedsIsNotDegraded) {
  Fallback fallback;
  bool asked = false;
  const auto answer = Call(
      fallback, [] { return Result<int>(7); },
      [&](const Error&) {
        asked = true;
        return Result<int>(8);
      });
  EXPECT_EQ(answer->value, 7);
  EXPECT_EQ(answer->source, 0);
  EXPECT_FALSE(answer->degraded());
  EXPECT_EQ(answer->instead_of, std::nullopt);
  EXPECT_FALSE(asked);
  EXPECT_EQ(fallback.Snapshot(), FallbackSnapshot{});
}

TEST(FallbackCall, TheFirstAlternativeThatAnswersIsTaken) {
  Fallback fallback;
  const auto down = [] { return Result<int>(kDown); };
  const auto answer = Call(fallback, down, Says(kLate), Says(8), Says(9));
  EXPECT_EQ(answer->value, 8);
  EXPECT_EQ(answer->source, 2);
  EXPECT_TRUE(answer->degraded());
  EXPECT_EQ(answer->instead_of, kDown);
  EXPECT_EQ(fallback.Snapshot(), (FallbackSnapshot{.degraded = 1}));
}

TEST(FallbackCall, AnAlternativeLearnsTheErrorBeforeIt) {
  Fallback fallback;
  const auto answer = Call(
      fallback, [] { return Result<int>(kDown); }, Says(kLate),
      [](const Error& error) { return Result<int>(error == kLate ? 1 : 2); });
  EXPECT_EQ(answer->value, 1);
}

TEST(FallbackCall, WhenAllFailTheReasonIsTheFirstError) {
  Fallback fallback;
  const auto answer = Call(
      fallback, [] { return Result<int>(kDown); }, Says(kLate), Says(kLate));
  EXPECT_EQ(answer.error(),
            (Error{ErrorCode::kConnectRefused, "refused; instead: late; instead: late"}));
  EXPECT_EQ(fallback.Snapshot(), (FallbackSnapshot{.exhausted = 1}));
}

TEST(FallbackCall, AnErrorThatNoneMayStandInForEndsTheChain) {
  Fallback fallback;
  EXPECT_EQ(Call(
                fallback, [] { return Result<int>(kWrong); }, Says(8))
                .error(),
            kWrong);
  EXPECT_EQ(Call(
                fallback, [] { return Result<int>(kDown); }, Says(kWrong), Says(8))
                .error(),
            (Error{ErrorCode::kConnectRefused, "refused; instead: wrong"}));
  EXPECT_EQ(fallback.Snapshot(), (FallbackSnapshot{.unhandled = 2}));
}

TEST(FallbackCall, WhatIsHandledCanBeSet) {
  Fallback fallback({.handles = [](const Error& error) { return error == kLate; }});
  EXPECT_FALSE(Call(
                   fallback, [] { return Result<int>(kDown); }, Says(8))
                   .ok());
  EXPECT_TRUE(Call(
                  fallback, [] { return Result<int>(kLate); }, Says(8))
                  .ok());
}

TEST(StaleValue, IsKeptForItsTime) {
  StaleValue<int> stale(seconds(10));
  const TimePoint now{seconds(100)};
  EXPECT_EQ(stale.Get(now), std::nullopt);
  EXPECT_EQ(*stale.Keep(7, now), 7);
  EXPECT_EQ(stale.Get(now + seconds(10) - Duration(1)), 7);
  EXPECT_EQ(stale.Get(now + seconds(10)), std::nullopt);
}

TEST(StaleValue, AnErrorAndAnOlderValueDoNotReplaceIt) {
  StaleValue<int> stale(seconds(10));
  const TimePoint now{seconds(100)};
  EXPECT_EQ(*stale.Keep(7, now), 7);
  EXPECT_EQ(stale.Keep(kDown, now).error(), kDown);
  EXPECT_EQ(*stale.Keep(6, now - Duration(1)), 6);
  EXPECT_EQ(stale.Get(now), 7);
  EXPECT_EQ(*stale.Keep(8, now), 8);
  EXPECT_EQ(stale.Get(now), 8);
}

TEST(StaleValue, StandsInForAnError) {
  fixture::ManualClock clock;
  Fallback fallback;
  StaleValue<int> stale(seconds(10));
  Result<int> server = 7;
  const auto ask = [&] {
    return Call(
        fallback, [&] { return stale.Keep(server, clock.Now()); }, stale.OrElse(clock));
  };
  EXPECT_FALSE(ask()->degraded());
  server = kDown;
  EXPECT_EQ(ask()->value, 7);
  EXPECT_TRUE(ask()->degraded());
  clock.Advance(seconds(10));
  EXPECT_EQ(ask().error().code, kDown.code);
}

// It keeps a reference to the clock.
template <class Clock>
concept StaleValueTakes = requires(const StaleValue<int>& stale, Clock&& clock) {
  stale.OrElse(std::forward<Clock>(clock));
};
static_assert(StaleValueTakes<const SteadyClock&>);
static_assert(!StaleValueTakes<SteadyClock>);

}  // namespace
}  // namespace assay
