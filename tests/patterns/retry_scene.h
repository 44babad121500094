// A call that fails a few times, and the time that it is retried in: the scene of the retry_call
// tests.
#ifndef ASSAY_TESTS_PATTERNS_RETRY_SCENE_H_
#define ASSAY_TESTS_PATTERNS_RETRY_SCENE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/retry/call.h"

namespace assay::retry_scene {

using fixture::ManualClock;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr RetryRequest kRepeatable{.repeatable = true};

inline RetryOptions Every(Duration delay, std::int64_t attempts = 3) {
  return {.max_attempts = attempts,
          .backoff = {.growth = Growth::kConstant, .base = delay, .jitter = Jitter::kNone}};
}

inline Error TimedOut(std::int64_t attempt) {
  return {ErrorCode::kTimeout, "attempt " + std::to_string(attempt)};
}

// A call that fails a few times and keeps what it was told.
class Flaky {
 public:
  explicit Flaky(const ManualClock& clock, int failures = 1'000'000)
      : clock_(clock), failures_(failures) {}

  Result<int> operator()(const Try& attempt) {
    tries_.push_back(attempt);
    times_.push_back(clock_.Now());
    if (failures_-- > 0) return TimedOut(attempt.attempt);
    return 42;
  }

  const std::vector<Try>& tries() const { return tries_; }
  const std::vector<TimePoint>& times() const { return times_; }

 private:
  const ManualClock& clock_;
  int failures_;
  std::vector<Try> tries_{};
  std::vector<TimePoint> times_{};
};

class RetryScene : public testing::Test {
 protected:
  ManualClock clock_{};
  const TimePoint start_ = clock_.Now();
};

}  // namespace assay::retry_scene

#endif  // ASSAY_TESTS_PATTERNS_RETRY_SCENE_H_
