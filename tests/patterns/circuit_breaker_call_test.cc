#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "tests/patterns/circuit_breaker_call_fixture.h"

namespace assay {
namespace {

using std::chrono::seconds;

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
