// A breaker with small numbers on a manual clock, and the verbs that its tests share.
#ifndef ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_FIXTURE_H_
#define ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_FIXTURE_H_

#include <gtest/gtest.h>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

namespace assay {

inline constexpr Duration kOpen = std::chrono::seconds(10);
inline constexpr Duration kTick{1};

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

}  // namespace assay

#endif  // ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_FIXTURE_H_
