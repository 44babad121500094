// Calls through a breaker that opens at the first failure, on a clock that counts its readings.
#ifndef ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_CALL_FIXTURE_H_
#define ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_CALL_FIXTURE_H_

#include <gtest/gtest.h>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "tests/patterns/task.h"

namespace assay {

using IntTask = Task<Result<int>>;

inline const Error kTimedOut{ErrorCode::kTimeout, "read"};

// A manual clock that knows how often it was read.
class CountingClock {
 public:
  TimePoint Now() const noexcept {
    ++reads_;
    return clock_.Now();
  }
  void Advance(Duration duration) noexcept { clock_.Advance(duration); }
  int reads() const noexcept { return reads_; }

 private:
  fixture::ManualClock clock_;
  mutable int reads_ = 0;
};

class CircuitBreakerCallTest : public testing::Test {
 protected:
  static Result<int> Answer() { return 42; }
  static Result<int> Fail() { return kTimedOut; }
  static IntTask AnswerLater() { co_return 42; }
  static IntTask FailLater() { co_return kTimedOut; }
  static IntTask Hang() {
    co_await std::suspend_always{};
    co_return 1;
  }

  void Open() { ASSERT_FALSE(Call(breaker_, clock_, Fail).ok()); }
  void OpenAndWait() {
    Open();
    clock_.Advance(std::chrono::seconds(10));
  }

  CountingClock clock_;
  CircuitBreaker breaker_{{.failure_threshold = 1,
                           .open_duration = std::chrono::seconds(10),
                           .half_open_permits = 1,
                           .success_threshold = 1}};
};

}  // namespace assay

#endif  // ASSAY_TESTS_PATTERNS_CIRCUIT_BREAKER_CALL_FIXTURE_H_
