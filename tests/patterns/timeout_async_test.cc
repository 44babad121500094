// Time-outs in coroutines: who does not end in time is cancelled, and waited for.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/timeout/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

class TimeoutAsync : public testing::Test {
 protected:
  // A call that takes so long.
  asio::awaitable<Result<int>> Work(Duration needed) {
    VirtualTime::Nap nap(time_);
    try {
      co_await nap.Until(Deadline::After(time_.Now(), needed));
    } catch (...) {
      cancelled_at_ = time_.Now();
      throw;
    }
    co_return result_;
  }

  template <class F>
  asio::awaitable<void> Await(F fn, Deadline outer) {
    got_ = co_await CallAsync(timeout_, time_, outer, std::move(fn));
  }
  template <class F>
  void Start(F fn, Deadline outer = Deadline::Never()) {
    asio::co_spawn(context_, Await(std::move(fn), outer),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown) {
                     thrown_ = thrown;
                     ended_at_ = time_.Now();
                   }));
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint begin_ = time_.Now();
  Timeout timeout_{{.limit = seconds(5)}};
  asio::cancellation_signal signal_{};
  Result<int> result_ = 7;
  Result<int> got_ = 0;
  std::exception_ptr thrown_{};
  TimePoint ended_at_{}, cancelled_at_{};
};

TEST_F(TimeoutAsync, WhatEndsInTimeIsTheResult) {
  Start([this](Deadline deadline) {
    EXPECT_EQ(deadline, Deadline::At(begin_ + seconds(5)));
    return Work(seconds(4));
  });
  time_.Run();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_ + seconds(4));
  EXPECT_EQ(time_.Now(), ended_at_);  // nobody waits for the deadline any more
}

TEST_F(TimeoutAsync, AnErrorInTimeIsPassedOn) {
  result_ = Error{ErrorCode::kTimeout, "read"};
  Start([this](Deadline) { return Work(seconds(4)); });
  time_.Run();
  EXPECT_EQ(got_.error(), result_.error());
}

TEST_F(TimeoutAsync, WhatDoesNotEndIsCancelled) {
  Start([this](Deadline) { return Work(seconds(9)); });
  time_.Run();
  EXPECT_EQ(got_.error(), (Error{ErrorCode::kTimeout, "timeout: not done within 5 s"}));
  EXPECT_EQ(cancelled_at_, begin_ + seconds(5));
  EXPECT_EQ(ended_at_, begin_ + seconds(5));
  EXPECT_EQ(timeout_.Snapshot().expired, 1u);
}

TEST_F(TimeoutAsync, TheCallersDeadlineMayBeEarlier) {
  Start([this](Deadline) { return Work(seconds(9)); }, Deadline::At(begin_ + seconds(2)));
  time_.Run();
  EXPECT_EQ(got_.error().message, "timeout: not done before the caller's deadline");
  EXPECT_EQ(ended_at_, begin_ + seconds(2));
}

// It is waited for, and what it still brings home counts.
TEST_F(TimeoutAsync, WhoIsDeafToCancellingMayBringItsResultLate) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_return co_await Work(seconds(9));
  });
  time_.Run();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_ + seconds(9));
  EXPECT_EQ(timeout_.Snapshot().expired, 0u);
}

TEST_F(TimeoutAsync, WhatItThrowsGoesOnToTheCaller) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    co_await Work(seconds(1));
    throw std::runtime_error("broken");
  });
  time_.Run();
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
}

TEST_F(TimeoutAsync, AnErrorAfterTheDeadlineIsExplained) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    try {
      co_await Work(seconds(9));
    } catch (const boost::system::system_error&) {
    }
    co_return Error{ErrorCode::kTimeout, "read"};
  });
  time_.Run();
  EXPECT_EQ(got_.error().message, "timeout: not done within 5 s; read");
}

// What goes wrong while it winds up is no time-out.
TEST_F(TimeoutAsync, WhatItThrowsAfterTheDeadlineGoesOnToo) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    try {
      co_await Work(seconds(9));
    } catch (const boost::system::system_error&) {
      throw std::runtime_error("broken");
    }
    co_return 7;
  });
  time_.Run();
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
  EXPECT_EQ(timeout_.Snapshot().expired, 0u);
}

TEST_F(TimeoutAsync, AnErrorOfAsioThatIsNoCancellationGoesOnToo) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    try {
      co_await Work(seconds(9));
    } catch (const boost::system::system_error&) {
      throw boost::system::system_error(asio::error::connection_reset);
    }
    co_return 7;
  });
  time_.Run();
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
}

TEST_F(TimeoutAsync, CancellingTheCallerCancelsTheCall) {
  Start([this](Deadline) { return Work(seconds(4)); });
  time_.RunFor(seconds(1));
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  EXPECT_EQ(cancelled_at_, begin_ + seconds(1));
  EXPECT_EQ(time_.Now(), begin_ + seconds(1));
  EXPECT_EQ(timeout_.Snapshot().expired, 0u);
}

TEST_F(TimeoutAsync, WhatNeedNotWaitIsDoneAtOnce) {
  Start([](Deadline) -> asio::awaitable<Result<int>> { co_return 7; });
  context_.poll();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_);
}

// Whether the call ends before the alarm rings or after it, it is the same instant.
TEST_F(TimeoutAsync, AtTheInstantOfTheDeadlineTheResultCounts) {
  Start([this](Deadline) { return Work(seconds(5)); });
  time_.Run();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_ + seconds(5));
  const auto in_two_steps = [this](Deadline) -> asio::awaitable<Result<int>> {
    (void)co_await Work(seconds(2));
    co_return co_await Work(seconds(3));
  };
  got_ = 0;
  Start(in_two_steps);
  time_.Run();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_ + seconds(10));
  EXPECT_EQ(timeout_.Snapshot().expired, 0u);
}

TEST_F(TimeoutAsync, ADeadlineThatIsOverLeavesTimeForWhatNeedNotWait) {
  Start([](Deadline) -> asio::awaitable<Result<int>> { co_return 7; }, Deadline::At(begin_));
  time_.Run();
  EXPECT_EQ(*got_, 7);
  Start([this](Deadline) { return Work(seconds(1)); }, Deadline::At(begin_));
  time_.Run();
  EXPECT_EQ(got_.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(ended_at_, begin_);
}

// Its winding up is not cancelled at the deadline, and is no time-out.
TEST_F(TimeoutAsync, WhoWasCancelledBeforeTheDeadlineIsNotLate) {
  Start([this](Deadline) -> asio::awaitable<Result<int>> {
    bool cancelled = false;
    try {
      (void)co_await Work(seconds(4));
    } catch (const boost::system::system_error&) {
      cancelled = true;
    }
    if (!cancelled) co_return 8;
    co_await asio::this_coro::reset_cancellation_state();
    co_return co_await Work(seconds(9));
  });
  time_.RunFor(seconds(1));
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_EQ(*got_, 7);
  EXPECT_EQ(ended_at_, begin_ + seconds(10));
  EXPECT_EQ(timeout_.Snapshot().expired, 0u);
}

}  // namespace
}  // namespace assay
