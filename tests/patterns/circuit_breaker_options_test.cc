#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "assay/patterns/circuit_breaker/circuit_breaker.h"
#include "tests/patterns/circuit_breaker_fixture.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

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
      {{.half_open_permits = 0}, "circuit breaker half_open_permits: 0 is not within 1 to 255"},
      {{.half_open_permits = 256}, "circuit breaker half_open_permits: 256 is not within 1 to 255"},
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
                       .half_open_permits = 255,
                       .success_threshold = 65535}),
            "");
}

TEST(CircuitBreakerOptionsTest, TheLargestValuesFitIntoTheStateWord) {
  fixture::ManualClock clock;
  CircuitBreaker breaker({.failure_threshold = 65535,
                          .open_duration = kOpen,
                          .half_open_permits = 255,
                          .success_threshold = 65535,
                          .success_out_of = 65535 + 63});
  const auto report = [&](const Admission& admission, Outcome outcome) {
    breaker.Record(admission, outcome, clock.Now());
  };
  for (int i = 0; i < 65534; ++i) report(breaker.Admit(clock.Now()), Outcome::kFailure);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  report(breaker.Admit(clock.Now()), Outcome::kFailure);
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  clock.Advance(kOpen);
  std::vector<Admission> probes;
  for (int i = 0; i < 255; ++i) probes.push_back(breaker.Admit(clock.Now()));
  EXPECT_TRUE(probes.back().probe());
  EXPECT_FALSE(breaker.Admit(clock.Now()).admitted);
  for (std::size_t i = 0; i < 63; ++i) report(probes[i], Outcome::kFailure);
  for (std::size_t i = 63; i < 254; ++i) report(probes[i], Outcome::kSuccess);
  for (int i = 254 - 63; i < 65534; ++i) report(breaker.Admit(clock.Now()), Outcome::kSuccess);
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker.Snapshot(clock.Now()).probes, 1u);
  report(probes.back(), Outcome::kSuccess);
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
}
}  // namespace
}  // namespace assay
