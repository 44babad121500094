#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "tests/patterns/task.h"

namespace assay {
namespace {

using std::chrono::seconds;
using IntTask = Task<Result<int>>;

const Error kTimedOut{ErrorCode::kTimeout, "read"};

// A manual clock that knows how often it was read.
class CountingClock {
 public:
  TimePoint Now() const noexcept {
    ++reads_;
    return clock_.Now();
  }
  void Advance(Duration duration) noexcept { clock_.Advance(duration); }
  int reads() const noexcept { return reads_; }

 private:
  fixture::ManualClock clock_;
  mutable int reads_ = 0;
};

class CircuitBreakerCallTest : public testing::Test {
 protected:
  static Result<int> Answer() { return 42; }
  static Result<int> Fail() { return kTimedOut; }
  static IntTask AnswerLater() { co_return 42; }
  static IntTask FailLater() { co_return kTimedOut; }
  static IntTask Hang() {
    co_await std::suspend_always{};
    co_return 1;
  }

  void Open() { ASSERT_FALSE(Call(breaker_, clock_, Fail).ok()); }
  void OpenAndWait() {
    Open();
    clock_.Advance(seconds(10));
  }

  CountingClock clock_;
  CircuitBreaker breaker_{{.failure_threshold = 1,
                           .open_duration = seconds(10),
                           .half_open_permits = 1,
                           .success_threshold = 1}};
};

TEST_F(CircuitBreakerCallTest, PassesTheResultOn) {
  EXPECT_EQ(Call(breaker_, clock_, Answer).value(), 42);
  EXPECT_EQ(Call(breaker_, clock_, Fail).error(), kTimedOut);
}

TEST_F(CircuitBreakerCallTest, AFailureCounts) {
  EXPECT_FALSE(Call(breaker_, clock_, Fail).ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, RefusesWithoutCallingAndSaysForHowLong) {
  Open();
  clock_.Advance(std::chrono::milliseconds(2'500));
  bool called = false;
  const Result<int> result = Call(breaker_, clock_, [&]() -> Result<int> {
    called = true;
    return 1;
  });
  EXPECT_FALSE(called);
  EXPECT_EQ(result.error(), (Error{ErrorCode::kCircuitOpen, "circuit: open"}));
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 1u);
}

TEST_F(CircuitBreakerCallTest, WhoIsRefusedCanAskWhenToComeBack) {
  EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), Duration(0)) << "closed";
  Open();
  clock_.Advance(seconds(3));
  EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), seconds(7)) << "open";
  clock_.Advance(seconds(8));
  EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), Duration(0)) << "a probe may go";
  (void)Call(
      breaker_, clock_,
      [&] {
        clock_.Advance(seconds(1));
        EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), seconds(9)) << "it is out";
        return Answer();
      },
      [](const Result<int>&) { return Outcome::kIgnored; });
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), Duration(0)) << "another one may go";
  breaker_.ForceOpen(clock_.Now());
  EXPECT_EQ(breaker_.RetryAfter(clock_.Now()), Duration::max());
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 0u) << "a question is no call";
}

TEST_F(CircuitBreakerCallTest, ASuccessfulProbeCloses) {
  OpenAndWait();
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerCallTest, AFailedProbeReopensFromTheEndOfTheCall) {
  OpenAndWait();
  const Result<int> result = Call(breaker_, clock_, [&]() -> Result<int> {
    clock_.Advance(seconds(4));
    return kTimedOut;
  });
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker_.Admit(clock_.Now()).retry_after, seconds(10));
}

TEST_F(CircuitBreakerCallTest, ReadsTheClockOnlyWhenTheAnswerDependsOnIt) {
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 0) << "closed, success";
  EXPECT_FALSE(Call(breaker_, clock_, Fail).ok());
  EXPECT_EQ(clock_.reads(), 1) << "closed, failure";
  EXPECT_FALSE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 2) << "open";
  clock_.Advance(seconds(10));
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 4) << "half-open: once to ask, once for the log";
}

TEST_F(CircuitBreakerCallTest, ATimeWindowReadsTheClockOnceACall) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.over = WindowOver::kTime}});
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_EQ(clock_.reads(), 1);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window.calls, 1u);
}

TEST_F(CircuitBreakerCallTest, ACountWindowFullOfSuccessesDoesNotReadTheClock) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 2, .minimum_calls = 2}});
  const auto reads = [&](auto fn) {
    const int before = clock_.reads();
    (void)Call(breaker, clock_, fn);
    return clock_.reads() - before;
  };
  EXPECT_EQ(reads(Answer), 1) << "it may be the one that makes the calls enough";
  EXPECT_EQ(reads(Answer), 1);
  EXPECT_EQ(reads(Answer), 0);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window, (WindowCounts{.calls = 2}));
  EXPECT_EQ(reads(Fail), 1);
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, ASuccessThatOpensACountWindowDoesSoNow) {
  for (const int calls : {20, 100}) {  // one word, and a ring
    CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = calls, .minimum_calls = 10}});
    for (int i = 0; i < 9; ++i) (void)Call(breaker, clock_, Fail);
    clock_.Advance(seconds(1));
    EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
    ASSERT_EQ(breaker.state(), CircuitState::kOpen);
    EXPECT_EQ(breaker.Transitions().at(0).when, clock_.Now());
    EXPECT_EQ(breaker.Snapshot(clock_.Now()).retry_after, seconds(60));
    EXPECT_EQ(Call(breaker, clock_, Answer).error().code, ErrorCode::kCircuitOpen);
  }
}

TEST_F(CircuitBreakerCallTest, WhatIsIgnoredDoesNotReadTheClock) {
  const auto ignore = [](const Result<int>&) { return Outcome::kIgnored; };
  CircuitBreaker breaker({.window = CircuitWindowOptions{.over = WindowOver::kTime}});
  EXPECT_TRUE(Call(breaker, clock_, Answer, ignore).ok());
  EXPECT_EQ(clock_.reads(), 0);
  OpenAndWait();
  EXPECT_TRUE(Call(breaker_, clock_, Answer, ignore).ok());
  EXPECT_EQ(clock_.reads(), 2) << "the failure, and whether the time is over";
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerCallTest, ADisabledBreakerDoesNotReadTheClock) {
  breaker_.Disable(clock_.Now());
  const int before = clock_.reads();
  EXPECT_TRUE(Call(breaker_, clock_, Answer).ok());
  EXPECT_FALSE(Call(breaker_, clock_, Fail).ok());
  EXPECT_EQ(clock_.reads(), before);
}

TEST_F(CircuitBreakerCallTest, SlowCallsReadTheClockBeforeAndAfter) {
  CircuitBreaker breaker(
      {.failure_threshold = 1,
       .slow_calls = SlowCallOptions{.longer_than = seconds(2), .count_as_failures = true}});
  const auto take = [&](Duration duration) {
    return Call(breaker, clock_, [&, duration]() -> Result<int> {
      clock_.Advance(duration);
      return 1;
    });
  };
  EXPECT_TRUE(take(seconds(2)).ok());
  EXPECT_EQ(clock_.reads(), 2);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  EXPECT_TRUE(take(seconds(2) + Duration(1)).ok());
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_FALSE(take(Duration(0)).ok());
  EXPECT_EQ(clock_.reads(), 5) << "a refused call has no end";
}

TEST_F(CircuitBreakerCallTest, ACallMayBeginLaterThanItsPass) {
  CircuitBreaker breaker(
      {.window = CircuitWindowOptions{}, .slow_calls = SlowCallOptions{.longer_than = seconds(2)}});
  CircuitPass pass(breaker, clock_);
  clock_.Advance(seconds(9));
  pass.Begin();
  clock_.Advance(seconds(2));
  pass.Report(Outcome::kSuccess);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).window, (WindowCounts{.calls = 1}));
  const int before = clock_.reads();
  CircuitPass(breaker_, clock_).Begin();
  EXPECT_EQ(clock_.reads(), before) << "nobody asks how long it takes";
}

TEST_F(CircuitBreakerCallTest, ASlowSuccessCountsInAWindowFullOfFastOnes) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 2, .minimum_calls = 2},
                          .slow_calls = SlowCallOptions{.longer_than = seconds(2), .rate = 0.5}});
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  (void)Call(breaker, clock_, [&] {
    clock_.Advance(seconds(3));
    return Answer();
  });
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, ALocalRefusalInsideIsIgnored) {
  const auto refused = []() -> Result<int> { return Error{ErrorCode::kLimitReached, "full"}; };
  EXPECT_FALSE(Call(breaker_, clock_, refused).ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  OpenAndWait();
  EXPECT_FALSE(Call(breaker_, clock_, refused).ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerCallTest, AServerErrorIsAFailureWithoutBeingAnError) {
  const Result<Response> result = Call(breaker_, clock_, []() -> Result<Response> {
    Response response;
    response.status = 503;
    return response;
  });
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, TheCallersClassifierDecides) {
  const auto lenient = [](const Result<int>&) { return Outcome::kSuccess; };
  EXPECT_FALSE(Call(breaker_, clock_, Fail, lenient).ok());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerCallTest, AnExceptionIsAFailureAndGoesOn) {
  const auto fail = []() -> Result<int> { throw std::runtime_error("boom"); };
  EXPECT_THROW(Call(breaker_, clock_, fail).ok(), std::runtime_error);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, AnExceptionThatSaysCancelledIsIgnoredAndGoesOn) {
  const auto thrown = [](std::errc code) {
    return [code]() -> Result<int> { throw std::system_error(std::make_error_code(code)); };
  };
  EXPECT_THROW(Call(breaker_, clock_, thrown(std::errc::operation_canceled)).ok(),
               std::system_error);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_THROW(Call(breaker_, clock_, thrown(std::errc::connection_reset)).ok(), std::system_error);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallTest, TheCallersClassifierMayJudgeExceptions) {
  struct Lenient : DefaultClassifier {
    using DefaultClassifier::operator();
    Outcome operator()(const std::exception_ptr&) const { return Outcome::kIgnored; }
  };
  const auto fail = []() -> Result<int> { throw std::runtime_error("boom"); };
  EXPECT_THROW(Call(breaker_, clock_, fail, Lenient{}).ok(), std::runtime_error);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerCallTest, EveryProbeReturnsItsOwnPermitOnce) {
  CircuitBreaker breaker({.failure_threshold = 1,
                          .open_duration = seconds(10),
                          .half_open_permits = 2,
                          .success_threshold = 9});
  EXPECT_FALSE(Call(breaker, clock_, Fail).ok());
  clock_.Advance(seconds(10));
  const Result<int> outer = Call(breaker, clock_, [&]() -> Result<int> {
    EXPECT_TRUE(Call(breaker, clock_, Answer).ok());
    EXPECT_EQ(breaker.Snapshot(clock_.Now()).probes, 1u) << "the outer probe is still out";
    return 1;
  });
  EXPECT_TRUE(outer.ok());
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerCallTest, CarriesMoveOnlyResults) {
  const auto result = Call(
      breaker_, clock_, []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); });
  EXPECT_EQ(*result.value(), 7);
}

class CircuitBreakerCallAsyncTest : public CircuitBreakerCallTest {};

TEST_F(CircuitBreakerCallAsyncTest, PassesTheResultOn) {
  IntTask good = CallAsync(breaker_, clock_, AnswerLater);
  EXPECT_TRUE(good.Run());
  EXPECT_EQ(good.Get().value(), 42);
  EXPECT_EQ(clock_.reads(), 0);
  IntTask bad = CallAsync(breaker_, clock_, FailLater);
  EXPECT_TRUE(bad.Run());
  EXPECT_EQ(bad.Get().error(), kTimedOut);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallAsyncTest, RefusesWithoutCalling) {
  Open();
  IntTask task = CallAsync(breaker_, clock_, AnswerLater);
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(task.Get().error().code, ErrorCode::kCircuitOpen);
}

TEST_F(CircuitBreakerCallAsyncTest, AsksTheBreakerWhenItRunsAndNotWhenItIsMade) {
  IntTask task = CallAsync(breaker_, clock_, AnswerLater);
  Open();
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(task.Get().error().code, ErrorCode::kCircuitOpen);
}

TEST_F(CircuitBreakerCallAsyncTest, DestroyingASuspendedProbeReturnsItsPermit) {
  OpenAndWait();
  {
    IntTask task = CallAsync(breaker_, clock_, Hang);
    EXPECT_FALSE(task.Run());
    EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 1u);
  }
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen) << "neither success nor failure";
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerCallAsyncTest, DestroyingASuspendedCallOfAClosedBreakerCountsNothing) {
  {
    IntTask task = CallAsync(breaker_, clock_, Hang);
    EXPECT_FALSE(task.Run());
  }
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

TEST_F(CircuitBreakerCallAsyncTest, AnExceptionIsAFailureAndGoesOn) {
  IntTask task = CallAsync(breaker_, clock_, []() -> IntTask {
    throw std::runtime_error("boom");
    co_return 1;
  });
  EXPECT_TRUE(task.Run());
  EXPECT_THROW(task.Get().ok(), std::runtime_error);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerCallAsyncTest, TheCallersClassifierDecides) {
  const auto lenient = [](const Result<int>&) { return Outcome::kIgnored; };
  IntTask task = CallAsync(breaker_, clock_, FailLater, lenient);
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerCallAsyncTest, ASuccessThatOpensACountWindowDoesSoNow) {
  CircuitBreaker breaker({.window = CircuitWindowOptions{.calls = 20, .minimum_calls = 2}});
  for (auto* later : {FailLater, AnswerLater}) {
    IntTask task = CallAsync(breaker, clock_, later);
    EXPECT_TRUE(task.Run());
  }
  ASSERT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker.Transitions().at(0).when, clock_.Now());
  EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
}

TEST_F(CircuitBreakerCallAsyncTest, TheTaskOwnsTheFunctionItCalls) {
  std::optional<IntTask> task;
  {
    const std::string text = "long enough to live on the heap, so that a dangling read shows";
    task.emplace(CallAsync(breaker_, clock_,
                           [text]() -> IntTask { co_return static_cast<int>(text.size()); }));
  }
  EXPECT_TRUE(task->Run());
  EXPECT_EQ(task->Get().value(), 62);
}

}  // namespace
}  // namespace assay
