#include <gtest/gtest.h>

#include <vector>

#include "assay/patterns/circuit_breaker/circuit_breaker.h"
#include "tests/patterns/circuit_breaker_fixture.h"

namespace assay {
namespace {

using std::chrono::seconds;

TEST_F(CircuitBreakerTest, HalfOpenAdmitsNoMoreThanItsPermits) {
  HalfOpen();
  clock_.Advance(seconds(1));
  const Admission refused = Admit();
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.state, CircuitState::kHalfOpen);
  EXPECT_EQ(refused.retry_after, seconds(9));
  EXPECT_EQ(CircuitOpen(refused).message, "circuit: probed");
}

TEST_F(CircuitBreakerTest, ASuccessfulProbeFreesItsPermitForTheNext) {
  Record(HalfOpen(), Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
  EXPECT_TRUE(Admit().probe());
}

TEST_F(CircuitBreakerTest, ClosesAtTheSuccessThresholdAndNotOneEarlier) {
  EXPECT_EQ(Record(HalfOpen(), Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

TEST_F(CircuitBreakerTest, AfterClosingTheFailureCountStartsAnew) {
  Record(HalfOpen(), Outcome::kSuccess);
  Go(Outcome::kSuccess);
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, AnyFailedProbeReopensForTheFullTime) {
  Record(HalfOpen(), Outcome::kSuccess);
  clock_.Advance(seconds(3));
  EXPECT_EQ(Go(Outcome::kFailure), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).opened, 2u);
  clock_.Advance(kOpen - kTick);
  EXPECT_FALSE(Admit().admitted);
  clock_.Advance(kTick);
  EXPECT_TRUE(Admit().probe());
}

TEST_F(CircuitBreakerTest, SuccessesOfAnEarlierHalfOpenPeriodDoNotCount) {
  Record(HalfOpen(), Outcome::kSuccess);
  Go(Outcome::kFailure);
  clock_.Advance(kOpen);
  Go(Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
}

TEST_F(CircuitBreakerTest, AnIgnoredProbeReturnsItsPermitAndCountsNothing) {
  EXPECT_EQ(Record(HalfOpen(), Outcome::kIgnored), Recorded::kIgnored);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
  Go(Outcome::kIgnored);
  Go(Outcome::kIgnored);
  Go(Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen) << "one success only";
  Go(Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, ALostProbeIsReplacedAfterTheOpenTime) {
  const Admission lost = HalfOpen();
  clock_.Advance(kOpen - kTick);
  EXPECT_FALSE(Admit().admitted);
  clock_.Advance(kTick);
  const Admission replacement = Admit();
  EXPECT_TRUE(replacement.probe());
  EXPECT_NE(replacement.generation, lost.generation);
  EXPECT_FALSE(Admit().admitted) << "one replacement only";
  EXPECT_EQ(Record(lost, Outcome::kFailure), Recorded::kStale);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 1u);
  Record(replacement, Outcome::kSuccess);
  Go(Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, AProbeIsLostOnlyWhenItHasBeenOutForTheOpenTimeItself) {
  Record(HalfOpen(), Outcome::kSuccess);
  clock_.Advance(kOpen - kTick);
  const Admission second = Admit();
  clock_.Advance(kOpen - kTick);
  EXPECT_FALSE(Admit().admitted) << "the time runs from the latest probe";
  clock_.Advance(kTick);
  EXPECT_TRUE(Admit().probe());
  EXPECT_EQ(Record(second, Outcome::kSuccess), Recorded::kStale);
}

class TwoPermitsTest : public CircuitBreakerTest {
 protected:
  void SetUp() override {
    breaker_.Record(Next(), Outcome::kFailure, clock_.Now());
    clock_.Advance(kOpen);
  }
  Admission Next() { return breaker_.Admit(clock_.Now()); }
  Recorded Succeed(const Admission& probe) {
    return breaker_.Record(probe, Outcome::kSuccess, clock_.Now());
  }

  CircuitBreaker breaker_{{.failure_threshold = 1,
                           .open_duration = kOpen,
                           .half_open_permits = 2,
                           .success_threshold = 8,
                           .half_open_limit = seconds(2)}};
};

TEST_F(TwoPermitsTest, ALostProbeCostsItsPermitAndTheOtherGoesOn) {
  const Admission lost = Next();
  for (int i = 0; i < 7; ++i) {
    const Admission other = Next();
    EXPECT_FALSE(Next().admitted);
    clock_.Advance(seconds(1));
    EXPECT_EQ(Succeed(other), Recorded::kCounted);
  }
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 1u);
  EXPECT_EQ(Succeed(lost), Recorded::kCounted) << "it was not lost after all";
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(TwoPermitsTest, BothLostAreReplacedWhenTheLatestHasBeenOutForTheLimit) {
  const Admission first = Next();
  clock_.Advance(seconds(1));
  const Admission second = Next();
  clock_.Advance(seconds(2) - kTick);
  EXPECT_EQ(Next().retry_after, kTick);
  clock_.Advance(kTick);
  EXPECT_TRUE(Next().probe());
  EXPECT_TRUE(Next().probe());
  EXPECT_FALSE(Next().admitted);
  EXPECT_EQ(Succeed(first), Recorded::kStale);
  EXPECT_EQ(Succeed(second), Recorded::kStale);
}

// There is always one out, for much longer than the limit; but never the same one.
TEST_F(TwoPermitsTest, ProbesThatOverlapAllCount) {
  Admission running = Next();
  for (int i = 0; i < 7; ++i) {
    clock_.Advance(seconds(1));
    const Admission next = Next();
    EXPECT_FALSE(Next().admitted);
    EXPECT_EQ(Succeed(running), Recorded::kCounted);
    running = next;
  }
  EXPECT_EQ(Succeed(running), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, ReportingAProbeTwiceHasNoEffect) {
  const Admission probe = HalfOpen();
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kStale);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).probes, 0u);
}

TEST_F(CircuitBreakerTest, ARefusedCallHasNothingToReport) {
  Open();
  const CircuitBreakerSnapshot before = breaker_.Snapshot(clock_.Now());
  for (const Outcome outcome : {Outcome::kSuccess, Outcome::kFailure, Outcome::kIgnored}) {
    EXPECT_EQ(Record(Admission{}, outcome), Recorded::kIgnored);
  }
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).generation, before.generation);
  breaker_.Reset(clock_.Now());
  const Admission never_admitted{.generation = breaker_.Snapshot(clock_.Now()).generation};
  EXPECT_EQ(Record(never_admitted, Outcome::kSuccess), Recorded::kIgnored);
  EXPECT_EQ(Record(never_admitted, Outcome::kFailure), Recorded::kIgnored);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

TEST_F(CircuitBreakerTest, SeveralPermitsAdmitAsManyProbesAtATime) {
  CircuitBreakerOptions options = Options();
  options.half_open_permits = 3;
  CircuitBreaker breaker(options);
  for (int i = 0; i < 3; ++i) {
    breaker.Record(breaker.Admit(clock_.Now()), Outcome::kFailure, clock_.Now());
  }
  clock_.Advance(kOpen);
  std::vector<Admission> probes;
  for (int i = 0; i < 3; ++i) probes.push_back(breaker.Admit(clock_.Now()));
  for (const Admission& probe : probes) EXPECT_TRUE(probe.probe());
  EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
  breaker.Record(probes[0], Outcome::kSuccess, clock_.Now());
  breaker.Record(probes[1], Outcome::kSuccess, clock_.Now());
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker.Record(probes[2], Outcome::kFailure, clock_.Now()), Recorded::kStale);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

}  // namespace
}  // namespace assay
