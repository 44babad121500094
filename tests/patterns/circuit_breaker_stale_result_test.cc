#include <gtest/gtest.h>

#include "assay/patterns/circuit_breaker/circuit_breaker.h"
#include "tests/patterns/circuit_breaker_fixture.h"

namespace assay {
namespace {

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
      const CircuitBreakerSnapshot before = breaker_.Snapshot(clock_.Now());
      EXPECT_EQ(Record(stale, outcome), Recorded::kStale);
      EXPECT_EQ(breaker_.Snapshot(clock_.Now()), before);
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
  breaker_.Reset(clock_.Now());
  Open();
  ExpectNoEffect(stale);
}

TEST_F(StaleResultTest, FromHalfOpenInALaterHalfOpen) {
  const Admission stale = HalfOpen();
  breaker_.Reset(clock_.Now());
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
}  // namespace
}  // namespace assay
