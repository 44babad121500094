// States that somebody sets by hand, the log of all transitions, and the callback.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/patterns/circuit_breaker_fixture.h"

namespace assay {
namespace {

using std::chrono::seconds;

TEST_F(CircuitBreakerTest, ForcedOpenRefusesForEver) {
  breaker_.ForceOpen(clock_.Now());
  clock_.Advance(std::chrono::hours(24 * 365 * 100));
  const Admission refused = Admit();
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.state, CircuitState::kForcedOpen);
  EXPECT_EQ(refused.retry_after, Duration::max());
  EXPECT_EQ(CircuitOpen(refused), (Error{ErrorCode::kCircuitOpen, "circuit: forced"}));
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).retry_after, Duration::max());
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).rejected, 1u);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).opened, 0u) << "not by itself";
}

TEST_F(CircuitBreakerTest, OnlyResetEndsForcedOpen) {
  const Admission running = Admit();
  breaker_.ForceOpen(clock_.Now());
  EXPECT_EQ(Record(running, Outcome::kSuccess), Recorded::kStale);
  EXPECT_EQ(breaker_.state(), CircuitState::kForcedOpen);
  breaker_.Reset(clock_.Now());
  EXPECT_TRUE(Admit().admitted);
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerTest, DisabledAdmitsAllAndCountsNothing) {
  breaker_.Disable(clock_.Now());
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Go(Outcome::kFailure), Recorded::kIgnored);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kIgnored);
  EXPECT_EQ(breaker_.state(), CircuitState::kDisabled);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
  EXPECT_TRUE(breaker_.AdmitIfClosed().admitted);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).retry_after, Duration(0));
}

TEST_F(CircuitBreakerTest, MetricsOnlyAdmitsAllAndCounts) {
  breaker_.MetricsOnly(clock_.Now());
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Go(Outcome::kFailure), Recorded::kCounted);
  EXPECT_EQ(breaker_.state(), CircuitState::kMetricsOnly);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 9u);
  EXPECT_EQ(Go(Outcome::kSuccess), Recorded::kCounted);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 0u);
}

TEST_F(CircuitBreakerTest, MetricsOnlyCountsNoFurtherThanTheWordGoes) {
  breaker_.MetricsOnly(clock_.Now());
  for (int i = 0; i < 65'540; ++i) Go(Outcome::kFailure);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).consecutive_failures, 65'535u);
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).generation, 1u);
}

TEST_F(CircuitBreakerTest, AStateThatIsAlreadySetIsNotEnteredAgain) {
  breaker_.ForceOpen(clock_.Now());
  breaker_.ForceOpen(clock_.Now());
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).generation, 1u);
  breaker_.Reset(clock_.Now());
  breaker_.Reset(clock_.Now());
  EXPECT_EQ(breaker_.Snapshot(clock_.Now()).generation, 3u) << "but what was counted is forgotten";
}

TEST_F(CircuitBreakerTest, TheLogTellsEveryTransition) {
  const TimePoint begin = clock_.Now();
  Open();
  clock_.Advance(kOpen);
  Admit();
  clock_.Advance(kOpen);
  Record(Admit(), Outcome::kFailure);
  clock_.Advance(kOpen);
  Go(Outcome::kSuccess);
  clock_.Advance(seconds(1));
  Go(Outcome::kSuccess);
  breaker_.Disable(clock_.Now());
  using enum CircuitState;
  const TimePoint half_open = begin + assay::kOpen;
  const TimePoint lost = half_open + assay::kOpen;
  const TimePoint again = lost + assay::kOpen;
  const TimePoint end = again + seconds(1);
  const std::vector<CircuitTransition> expected{
      {1, kClosed, kOpen, begin, CircuitCause::kConsecutiveFailures},
      {2, kOpen, kHalfOpen, half_open, CircuitCause::kOpenTimeOver},
      {3, kHalfOpen, kHalfOpen, lost, CircuitCause::kProbeLost},
      {4, kHalfOpen, kOpen, lost, CircuitCause::kProbesFailed},
      {5, kOpen, kHalfOpen, again, CircuitCause::kOpenTimeOver},
      {6, kHalfOpen, kClosed, end, CircuitCause::kProbesSucceeded},
      {7, kClosed, kDisabled, end, CircuitCause::kByHand},
  };
  EXPECT_EQ(breaker_.Transitions(), expected);
}

TEST_F(CircuitBreakerTest, TheLogKeepsTheLast32) {
  for (int i = 0; i < 40; ++i) breaker_.Reset(clock_.Now() + seconds(i));
  const std::vector<CircuitTransition> log = breaker_.Transitions();
  ASSERT_EQ(log.size(), 32u);
  for (std::uint32_t i = 0; i < 32; ++i) {
    EXPECT_EQ(log[i].generation, 9 + i);
    EXPECT_EQ(log[i].when, clock_.Now() + seconds(8 + i));
  }
}

TEST(TransitionLogTest, ALateWriterDoesNotReplaceANewerTransition) {
  TransitionLog<> log;
  const auto generations = [&](std::uint32_t current) {
    std::string text;
    for (const CircuitTransition& entry : log.Copy(current)) {
      text += std::to_string(entry.generation) + " ";
    }
    return text;
  };
  log.Write({.generation = 34});
  log.Write({.generation = 33});
  log.Write({.generation = 2});  // was held up for a round
  EXPECT_EQ(generations(34), "33 34 ");
  EXPECT_EQ(generations(35), "33 34 ") << "35 is being written";
  EXPECT_EQ(generations(65), "34 ");
  log.Write({.generation = StateWord::kGenerationMask});
  EXPECT_EQ(generations(0), std::to_string(StateWord::kGenerationMask) + " ") << "across the wrap";
  log.Write({.generation = 31});
  EXPECT_EQ(generations(31), "31 ") << "a round after the last one before the wrap";
}

TEST(CircuitCallbackTest, IsToldOnceAfterEachTransitionAndMayUseTheBreaker) {
  fixture::ManualClock clock;
  std::vector<std::string> seen;
  CircuitBreaker* self = nullptr;
  CircuitBreaker breaker({.failure_threshold = 1,
                          .open_duration = kOpen,
                          .success_threshold = 1,
                          .on_transition = [&](const CircuitTransition& transition) {
                            EXPECT_EQ(self->state(), transition.to);
                            EXPECT_EQ(self->Transitions().back(), transition);
                            seen.emplace_back(ToString(transition.why));
                          }});
  self = &breaker;
  const auto go = [&](Outcome outcome) {
    breaker.Record(breaker.Admit(clock.Now()), outcome, clock.Now());
  };
  go(Outcome::kSuccess);
  EXPECT_TRUE(seen.empty());
  go(Outcome::kFailure);
  EXPECT_EQ(seen, (std::vector<std::string>{"consecutive_failures"}));
  clock.Advance(kOpen);
  go(Outcome::kSuccess);
  breaker.ForceOpen(clock.Now());
  EXPECT_EQ(seen, (std::vector<std::string>{"consecutive_failures", "open_time_over",
                                            "probes_succeeded", "by_hand"}));
}

TEST(CircuitStateTest, EveryStateAndCauseHasAName) {
  const auto names = [](auto last) {
    std::string all;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      all += std::string(ToString(static_cast<decltype(last)>(i))) + " ";
    }
    return all;
  };
  EXPECT_EQ(names(CircuitState::kForcedOpen),
            "closed metrics_only disabled open half_open forced_open ");
  EXPECT_EQ(names(CircuitCause::kByHand),
            "consecutive_failures failure_count failure_rate slow_call_rate open_time_over "
            "probes_succeeded probes_failed probe_lost by_hand ");
}

}  // namespace
}  // namespace assay
