// Calm calls and refused ones take no memory, through the wrappers: no pattern is a load of its own
// on the way to a server, least of all when that is in trouble.
#include <gtest/gtest.h>

#include <string>

#include "assay/patterns/adaptive_limit/call.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/fallback/call.h"
#include "assay/patterns/rate_limiter/call.h"
#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"
#include "assay/patterns/retry/call.h"
#include "assay/patterns/semaphore/call.h"
#include "assay/patterns/timeout/call.h"
#include "bench/harness/allocations.h"
#include "tests/patterns/task.h"

namespace assay {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr int kCalls = 100;

struct FixedClock {
  TimePoint Now() const noexcept { return kNow; }
};

Result<int> Answer() { return 7; }
Result<int> Fail() { return Error{ErrorCode::kTimeout, "late"}; }
Task<Result<int>> AnswerAsync() { co_return 7; }

// Of kCalls calls, each of which has to end as `ok` says; once before, to warm up.
template <class F>
std::uint64_t AllocationsOf(bool ok, F call) {
  EXPECT_EQ(call().ok(), ok);
  bench::TakeAllocations();
  for (int i = 0; i < kCalls; ++i) EXPECT_EQ(call().ok(), ok);
  return bench::TakeAllocations();
}

// A coroutine has a frame, and the wrapper is one that is refused before it calls another.
template <class F>
void ExpectOnlyFrames(F call) {
  const auto run = [&] {
    auto task = call();
    EXPECT_TRUE(task.Run());
    return task.Get();
  };
  EXPECT_EQ(AllocationsOf(false, run), static_cast<std::uint64_t>(kCalls));
}

// What takes memory itself: its message.
Result<int> Explain() {
  return Error{ErrorCode::kTimeout, std::string("an explanation that needs memory")};
}

TEST(PatternAllocations, AreSeen) {
  EXPECT_GE(AllocationsOf(false, Explain), static_cast<std::uint64_t>(kCalls));
}

TEST(PatternAllocations, OfASemaphore) {
  const SteadyThreadTime time;
  Semaphore semaphore({.limit = 1, .queue_limit = 0});
  EXPECT_EQ(AllocationsOf(true, [&] { return Call(semaphore, time, Answer); }), 0u);
  ASSERT_TRUE(semaphore.TryAcquire());
  EXPECT_EQ(AllocationsOf(false, [&] { return Call(semaphore, time, Answer); }), 0u);
}

CircuitBreakerOptions LastCalls(int calls) {
  return {.window = CircuitWindowOptions{.calls = calls}};
}

TEST(PatternAllocations, OfACircuitBreaker) {
  const FixedClock clock;
  const CircuitBreakerOptions over_time{.window = CircuitWindowOptions{.over = WindowOver::kTime}};
  for (const auto& options : {CircuitBreakerOptions{}, LastCalls(20), LastCalls(100), over_time}) {
    CircuitBreaker breaker(options);
    bench::TakeAllocations();
    const auto answer = [&] { return Call(breaker, clock, Answer); };
    EXPECT_EQ(AllocationsOf(true, answer), 0u);
    EXPECT_EQ(AllocationsOf(false, [&] { return Call(breaker, clock, Fail); }), 0u) << "opens";
    breaker.ForceOpen(kNow);
    EXPECT_EQ(AllocationsOf(false, answer), 0u);
    ExpectOnlyFrames([&] { return CallAsync(breaker, clock, AnswerAsync); });
  }
}

TEST(PatternAllocations, OfARateLimiter) {
  const SteadyThreadTime time;
  RateLimiter limiter({.tokens = 1, .per = std::chrono::hours(1), .burst = kCalls + 1});
  const RateRequest request{.deadline = Deadline::At(kNow), .now = kNow};
  const auto answer = [&] { return Call(limiter, time, request, Answer); };
  EXPECT_EQ(AllocationsOf(true, answer), 0u);
  EXPECT_EQ(AllocationsOf(false, answer), 0u);
}

struct NoNap {
  explicit NoNap(FixedClock&) {}
  Task<bool> Until(Deadline) { co_return true; }
  void Wake() noexcept {}
};
struct FixedTime : FixedClock {
  struct Nap : NoNap {
    explicit Nap(FixedTime& time) : NoNap(time) {}
  };
};

TEST(PatternAllocations, OfARateLimiterInACoroutine) {
  FixedTime time;
  RateLimiter limiter({.tokens = 1, .per = std::chrono::hours(1), .burst = 1});
  ASSERT_TRUE(limiter.TryTake(kNow));
  ExpectOnlyFrames([&] {
    return CallAsync(limiter, time, RateRequest{.deadline = Deadline::At(kNow)}, AnswerAsync);
  });
}

TEST(PatternAllocations, OfAKnownKey) {
  KeyedRateLimiter limiters(
      {.limit = {.tokens = 1, .per = std::chrono::hours(1), .burst = 50}, .most_keys = 1});
  const std::string key = "a.host.with.a.long.name.example:443";
  ASSERT_TRUE(limiters.Find(key, kNow)->TryTake(kNow));
  bench::TakeAllocations();
  int granted = 0;
  for (int i = 0; i < kCalls; ++i) {
    if (limiters.Find(key, kNow)->TryTake(kNow)) ++granted;
    EXPECT_EQ(limiters.Find("another key, for which there is no room", kNow), nullptr);
  }
  EXPECT_EQ(bench::TakeAllocations(), 0u);
  EXPECT_EQ(granted, 49);
}

TEST(PatternAllocations, OfAnAdaptiveLimit) {
  const FixedClock clock;
  AdaptiveLimit limit({.initial_limit = 1, .max_limit = 1});
  EXPECT_EQ(AllocationsOf(true, [&] { return Call(limit, clock, Answer); }), 0u);
  ASSERT_TRUE(limit.TryBegin());
  EXPECT_EQ(AllocationsOf(false, [&] { return Call(limit, clock, Answer); }), 0u);
  ExpectOnlyFrames([&] { return CallAsync(limit, clock, AnswerAsync); });
}

TEST(PatternAllocations, OfARetry) {
  const SteadyThreadTime time;
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  Retry retry({}, &budget);
  const RetryRequest repeatable{.repeatable = true};
  const auto call = [&](auto fn) {
    return Call(retry, time, repeatable, [&](const Try&) { return fn(); });
  };
  EXPECT_EQ(AllocationsOf(true, [&] { return call(Answer); }), 0u);
  budget.Withdraw({});
  EXPECT_EQ(AllocationsOf(false, [&] { return call(Fail); }), 0u) << "no budget to try again";
}

TEST(PatternAllocations, OfATimeoutThatIsNotOver) {
  Timeout timeout;
  const auto call = [&] {
    return Call(timeout, FixedClock(), Deadline::Never(), [](Deadline) { return Answer(); });
  };
  EXPECT_EQ(AllocationsOf(true, call), 0u);
}

TEST(PatternAllocations, OfAFallback) {
  Fallback fallback;
  const auto other = [](const Error&) { return Answer(); };
  EXPECT_EQ(AllocationsOf(true, [&] { return Call(fallback, Answer, other); }), 0u);
  EXPECT_EQ(AllocationsOf(true, [&] { return Call(fallback, Fail, other); }), 0u);
  // The explanation goes along with the answer and is not copied.
  EXPECT_EQ(AllocationsOf(true, [&] { return Call(fallback, Explain, other); }),
            AllocationsOf(false, Explain));
}

}  // namespace
}  // namespace assay
