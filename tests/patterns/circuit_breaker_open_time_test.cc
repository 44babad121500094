// For how long a breaker stays open, and what closes it: back-off, jitter, n of m probes.
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

namespace assay {
namespace {

using std::chrono::seconds;

class OpenTimeTest : public testing::Test {
 protected:
  static CircuitBreakerOptions Options() {
    return {.failure_threshold = 1, .open_duration = seconds(10), .success_threshold = 1};
  }
  static CircuitBreakerOptions Jittered(std::uint64_t seed) {
    CircuitBreakerOptions options = Options();
    options.open_jitter = 0.5;
    options.jitter_seed = seed;
    return options;
  }
  void Go(CircuitBreaker& breaker, Outcome outcome) {
    breaker.Record(breaker.Admit(clock_.Now()), outcome, clock_.Now());
  }
  // Fails, says for how long the breaker is open, and waits until it is over.
  Duration OpenTime(CircuitBreaker& breaker) {
    Go(breaker, Outcome::kFailure);
    EXPECT_EQ(breaker.state(), CircuitState::kOpen);
    const Duration time = breaker.Admit(clock_.Now()).retry_after;
    EXPECT_EQ(breaker.Snapshot(clock_.Now()).retry_after, time);
    clock_.Advance(time - Duration(1));
    EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
    clock_.Advance(Duration(1));
    EXPECT_EQ(breaker.Snapshot(clock_.Now()).retry_after, Duration(0));
    return time;
  }
  std::vector<Duration> OpenTimes(CircuitBreaker& breaker, int times) {
    std::vector<Duration> all;
    for (int i = 0; i < times; ++i) all.push_back(OpenTime(breaker));
    return all;
  }

  fixture::ManualClock clock_;
};

TEST_F(OpenTimeTest, GrowsByTheFactorUpToTheMaximum) {
  CircuitBreakerOptions options = Options();
  options.open_backoff = 2;
  options.max_open_duration = seconds(35);
  CircuitBreaker breaker(options);
  EXPECT_EQ(OpenTimes(breaker, 4),
            (std::vector<Duration>{seconds(10), seconds(20), seconds(35), seconds(35)}));
}

TEST_F(OpenTimeTest, BeginsAnewWhenTheBreakerHasBeenClosed) {
  CircuitBreakerOptions options = Options();
  options.open_backoff = 1.5;
  CircuitBreaker breaker(options);
  EXPECT_EQ(OpenTimes(breaker, 2), (std::vector<Duration>{seconds(10), seconds(15)}));
  Go(breaker, Outcome::kSuccess);
  EXPECT_EQ(OpenTimes(breaker, 2), (std::vector<Duration>{seconds(10), seconds(15)}));
  breaker.Reset(clock_.Now());
  EXPECT_EQ(OpenTime(breaker), seconds(10));
}

TEST_F(OpenTimeTest, ALostProbeKeepsTheStreak) {
  CircuitBreakerOptions options = Options();
  options.open_backoff = 2;
  CircuitBreaker breaker(options);
  OpenTime(breaker);
  EXPECT_TRUE(breaker.Admit(clock_.Now()).probe());  // and never comes back
  clock_.Advance(seconds(10));
  EXPECT_EQ(OpenTime(breaker), seconds(20));
}

TEST_F(OpenTimeTest, StopsGrowingAndDoesNotOverflow) {
  CircuitBreakerOptions options = Options();
  options.open_backoff = 1.01;
  CircuitBreaker breaker(options);
  const std::vector<Duration> times = OpenTimes(breaker, 70);
  EXPECT_GT(times[62], times[61]);
  EXPECT_EQ(times[63], times[62]);
  EXPECT_NEAR(static_cast<double>(times[69].count()), 1e10 * std::pow(1.01, 62), 100);
  options.open_backoff = 1'000;
  CircuitBreaker fast(options);
  for (int i = 0; i < 70; ++i) {
    Go(fast, Outcome::kFailure);
    const Duration left = fast.Admit(clock_.Now()).retry_after;
    if (i > 3) {
      EXPECT_EQ(left, Duration::max());
    }
    if (left == Duration::max()) break;
    clock_.Advance(left);
  }
  EXPECT_FALSE(fast.Admit(clock_.Now()).admitted);
}

TEST_F(OpenTimeTest, JitterMakesItShorterAndTheSeedDecidesByHowMuch) {
  CircuitBreaker breaker(Jittered(1)), same(Jittered(1)), other(Jittered(2));
  const std::vector<Duration> times = OpenTimes(breaker, 200);
  EXPECT_EQ(OpenTimes(same, 200), times);
  EXPECT_NE(OpenTimes(other, 200), times);
  double sum = 0;
  for (const Duration time : times) {
    EXPECT_GT(time, seconds(5));
    EXPECT_LE(time, seconds(10));
    sum += static_cast<double>(time.count());
  }
  EXPECT_EQ((std::set<Duration>(times.begin(), times.end()).size()), 200u);
  EXPECT_NEAR(sum / 200, 7.5e9, 0.3e9);
}

TEST_F(OpenTimeTest, FullJitterIsNeverZero) {
  CircuitBreakerOptions options = Options();
  options.open_duration = Duration(2);
  options.open_jitter = 1;
  CircuitBreaker breaker(options);
  std::set<Duration> times;
  for (int i = 0; i < 50; ++i) times.insert(OpenTime(breaker));
  EXPECT_EQ(times, (std::set<Duration>{Duration(1), Duration(2)}));
}

class ProbesTest : public OpenTimeTest {
 protected:
  static CircuitBreakerOptions TwoOfFour() {
    CircuitBreakerOptions options = Options();
    options.success_threshold = 2;
    options.success_out_of = 4;
    options.half_open_permits = 4;
    return options;
  }
  std::string After(std::string_view results) {
    CircuitBreaker breaker(TwoOfFour());
    OpenTime(breaker);
    Go(breaker, Outcome::kIgnored);
    for (const char result : results) {
      EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen) << results;
      Go(breaker, result == '+'   ? Outcome::kSuccess
                  : result == '-' ? Outcome::kFailure
                                  : Outcome::kIgnored);
    }
    return std::string(ToString(breaker.state()));
  }
};

TEST_F(ProbesTest, CloseWithEnoughSuccessesAndOpenWhenThatCannotHappenAnyMore) {
  EXPECT_EQ(After("--+"), "half_open");
  EXPECT_EQ(After("--++"), "closed");
  EXPECT_EQ(After("-+-+"), "closed");
  EXPECT_EQ(After("++"), "closed");
  EXPECT_EQ(After("--"), "half_open");
  EXPECT_EQ(After("---"), "open");
  EXPECT_EQ(After("-+--"), "open");
  EXPECT_EQ(After("-...-.+"), "half_open");
  EXPECT_EQ(After("-...-.-"), "open");
}

TEST_F(ProbesTest, AFailedProbeGivesItsPermitBack) {
  CircuitBreakerOptions options = TwoOfFour();
  options.half_open_permits = 1;
  CircuitBreaker breaker(options);
  OpenTime(breaker);
  Go(breaker, Outcome::kFailure);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).probes, 0u);
  EXPECT_TRUE(breaker.Admit(clock_.Now()).probe());
}

TEST_F(ProbesTest, TheHalfOpenLimitHasATimeOfItsOwn) {
  CircuitBreakerOptions options = Options();
  options.half_open_limit = seconds(3);
  CircuitBreaker breaker(options);
  OpenTime(breaker);
  EXPECT_TRUE(breaker.Admit(clock_.Now()).probe());
  EXPECT_EQ(breaker.Admit(clock_.Now()).retry_after, seconds(3));
  clock_.Advance(seconds(3) - Duration(1));
  EXPECT_FALSE(breaker.Admit(clock_.Now()).admitted);
  EXPECT_EQ(breaker.Snapshot(clock_.Now()).retry_after, Duration(1));
  clock_.Advance(Duration(1));
  EXPECT_TRUE(breaker.Admit(clock_.Now()).probe());
}

}  // namespace
}  // namespace assay
