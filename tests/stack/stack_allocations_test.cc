// What a stack takes from the heap: nothing on a thread, nor in a coroutine whose attempt is one
// coroutine, unless it has to wait or a time-out is on.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "assay/adapters/asio_time.h"
#include "assay/stack/call_async.h"
#include "assay/stack/stack.h"
#include "bench/harness/allocations.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::hours;

const RetryRequest kRequest{.repeatable = true};

class StackMemoryTest : public testing::Test {
 protected:
  // How many allocations a hundred calls take, once all is warm. Each ends as `code` says.
  template <class AnyStack>
  static std::uint64_t OnAThread(const AnyStack& stack, std::optional<ErrorCode> code,
                                 Result<int> result = 42) {
    const SteadyThreadTime time;
    const auto call = [&] {
      const auto got = Call(stack, time, kRequest, [&](const Try&) { return result; });
      return got.ok() ? !code : got.error().code == code;
    };
    EXPECT_TRUE(call());
    bench::TakeAllocations();
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(call());
    return bench::TakeAllocations();
  }

  template <class AnyStack>
  static std::uint64_t InACoroutine(const AnyStack& stack, std::optional<ErrorCode> code,
                                    Result<int> result = 42) {
    asio::io_context context;
    AsioTime time(context.get_executor());
    std::uint64_t allocations = 0;
    const auto fn = [&](const Try&) -> awaitable<Result<int>> { co_return result; };
    const auto calls = [&]() -> awaitable<void> {
      for (int i = 0; i < 101; ++i) {
        if (i == 1) bench::TakeAllocations();
        const auto got = co_await CallAsync(stack, time, kRequest, fn);
        EXPECT_TRUE(got.ok() ? !code : got.error().code == code);
      }
      allocations = bench::TakeAllocations();
    };
    asio::co_spawn(context, calls(), asio::detached);
    context.run();
    return allocations;
  }

  RateLimiter limiter_{
      {.tokens = 1'000'000'000, .per = std::chrono::seconds(1), .burst = 1'000'000}};
  Timeout total_{}, per_try_{{.limit = std::chrono::seconds(1)}};
  RetryBudget budget_{};
  Retry retry_{{}, &budget_};
  CircuitBreaker breaker_{};
  Semaphore semaphore_{{.limit = 1, .queue_limit = 0}};
  const Stack<RateLimiter, Timeout, Retry, Timeout, CircuitBreaker, Semaphore> all_{
      limiter_, total_, retry_, per_try_, breaker_, semaphore_};
};

TEST_F(StackMemoryTest, ACalmCallAllocatesNothing) {
  EXPECT_EQ(OnAThread(all_, {}), 0u);
  EXPECT_EQ(InACoroutine(all_, {}), 0u);
}

TEST_F(StackMemoryTest, NorDoesAnErrorThatIsPassedOn) {
  const Error unknown{ErrorCode::kMalformedResponse, "short"};
  Stack stack{limiter_, total_, retry_, per_try_, off, semaphore_};
  EXPECT_EQ(OnAThread(stack, unknown.code, unknown), 0u);
}

TEST_F(StackMemoryTest, NorAnOpenBreaker) {
  breaker_.ForceOpen(SteadyClock().Now());
  EXPECT_EQ(OnAThread(all_, ErrorCode::kCircuitOpen), 0u);
  EXPECT_EQ(InACoroutine(all_, ErrorCode::kCircuitOpen), 0u);
}

TEST_F(StackMemoryTest, NorAFullSemaphore) {
  const auto held = TryPermit(semaphore_);
  EXPECT_EQ(OnAThread(all_, ErrorCode::kLimitReached), 0u);
  EXPECT_EQ(InACoroutine(all_, ErrorCode::kLimitReached), 0u);
}

TEST_F(StackMemoryTest, NorARetryThatMayNotBe) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 1});
  while (budget.Withdraw(TimePoint())) {
  }
  Retry retry({}, &budget);
  const Error down{ErrorCode::kConnectRefused, "refused"};
  Stack stack{off, off, retry, off, off, semaphore_};
  EXPECT_EQ(OnAThread(stack, down.code, down), 0u);
  EXPECT_EQ(InACoroutine(stack, down.code, down), 0u);
}

}  // namespace
}  // namespace assay
