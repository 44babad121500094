// The wrappers that have children, and the fallback, cancelled and destroyed at every point.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <vector>

#include "assay/patterns/fallback/call.h"
#include "assay/patterns/gather/gather.h"
#include "assay/patterns/hedge/call.h"
#include "assay/patterns/shield/shield.h"
#include "assay/patterns/timeout/call.h"
#include "tests/patterns/cancel_at_each.h"

namespace assay {
namespace {

using boost::asio::awaitable;
using fixture::VirtualTime;
using std::chrono::seconds;

const Error kDown{ErrorCode::kConnectRefused, "refused"};

// A call that needs so many seconds, of five.
CancelAtEach::Make TimeoutOf(int needed) {
  return [needed](CancelPlace& place) -> awaitable<void> {
    Timeout timeout({.limit = seconds(5)});
    const auto call = [&](Deadline) { return place.Work(needed); };
    (void)co_await CallAsync(timeout, place.time, Deadline::Never(), call);
  };
}

TEST(CancelAtEach, ATimeoutThatIsNotReached) { EXPECT_GE(CancelAtEach(TimeoutOf(3)).points(), 5); }
TEST(CancelAtEach, ATimeoutThatIsReached) { EXPECT_GE(CancelAtEach(TimeoutOf(9)).points(), 5); }
TEST(CancelAtEach, ATimeoutAtTheInstantOfTheEnd) {
  EXPECT_GE(CancelAtEach(TimeoutOf(5)).points(), 5);
}
TEST(CancelAtEach, ATimeoutAroundWhatDoesNotWait) {
  EXPECT_GE(CancelAtEach(TimeoutOf(0)).points(), 3);
}

CancelAtEach::Make HedgeOf(std::vector<int> needed, Result<int> first) {
  return [needed, first](CancelPlace& place) -> awaitable<void> {
    Hedge hedge({.max_attempts = 3, .delay = seconds(2)});
    const auto attempt = [&](int number) {
      const int seconds_needed = needed[static_cast<std::size_t>(number)];
      return place.Work(seconds_needed, number == 0 ? first : Result<int>(8));
    };
    (void)co_await CallAsync(hedge, place.time, attempt);
  };
}

TEST(CancelAtEach, AHedgeWhoseFirstWins) {
  EXPECT_GE(CancelAtEach(HedgeOf({5, 9, 9}, 7)).points(), 10);
}
TEST(CancelAtEach, AHedgeWhoseLastWins) {
  EXPECT_GE(CancelAtEach(HedgeOf({9, 9, 1}, 7)).points(), 10);
}
TEST(CancelAtEach, AHedgeWhoseFirstFails) {
  EXPECT_GE(CancelAtEach(HedgeOf({1, 3, 3}, kDown)).points(), 10);
}
TEST(CancelAtEach, AHedgeThatFailsWithoutWaiting) {
  EXPECT_GE(CancelAtEach(HedgeOf({0, 0, 3}, kDown)).points(), 3);
}

// Input n takes n seconds, -n fails after as many.
CancelAtEach::Make GatherOf(std::vector<int> inputs) {
  return [inputs](CancelPlace& place) -> awaitable<void> {
    const auto call = [&](int input) {
      return place.Work(std::abs(input), input < 0 ? Result<int>(kDown) : Result<int>(input));
    };
    (void)co_await Gather(place.time, 2, inputs, call);
  };
}

TEST(CancelAtEach, AGatheringOfAll) { EXPECT_GE(CancelAtEach(GatherOf({2, 1, 3, 1})).points(), 8); }
TEST(CancelAtEach, AGatheringThatFails) {
  EXPECT_GE(CancelAtEach(GatherOf({9, -2, 9})).points(), 6);
}
TEST(CancelAtEach, AGatheringOfWhatDoesNotWait) {
  EXPECT_GE(CancelAtEach(GatherOf({0, 0, 0})).points(), 3);
}

// A region whose caller is cancelled with it.
CancelAtEach::Make ShieldOf(int needed, int patience) {
  return [needed, patience](CancelPlace& place) -> awaitable<void> {
    std::optional<ShieldScope<VirtualTime>>
        scope;  // out here, as its caller may end after the body
    const auto caller = [&]() -> awaitable<void> {
      const auto work = [&] { return place.Work(needed); };
      (void)co_await scope->Shield(work);
    };
    const auto body = [&](AsioChildren& children) -> awaitable<bool> {
      scope.emplace(place.time, children, [](const ShieldLoss&) {});
      children.Spawn(caller());
      co_return co_await scope->Join(Deadline::After(place.time.Now(), seconds(patience)));
    };
    co_await place.time.WithChildren<bool>(body);
  };
}

TEST(CancelAtEach, AShieldThatIsJoined) { EXPECT_GE(CancelAtEach(ShieldOf(2, 5)).points(), 5); }
TEST(CancelAtEach, AShieldThatIsNotJoined) { EXPECT_GE(CancelAtEach(ShieldOf(9, 3)).points(), 5); }
TEST(CancelAtEach, AShieldAroundWhatDoesNotWait) {
  EXPECT_GE(CancelAtEach(ShieldOf(0, 3)).points(), 3);
}

TEST(CancelAtEach, AFallback) {
  const CancelAtEach each([](CancelPlace& place) -> awaitable<void> {
    Fallback fallback;
    const auto first = [&] { return place.Work(1, kDown); };
    const auto second = [&](const Error&) { return place.Work(0, kDown); };
    const auto third = [&](const Error&) { return place.Work(2); };
    (void)co_await CallAsync(fallback, place.time, first, second, third);
  });
  EXPECT_GE(each.points(), 4);
}

// One in another: hedged, each attempt in time, each of two gathered calls.
TEST(CancelAtEach, AllInEachOther) {
  const CancelAtEach each([](CancelPlace& place) -> awaitable<void> {
    Hedge hedge({.delay = seconds(2)});
    Timeout timeout({.limit = seconds(3)});
    const auto in_time = [&](Deadline) {
      const std::vector<int> inputs{1, 4};
      return Gather(place.time, 2, inputs, [&](int input) { return place.Work(input); });
    };
    const auto attempt = [&](int) {
      return CallAsync(timeout, place.time, Deadline::Never(), in_time);
    };
    (void)co_await CallAsync(hedge, place.time, attempt);
  });
  EXPECT_GE(each.points(), 18);
}

}  // namespace
}  // namespace assay
