#include "assay/patterns/circuit_breaker/circuit_breaker.h"

#include <gtest/gtest.h>

#include "tests/patterns/circuit_breaker_fixture.h"

namespace assay {
namespace {

using std::chrono::seconds;

TEST_F(CircuitBreakerTest, StartsClosedAndAdmits) {
  const Admission admission = Admit();
  EXPECT_TRUE(admission.admitted);
  EXPECT_FALSE(admission.probe());
  EXPECT_EQ(admission.state, CircuitState::kClosed);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, OpensAtTheThresholdAndNotOneFailureEarlier) {
  Go(Outcome::kFailure);
  EXPECT_EQ(Go(Outcome::kFailure), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 2u);
  EXPECT_EQ(Go(Outcome::kFailure), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).opened, 1u);
}

TEST_F(CircuitBreakerTest, ASuccessForgetsTheFailuresBeforeIt) {
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, AnIgnoredOutcomeNeitherAddsNorForgetsFailures) {
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(Go(Outcome::kIgnored), Recorded::kIgnored);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 2u);
  Go(Outcome::kFailure);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerTest, RefusesWhileOpenAndSaysForHowLong) {
  Open();
  clock_.Advance(seconds(4));
  const Admission refused = Admit();
  EXPECT_FALSE(refused.admitted);
  EXPECT_FALSE(refused.probe());
  EXPECT_EQ(refused.state, CircuitState::kOpen);
  EXPECT_EQ(refused.retry_after, seconds(6));
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 1u);
  EXPECT_EQ(CircuitOpen(refused), (Error{ErrorCode::kCircuitOpen, "circuit: open"}));
}

TEST_F(CircuitBreakerTest, StaysOpenUntilOneNanosecondBeforeTheEnd) {
  Open();
  clock_.Advance(kOpen - kTick);
  const Admission refused = Admit();
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after, kTick);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerTest, AdmitsAProbeExactlyAtTheEnd) {
  Open();
  clock_.Advance(kOpen);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen) << "an observer changes nothing";
  const Admission probe = Admit();
  EXPECT_TRUE(probe.admitted);
  EXPECT_TRUE(probe.probe());
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 1u);
}

TEST_F(CircuitBreakerTest, TheOpenTimeRunsFromTheFailureThatOpenedIt) {
  const Admission first = Admit();
  clock_.Advance(seconds(5));
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  Record(first, Outcome::kFailure);
  clock_.Advance(kOpen - kTick);
  EXPECT_FALSE(Admit().admitted);
  clock_.Advance(kTick);
  EXPECT_TRUE(Admit().admitted);
}

TEST_F(CircuitBreakerTest, LateFailuresDoNotProlongTheOpenTime) {
  const Admission late = Admit();
  Open();
  clock_.Advance(seconds(5));
  EXPECT_EQ(Record(late, Outcome::kFailure), Recorded::kStale);
  clock_.Advance(seconds(5));
  EXPECT_TRUE(Admit().admitted);
}

TEST_F(CircuitBreakerTest, ResetClosesFromAnyStateAndKeepsTheCounters) {
  Open();
  Admit();
  breaker_.Reset(clock_.Now());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).opened, 1u);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 1u);
  const Admission probe = HalfOpen();
  breaker_.Reset(clock_.Now());
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(Record(probe, Outcome::kFailure), Recorded::kStale);
}

TEST_F(CircuitBreakerTest, ResetForgetsFailuresAndTheCallsStillRunning) {
  const Admission running = Admit();
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  breaker_.Reset(clock_.Now());
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
  EXPECT_EQ(Record(running, Outcome::kFailure), Recorded::kStale);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

// A thread that read the clock and was then held up must not bring back an old time.
TEST_F(CircuitBreakerTest, AnOldTimeCannotShortenTheOpenTime) {
  const Admission probe = HalfOpen();
  const TimePoint old = clock_.Now() - seconds(9);
  breaker_.Record(probe, Outcome::kFailure, old);
  clock_.Advance(kOpen - kTick);
  EXPECT_FALSE(Admit().admitted);
  clock_.Advance(kTick);
  EXPECT_TRUE(Admit().admitted);
}

TEST_F(CircuitBreakerTest, ACallerWithAnOlderTimeIsToldTheWholeOpenTimeAtMost) {
  Open();
  const Admission refused = breaker_.Admit(clock_.Now() - seconds(1));
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after, kOpen);
}

TEST_F(CircuitBreakerTest, TheLongestOpenDurationDoesNotOverflow) {
  CircuitBreaker breaker({.failure_threshold = 1, .open_duration = Duration::max()});
  breaker.Record(breaker.Admit(clock_.Now()), Outcome::kFailure, clock_.Now());
  clock_.Advance(std::chrono::hours(24 * 365 * 100));
  EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
}

TEST_F(CircuitBreakerTest, TheCalmQuestionAnswersOnlyWhenClosed) {
  EXPECT_TRUE(breaker_.AdmitIfClosed().admitted);
  Open();
  clock_.Advance(kOpen);
  EXPECT_FALSE(breaker_.AdmitIfClosed().admitted);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 0u);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST(CircuitStateTest, HasAName) {
  EXPECT_EQ(ToString(CircuitState::kClosed), "closed");
  EXPECT_EQ(ToString(CircuitState::kOpen), "open");
  EXPECT_EQ(ToString(CircuitState::kHalfOpen), "half_open");
}
}  // namespace
}  // namespace assay
