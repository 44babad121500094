#include "assay/patterns/circuit_breaker/circuit_breaker.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

using std::chrono::seconds;

constexpr Duration kOpen = seconds(10);
constexpr Duration kTick{1};

class CircuitBreakerTest : public testing::Test {
 protected:
  static CircuitBreakerOptions Options() {
    return {.failure_threshold = 3,
            .open_duration = kOpen,
            .half_open_permits = 1,
            .success_threshold = 2};
  }

  Admission Admit() { return breaker_.Admit(clock_.Now()); }
  Recorded Record(const Admission& admission, Outcome outcome) {
    return breaker_.Record(admission, outcome, clock_.Now());
  }
  Recorded Go(Outcome outcome) { return Record(Admit(), outcome); }

  void Open() {
    for (int i = 0; i < 3; ++i) Go(Outcome::kFailure);
    ASSERT_EQ(breaker_.state(), CircuitState::kOpen);
  }
  Admission HalfOpen() {
    Open();
    clock_.Advance(kOpen);
    const Admission probe = Admit();
    EXPECT_TRUE(probe.probe());
    return probe;
  }

  fixture::ManualClock clock_;
  CircuitBreaker breaker_{Options()};
};

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
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 2u);
  EXPECT_EQ(Go(Outcome::kFailure), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker_.Snapshot().opened, 1u);
}

TEST_F(CircuitBreakerTest, ASuccessForgetsTheFailuresBeforeIt) {
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 0u);
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, AnIgnoredOutcomeNeitherAddsNorForgetsFailures) {
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  EXPECT_EQ(Go(Outcome::kIgnored), Recorded::kIgnored);
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 2u);
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
  EXPECT_EQ(breaker_.Snapshot().rejected, 1u);
  EXPECT_EQ(CircuitOpen(refused),
            (Error{ErrorCode::kCircuitOpen, "circuit breaker: open, next probe within 6 s"}));
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
  EXPECT_EQ(breaker_.Snapshot().probes, 1u);
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

TEST_F(CircuitBreakerTest, HalfOpenAdmitsNoMoreThanItsPermits) {
  HalfOpen();
  clock_.Advance(seconds(1));
  const Admission refused = Admit();
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.state, CircuitState::kHalfOpen);
  EXPECT_EQ(refused.retry_after, seconds(9));
  EXPECT_EQ(CircuitOpen(refused).message, "circuit breaker: half_open, next probe within 9 s");
}

TEST_F(CircuitBreakerTest, ASuccessfulProbeFreesItsPermitForTheNext) {
  Record(HalfOpen(), Outcome::kSuccess);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot().probes, 0u);
  EXPECT_TRUE(Admit().probe());
}

TEST_F(CircuitBreakerTest, ClosesAtTheSuccessThresholdAndNotOneEarlier) {
  EXPECT_EQ(Record(HalfOpen(), Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 0u);
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
  EXPECT_EQ(breaker_.Snapshot().opened, 2u);
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
  EXPECT_EQ(breaker_.Snapshot().probes, 0u);
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
  EXPECT_EQ(breaker_.Snapshot().probes, 1u);
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

TEST_F(CircuitBreakerTest, ReportingAProbeTwiceHasNoEffect) {
  const Admission probe = HalfOpen();
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kStale);
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot().probes, 0u);
}

TEST_F(CircuitBreakerTest, ARefusedCallHasNothingToReport) {
  Open();
  const CircuitBreakerSnapshot before = breaker_.Snapshot();
  for (const Outcome outcome : {Outcome::kSuccess, Outcome::kFailure, Outcome::kIgnored}) {
    EXPECT_EQ(Record(Admission{}, outcome), Recorded::kIgnored);
  }
  EXPECT_EQ(breaker_.Snapshot().generation, before.generation);
  breaker_.Reset();
  const Admission never_admitted{.generation = breaker_.Snapshot().generation};
  EXPECT_EQ(Record(never_admitted, Outcome::kSuccess), Recorded::kIgnored);
  EXPECT_EQ(Record(never_admitted, Outcome::kFailure), Recorded::kIgnored);
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 0u);
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
  EXPECT_EQ(breaker.Snapshot().consecutive_failures, 0u);
}

TEST_F(CircuitBreakerTest, ResetClosesFromAnyStateAndKeepsTheCounters) {
  Open();
  Admit();
  breaker_.Reset();
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot().opened, 1u);
  EXPECT_EQ(breaker_.Snapshot().rejected, 1u);
  const Admission probe = HalfOpen();
  breaker_.Reset();
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(Record(probe, Outcome::kFailure), Recorded::kStale);
}

TEST_F(CircuitBreakerTest, ResetForgetsFailuresAndTheCallsStillRunning) {
  const Admission running = Admit();
  Go(Outcome::kFailure);
  Go(Outcome::kFailure);
  breaker_.Reset();
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 0u);
  EXPECT_EQ(Record(running, Outcome::kFailure), Recorded::kStale);
  EXPECT_EQ(breaker_.Snapshot().consecutive_failures, 0u);
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
  EXPECT_EQ(breaker_.Snapshot().rejected, 0u);
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST(CircuitStateTest, HasAName) {
  EXPECT_EQ(ToString(CircuitState::kClosed), "closed");
  EXPECT_EQ(ToString(CircuitState::kOpen), "open");
  EXPECT_EQ(ToString(CircuitState::kHalfOpen), "half_open");
}

// Every pair (admitted in, reported in) of different generations.
class StaleResultTest : public CircuitBreakerTest {
 protected:
  void ToClosedAgain() {
    clock_.Advance(kOpen);
    Go(Outcome::kSuccess);
    Go(Outcome::kSuccess);
    ASSERT_EQ(breaker_.state(), CircuitState::kClosed);
  }

  void ExpectNoEffect(const Admission& stale) {
    for (const Outcome outcome : {Outcome::kSuccess, Outcome::kFailure, Outcome::kIgnored}) {
      const CircuitBreakerSnapshot before = breaker_.Snapshot();
      EXPECT_EQ(Record(stale, outcome), Recorded::kStale);
      EXPECT_EQ(breaker_.Snapshot(), before);
    }
  }
};

TEST_F(StaleResultTest, FromClosedInOpen) {
  const Admission stale = Admit();
  Open();
  ExpectNoEffect(stale);
}

TEST_F(StaleResultTest, FromClosedInHalfOpen) {
  const Admission stale = Admit();
  const Admission probe = HalfOpen();
  ExpectNoEffect(stale);
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kCounted);
}

TEST_F(StaleResultTest, FromClosedInALaterClosed) {
  const Admission stale = Admit();
  Open();
  ToClosedAgain();
  Go(Outcome::kFailure);  // so that a success would have something to forget
  ExpectNoEffect(stale);
}

TEST_F(StaleResultTest, FromHalfOpenInOpen) {
  const Admission stale = HalfOpen();
  breaker_.Reset();
  Open();
  ExpectNoEffect(stale);
}

TEST_F(StaleResultTest, FromHalfOpenInALaterHalfOpen) {
  const Admission stale = HalfOpen();
  breaker_.Reset();
  const Admission probe = HalfOpen();
  ExpectNoEffect(stale);
  EXPECT_EQ(Record(probe, Outcome::kSuccess), Recorded::kCounted);
}

TEST_F(StaleResultTest, FromHalfOpenInClosed) {
  const Admission stale = HalfOpen();
  clock_.Advance(kOpen);  // lost, replaced
  ToClosedAgain();
  Go(Outcome::kFailure);
  ExpectNoEffect(stale);
}

struct InvalidOption {
  CircuitBreakerOptions options;
  std::string message;
};

TEST(CircuitBreakerOptionsTest, EveryOptionOutOfRangeIsNamedWithItsRange) {
  const std::vector<InvalidOption> cases{
      {{.failure_threshold = 0}, "circuit breaker failure_threshold: 0 is not within 1 to 65535"},
      {{.failure_threshold = 65536},
       "circuit breaker failure_threshold: 65536 is not within 1 to 65535"},
      {{.open_duration = Duration(0)}, "circuit breaker open_duration: 0 ns is not above 0"},
      {{.open_duration = Duration(-5)}, "circuit breaker open_duration: -5 ns is not above 0"},
      {{.half_open_permits = 0}, "circuit breaker half_open_permits: 0 is not within 1 to 65535"},
      {{.half_open_permits = 65536},
       "circuit breaker half_open_permits: 65536 is not within 1 to 65535"},
      {{.success_threshold = -1}, "circuit breaker success_threshold: -1 is not within 1 to 65535"},
      {{.success_threshold = 65536},
       "circuit breaker success_threshold: 65536 is not within 1 to 65535"},
  };
  for (const InvalidOption& invalid : cases) {
    EXPECT_EQ(InvalidArgumentOf([&] { CircuitBreaker breaker(invalid.options); }), invalid.message);
  }
}

TEST(CircuitBreakerOptionsTest, TheEndsOfEveryRangeAreAccepted) {
  const auto construct = [](const CircuitBreakerOptions& options) {
    return InvalidArgumentOf([&] { CircuitBreaker breaker(options); });
  };
  EXPECT_EQ(construct({.failure_threshold = 1,
                       .open_duration = Duration(1),
                       .half_open_permits = 1,
                       .success_threshold = 1}),
            "");
  EXPECT_EQ(construct({.failure_threshold = 65535,
                       .open_duration = Duration::max(),
                       .half_open_permits = 65535,
                       .success_threshold = 65535}),
            "");
}

TEST(CircuitBreakerOptionsTest, TheLargestValuesFitIntoTheStateWord) {
  fixture::ManualClock clock;
  CircuitBreaker breaker({.failure_threshold = 65535,
                          .open_duration = kOpen,
                          .half_open_permits = 65535,
                          .success_threshold = 65535});
  const auto report = [&](const Admission& admission, Outcome outcome) {
    breaker.Record(admission, outcome, clock.Now());
  };
  for (int i = 0; i < 65534; ++i) report(breaker.Admit(clock.Now()), Outcome::kFailure);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  report(breaker.Admit(clock.Now()), Outcome::kFailure);
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  clock.Advance(kOpen);
  std::vector<Admission> probes;
  for (int i = 0; i < 65535; ++i) probes.push_back(breaker.Admit(clock.Now()));
  EXPECT_FALSE(breaker.Admit(clock.Now()).admitted);
  for (int i = 0; i < 65534; ++i) report(probes[static_cast<std::size_t>(i)], Outcome::kSuccess);
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker.Snapshot().probes, 1u);
  report(probes.back(), Outcome::kSuccess);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
}

}  // namespace
}  // namespace assay
