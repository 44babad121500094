#include <gtest/gtest.h>

#include <limits>
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

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void ExpectAllRefused(const std::vector<InvalidOption>& cases) {
  for (const InvalidOption& invalid : cases) {
    EXPECT_EQ(InvalidArgumentOf([&] { CircuitBreaker breaker(invalid.options); }),
              "circuit breaker " + invalid.message);
  }
}

TEST(CircuitBreakerOptionsTest, OpenTimesOutOfRangeAreRefused) {
  ExpectAllRefused({
      {{.open_backoff = 0.99}, "open_backoff: 0.99 is not within 1 to 1000"},
      {{.open_backoff = 1001}, "open_backoff: 1001 is not within 1 to 1000"},
      {{.open_backoff = kNan}, "open_backoff: nan is not within 1 to 1000"},
      {{.open_duration = Duration(9), .max_open_duration = Duration(8)},
       "max_open_duration: 8 ns is below open_duration"},
      {{.open_jitter = -0.1}, "open_jitter: -0.1 is not within 0 to 1"},
      {{.open_jitter = 1.1}, "open_jitter: 1.1 is not within 0 to 1"},
      {{.open_jitter = kNan}, "open_jitter: nan is not within 0 to 1"},
      {{.success_threshold = 3, .success_out_of = 2}, "success_out_of: 2 is not within 3 to 66"},
      {{.success_threshold = 3, .success_out_of = 67}, "success_out_of: 67 is not within 3 to 66"},
      {{.half_open_limit = Duration(0)}, "half_open_limit: 0 ns is not above 0"},
      {{.half_open_limit = Duration(-1)}, "half_open_limit: -1 ns is not above 0"},
  });
}

CircuitBreakerOptions With(const CircuitWindowOptions& window) { return {.window = window}; }
CircuitBreakerOptions With(const SlowCallOptions& slow_calls) {
  return {.window = CircuitWindowOptions{}, .slow_calls = slow_calls};
}

TEST(CircuitBreakerOptionsTest, WindowsOutOfRangeAreRefused) {
  constexpr WindowOver kTime = WindowOver::kTime;
  ExpectAllRefused({
      {With({.calls = 0}), "window.calls: 0 is not within 1 to 4095"},
      {With({.calls = 4096}), "window.calls: 4096 is not within 1 to 4095"},
      {With({.calls = 20, .minimum_calls = 0}), "window.minimum_calls: 0 is not within 1 to 20"},
      {With({.calls = 20, .minimum_calls = 21}), "window.minimum_calls: 21 is not within 1 to 20"},
      {With({.failure_rate = 0}), "window.failure_rate: 0 is not above 0 and up to 1"},
      {With({.failure_rate = -0.5}), "window.failure_rate: -0.5 is not above 0 and up to 1"},
      {With({.failure_rate = 1.01}), "window.failure_rate: 1.01 is not above 0 and up to 1"},
      {With({.failure_rate = kNan}), "window.failure_rate: nan is not above 0 and up to 1"},
      {With({.failure_rate = kInfinity}), "window.failure_rate: inf is not above 0 and up to 1"},
      {With({.over = static_cast<WindowOver>(2)}), "window.over: 2 is neither kCalls nor kTime"},
      {With({.failure_count = 0}), "window.failure_count: 0 is not within 1 to 100"},
      {With({.calls = 20, .failure_count = 21}), "window.failure_count: 21 is not within 1 to 20"},
      {With({.over = kTime, .failure_count = 0}),
       "window.failure_count: 0 is not within 1 to 1073741824"},
      {With({.over = kTime, .buckets = 0}), "window.buckets: 0 is not within 1 to 64"},
      {With({.over = kTime, .buckets = 65}), "window.buckets: 65 is not within 1 to 64"},
      {With({.over = kTime, .duration = Duration(9'999'999)}),
       "window.duration: 9999999 ns is less than 1 ms for each of 10 buckets"},
      {With({.over = kTime, .duration = Duration(-1)}),
       "window.duration: -1 ns is less than 1 ms for each of 10 buckets"},
      {With({.over = kTime, .minimum_calls = 0}),
       "window.minimum_calls: 0 is not within 1 to 1073741824"},
  });
}

TEST(CircuitBreakerOptionsTest, SlowCallsOutOfRangeAreRefused) {
  ExpectAllRefused({
      {With({.longer_than = Duration(-1)}), "slow_calls.longer_than: -1 ns is below 0"},
      {With(SlowCallOptions{.rate = 0}), "slow_calls.rate: 0 is not above 0 and up to 1"},
      {With(SlowCallOptions{.rate = 1.5}), "slow_calls.rate: 1.5 is not above 0 and up to 1"},
      {With(SlowCallOptions{.rate = kNan}), "slow_calls.rate: nan is not above 0 and up to 1"},
      {{.slow_calls = SlowCallOptions{}},
       "slow_calls.count_as_failures: false has no effect without a window"},
  });
}

TEST(CircuitBreakerOptionsTest, TheEndsOfTheRangesOfWindowsAreAccepted) {
  constexpr WindowOver kTime = WindowOver::kTime;
  const std::vector<CircuitBreakerOptions> cases{
      {.open_duration = Duration(9),
       .open_backoff = 1000,
       .max_open_duration = Duration(9),
       .open_jitter = 1,
       .success_threshold = 3,
       .success_out_of = 66,
       .half_open_limit = Duration(1)},
      {.success_threshold = 3, .success_out_of = 3},
      With({.calls = 1, .minimum_calls = 1, .failure_rate = 1e-9, .failure_count = 1}),
      With({.calls = 20, .failure_count = 20}),
      With({.over = kTime, .failure_count = 1 << 30}),
      With({.calls = 4095, .minimum_calls = 4095, .failure_rate = 1}),
      With(
          {.over = kTime, .duration = Duration(1'000'000), .buckets = 1, .minimum_calls = 1 << 30}),
      With({.over = kTime, .duration = Duration(64'000'000), .buckets = 64}),
      With(SlowCallOptions{.longer_than = Duration(0), .rate = 1e-9}),
      {.slow_calls = SlowCallOptions{.rate = 1, .count_as_failures = true}},
  };
  for (const CircuitBreakerOptions& options : cases) {
    EXPECT_EQ(InvalidArgumentOf([&] { CircuitBreaker breaker(options); }), "");
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
