// Retries in coroutines of Asio, in virtual time.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/retry/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

RetryOptions EveryFiveSeconds() {
  return {.max_attempts = 3,
          .backoff = {.growth = Growth::kConstant, .base = seconds(5), .jitter = Jitter::kNone}};
}

class RetryAsync : public testing::Test {
 protected:
  // A call of 1 s that fails `failures` times.
  void Start(int failures, RetryRequest request = {.repeatable = true}) {
    const auto call = [this, failures](const Try& attempt) -> asio::awaitable<Result<int>> {
      ++tries_;
      VirtualTime::Nap nap(time_);
      co_await nap.Until(Deadline::After(time_.Now(), seconds(1)));
      if (attempt.attempt > failures) co_return 42;
      co_return Error{ErrorCode::kTimeout, std::to_string(attempt.attempt)};
    };
    asio::co_spawn(context_, Keep(request, call),
                   asio::bind_cancellation_slot(
                       signal_.slot(), [this](std::exception_ptr thrown) { thrown_ = thrown; }));
  }
  template <class F>
  asio::awaitable<void> Keep(RetryRequest request, F call) {
    result_ = co_await CallAsync(retry_, time_, request, call);
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  RetryBudget budget_{TokenBudgetOptions{.max_tokens = 10, .token_ratio = 1}};
  Retry retry_{EveryFiveSeconds(), &budget_};
  asio::cancellation_signal signal_{};
  int tries_ = 0;
  std::exception_ptr thrown_{};
  std::optional<Result<int>> result_{};
};

TEST_F(RetryAsync, TriesAgainAfterTheDelay) {
  Start(2);
  time_.Run();
  EXPECT_EQ(result_->value(), 42);
  EXPECT_EQ(time_.Now(), start_ + seconds(13));
  EXPECT_EQ(retry_.Snapshot(), (RetrySnapshot{.retries = 2, .recovered = 1}));
}

TEST_F(RetryAsync, TheLastErrorIsTheRealOne) {
  Start(100);
  time_.Run();
  EXPECT_EQ(result_->error(), (Error{ErrorCode::kTimeout, "3"}));
}

TEST_F(RetryAsync, NeverWaitsPastTheDeadline) {
  Start(100, {.repeatable = true, .deadline = Deadline::After(start_, seconds(8))});
  time_.Run();
  EXPECT_EQ(result_->error(), (Error{ErrorCode::kTimeout, "2"}));
  EXPECT_EQ(time_.Now(), start_ + seconds(7));
}

TEST_F(RetryAsync, ABudgetThatIsSpentDuringTheWaitEndsIt) {
  Start(100);
  time_.RunFor(seconds(2));
  while (budget_.Withdraw(time_.Now())) {
  }
  time_.Run();
  EXPECT_EQ(result_->error(), (Error{ErrorCode::kTimeout, "1"}));
}

// In the first try, in the wait after it, in the second try: each leaves the budget as it was but
// for what has been tried.
TEST_F(RetryAsync, CancelledAnywhereItTakesNoMoreThanItTried) {
  struct Point {
    Duration at;
    int tries;
  };
  for (const Point& point :
       {Point{seconds(0), 1}, Point{seconds(3), 1}, Point{std::chrono::milliseconds(6'500), 2}}) {
    tries_ = 0;
    const RetryBudgetSnapshot before = budget_.Snapshot(start_);
    Start(100);
    time_.RunFor(point.at);
    signal_.emit(asio::cancellation_type::terminal);
    time_.Run();
    ASSERT_TRUE(thrown_);
    EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
    EXPECT_EQ(tries_, point.tries);
    EXPECT_EQ(budget_.Snapshot(start_).granted - before.granted,
              static_cast<std::uint64_t>(point.tries - 1));
    thrown_ = nullptr;
  }
}

TEST(RetryAsyncLifetime, DestroyedWhileItWaitsItTakesNothing) {
  RetryBudget budget;
  Retry retry(EveryFiveSeconds(), &budget);
  {
    asio::io_context context;
    VirtualTime time(context);
    const auto fails = [](const Try&) -> asio::awaitable<Result<int>> {
      co_return Error{ErrorCode::kTimeout, ""};
    };
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
          const auto result = co_await CallAsync(retry, time, {.repeatable = true}, fails);
          ADD_FAILURE() << result.ok();
        },
        asio::detached);
    time.RunFor(seconds(1));
  }
  EXPECT_EQ(budget.Snapshot({}), (RetryBudgetSnapshot{.available = 50}));
}

}  // namespace
}  // namespace assay
