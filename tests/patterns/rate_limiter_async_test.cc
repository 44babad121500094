// A limited rate in coroutines of Asio, in virtual time.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/rate_limiter/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::milliseconds;
using std::chrono::seconds;

class RateLimiterAsync : public testing::Test {
 protected:
  // Writes down when the call began, or why it did not. The call itself lasts 10 s.
  asio::cancellation_signal& Start(std::string name, RateRequest request = {}) {
    const auto call = [this, name]() -> asio::awaitable<Result<int>> {
      const auto at = std::chrono::duration_cast<milliseconds>(time_.Now() - start_);
      log_.push_back(name + " at " + std::to_string(at.count()));
      VirtualTime::Nap nap(time_);
      co_await nap.Until(Deadline::After(time_.Now(), seconds(10)));
      co_return 42;
    };
    signals_.push_back(std::make_unique<asio::cancellation_signal>());
    asio::co_spawn(context_, Keep(name, request, call),
                   asio::bind_cancellation_slot(signals_.back()->slot(),
                                                [this, name](std::exception_ptr thrown) {
                                                  if (thrown) log_.push_back(name + " cancelled");
                                                }));
    return *signals_.back();
  }
  template <class F>
  asio::awaitable<void> Keep(std::string name, RateRequest request, F call) {
    auto task = CallAsync(limiter_, time_, request, std::move(call));
    const auto result = co_await std::move(task);
    if (!result.ok()) log_.push_back(name + " " + std::string(ToString(result.error().code)));
  }
  void Cancel(asio::cancellation_signal& signal) {
    signal.emit(asio::cancellation_type::terminal);
    time_.RunFor(Duration(0));
  }

  using Log = std::vector<std::string>;

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  RateLimiter limiter_{{.tokens = 10, .per = seconds(1), .burst = 2}};
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals_{};
  Log log_{};
};

TEST_F(RateLimiterAsync, ThoseWhoWaitGoOnInTheOrderOfAsking) {
  Start("a");
  Start("b");
  Start("c");
  Start("large", {.tokens = 2});
  Start("d");
  time_.Run();
  EXPECT_EQ(log_, (Log{"a at 0", "b at 0", "c at 100", "large at 300", "d at 400"}));
}

TEST_F(RateLimiterAsync, RefusalsComeAtOnce) {
  Start("a", {.tokens = 2});
  Start("late", {.deadline = Deadline::After(start_, milliseconds(99))});
  Start("large", {.tokens = 3});
  Start("in time", {.deadline = Deadline::After(start_, milliseconds(100))});
  time_.Run();
  EXPECT_EQ(log_, (Log{"a at 0", "late limit_reached", "large invalid_request", "in time at 100"}));
}

TEST_F(RateLimiterAsync, WhoIsCancelledWhileWaitingGivesTheTokensBack) {
  Start("a", {.tokens = 2});
  asio::cancellation_signal& waits = Start("b", {.tokens = 2});
  time_.RunFor(milliseconds(50));
  EXPECT_EQ(limiter_.Snapshot(time_.Now()).waiting, 2);
  Cancel(waits);
  EXPECT_EQ(limiter_.Snapshot(time_.Now()),
            (RateLimiterSnapshot{.waiting = 0, .granted = 2, .cancelled = 1}));
  Start("c");
  time_.Run();
  EXPECT_EQ(log_, (Log{"a at 0", "b cancelled", "c at 100"}));
}

TEST_F(RateLimiterAsync, WhoIsCancelledDuringTheCallHasUsedThem) {
  asio::cancellation_signal& calls = Start("a", {.tokens = 2});
  asio::cancellation_signal& waited = Start("b");
  time_.RunFor(milliseconds(100));
  Cancel(calls);
  Cancel(waited);
  EXPECT_EQ(log_, (Log{"a at 0", "b at 100", "a cancelled", "b cancelled"}));
  EXPECT_EQ(limiter_.Snapshot(time_.Now()), (RateLimiterSnapshot{.granted = 2}));
}

TEST(RateLimiterAsyncLifetime, DestroyedWhileWaitingItGivesTheTokensBack) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1), .burst = 1});
  TimePoint now;
  {
    asio::io_context context;
    VirtualTime time(context);
    now = time.Now();
    ASSERT_TRUE(limiter.TryTake(now));
    const auto call = []() -> asio::awaitable<Result<int>> { co_return 42; };
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
          const auto result = co_await CallAsync(limiter, time, {}, call);
          ADD_FAILURE() << result.ok();
        },
        asio::detached);
    time.RunFor(Duration(1));
    EXPECT_EQ(limiter.Snapshot(now).waiting, 1);
  }
  EXPECT_EQ(limiter.Snapshot(now), (RateLimiterSnapshot{.granted = 2, .cancelled = 1}));
}

}  // namespace
}  // namespace assay
