#include "assay/adapters/asio_time.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "assay/patterns/retry/call.h"
#include "assay/patterns/retry/retry.h"
#include "assay/patterns/waiting.h"

namespace assay {
namespace {

namespace asio = boost::asio;

static_assert(ConcurrentTime<AsioTime>);

struct AsioTimeTest : testing::Test {
  std::optional<bool> Wait(Deadline deadline) {
    std::optional<bool> came;
    asio::co_spawn(context, nap.Until(deadline), [&](std::exception_ptr error, bool result) {
      if (!error) came = result;
    });
    context.run();
    return came;
  }
  asio::io_context context{1};
  AsioTime time{context.get_executor()};
  AsioTime::Nap nap{time};
};

TEST_F(AsioTimeTest, ADeadlineThatIsOverDoesNotWait) {
  EXPECT_EQ(Wait(Deadline::At(time.Now())), true);
}

TEST_F(AsioTimeTest, WaitsUntilTheDeadline) {
  const TimePoint at = time.Now() + std::chrono::milliseconds(1);
  EXPECT_EQ(Wait(Deadline::At(at)), true);
  EXPECT_GE(time.Now(), at);
}

TEST_F(AsioTimeTest, IsWokenWhileItWaits) {
  asio::post(context, [&] { asio::post(context, [&] { nap.Wake(); }); });
  EXPECT_EQ(Wait(Deadline::Never()), false);
}

TEST_F(AsioTimeTest, AWakeThatCameBeforeIsNotLost) {
  nap.Wake();
  EXPECT_EQ(Wait(Deadline::Never()), false);
}

TEST_F(AsioTimeTest, CancellingThrowsOutOfTheWait) {
  asio::cancellation_signal signal;
  std::exception_ptr thrown;
  asio::co_spawn(context, nap.Until(Deadline::Never()),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr error, bool) { thrown = error; }));
  asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
  context.run();
  ASSERT_TRUE(thrown);
  EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

// The example of the header.
TEST(AsioTime, IsATimeForPatterns) {
  asio::io_context context;
  Retry retry({.max_attempts = 2, .backoff = {.base = Duration(1)}});
  int tries = 0;
  const auto fetch_in_time = [&tries](Deadline) -> asio::awaitable<Result<int>> {
    if (++tries == 1) co_return Error{ErrorCode::kTimeout, "late"};
    co_return 7;
  };
  const auto example = [&](Deadline deadline) -> asio::awaitable<void> {
    AsioTime time(co_await asio::this_coro::executor);
    const auto fetch = [&](const Try& attempt) { return fetch_in_time(attempt.deadline); };
    const RetryRequest request{.repeatable = true, .deadline = deadline};
    auto response = co_await CallAsync(retry, time, request, fetch);
    EXPECT_EQ(*response, 7);
  };
  asio::co_spawn(context, example(Deadline::Never()), asio::detached);
  context.run();
  EXPECT_EQ(tries, 2);
}

// Nothing is lost whichever comes first, the wait or the wake, on several threads.
TEST(AsioTime, AnyThreadWakes) {
  asio::thread_pool pool(2);
  AsioTime time(pool.get_executor());
  for (int i = 0; i < 200; ++i) {
    AsioTime::Nap nap(time);
    auto came = asio::co_spawn(pool, nap.Until(Deadline::Never()), asio::use_future);
    nap.Wake();
    EXPECT_FALSE(came.get());
  }
  pool.join();
}

class AsioAlarmTest : public AsioTimeTest {
 protected:
  auto Ring(std::string name) {
    return [this, name] { log_ += name + " "; };
  }
  Deadline In(int ms) { return Deadline::At(begin_ + std::chrono::milliseconds(ms)); }

  const TimePoint begin_ = time.Now();
  AsioTime::Alarm alarm_{time};
  std::string log_{};
};

TEST_F(AsioAlarmTest, RingsOnceTheDeadlineHasPassed) {
  TimePoint rang{};
  alarm_.Set(In(2), [&] { rang = time.Now(); });
  context.run();
  EXPECT_GE(rang, In(2).at());
}

TEST_F(AsioAlarmTest, RingsOnTheExecutorAndNotWithinTheCall) {
  alarm_.Set(In(-5), Ring("late"));
  EXPECT_EQ(log_, "");
  context.run();
  EXPECT_EQ(log_, "late ");
}

TEST_F(AsioAlarmTest, WhatIsSetTakesThePlaceOfWhatWasSet) {
  alarm_.Set(In(1), Ring("first"));
  alarm_.Set(In(2), Ring("second"));
  context.run();
  EXPECT_EQ(log_, "second ");
}

TEST_F(AsioAlarmTest, ADeadlineThatNeverIsIsNone) {
  alarm_.Set(In(1), Ring("first"));
  alarm_.Set(Deadline::Never(), Ring("never"));
  context.run();
  EXPECT_EQ(log_, "");
}

// Nor does it keep the context from coming to its end.
TEST_F(AsioAlarmTest, OffItDoesNotRing) {
  alarm_.Set(In(3'600'000), Ring("off"));
  alarm_.Off();
  alarm_.Off();
  {
    AsioTime::Alarm gone(time);
    gone.Set(In(3'600'000), Ring("gone"));
  }
  context.run();
  EXPECT_EQ(log_, "");
}

// The timer has expired, and its handler waits for its turn.
TEST_F(AsioAlarmTest, OffInTheLastMomentItDoesNotRingEither) {
  auto other = std::make_unique<AsioTime::Alarm>(time);
  const auto silence = [&] {
    log_ += "one ";
    alarm_.Off();
    other.reset();
  };
  alarm_.Set(In(-2), silence);
  other->Set(In(-2), silence);
  context.run();
  EXPECT_EQ(log_, "one ");
}

TEST_F(AsioAlarmTest, MayBeSetAgainWhenItRings) {
  alarm_.Set(In(-1), [&] {
    log_ += "first ";
    alarm_.Set(In(-1), Ring("second"));
  });
  context.run();
  EXPECT_EQ(log_, "first second ");
}

}  // namespace
}  // namespace assay
