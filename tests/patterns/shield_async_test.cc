// Work that outlives its caller, in virtual time.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/shield/shield.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using fixture::VirtualTime;
using std::chrono::seconds;

class ShieldAsync : public testing::Test {
 protected:
  using Scope = ShieldScope<VirtualTime>;

  awaitable<Result<int>> Work(int needed, Result<int> result, bool throws) {
    VirtualTime::Nap nap(time_);
    try {
      if (needed > 0) co_await nap.Until(Deadline::After(time_.Now(), seconds(needed)));
    } catch (...) {
      Log("work cancelled");
      throw;
    }
    Log("work done");
    if (throws) throw std::runtime_error("broken");
    co_return result;
  }
  void Log(const std::string& what) {
    const auto at = std::chrono::duration_cast<seconds>(time_.Now() - begin_).count();
    log_ += what + "@" + std::to_string(at) + " ";
  }

  awaitable<void> UntilCancelled() {
    VirtualTime::Nap nap(time_);
    try {
      co_await nap.Until(Deadline::Never());
    } catch (const boost::system::system_error&) {
    }
  }
  awaitable<void> CancelAt(TimePoint at) {
    VirtualTime::Nap nap(time_);
    co_await nap.Until(Deadline::At(at));
    signal_.emit(asio::cancellation_type::terminal);
  }

  awaitable<void> Ask(Scope& scope) {
    const auto work = [this] { return Work(needed_, result_, throws_); };
    if (asks_when_cancelled_) co_await UntilCancelled();
    try {
      Result<int> got = co_await scope.Shield(work);
      Log(got.ok() ? "caller got " + std::to_string(*got) : "caller got " + got.error().message);
    } catch (const boost::system::system_error&) {
      Log("caller cancelled");
    } catch (const std::runtime_error& error) {
      Log(std::string("caller caught ") + error.what());
    }
  }

  awaitable<bool> Region(AsioChildren& children) {
    Scope scope(time_, children, [this](const ShieldLoss& loss) {
      Log(loss.error ? "lost " + loss.error->message : "lost an exception");
    });
    asio::co_spawn(context_, Ask(scope),
                   asio::bind_cancellation_slot(signal_.slot(), asio::detached));
    for (const auto& [name, patience] : others_who_join_) {
      children.Spawn(JoinToo(scope, name, patience));
    }
    VirtualTime::Nap nap(time_);
    co_await nap.Until(Deadline::After(time_.Now(), seconds(2)));
    const bool all = co_await scope.Join(Deadline::After(time_.Now(), patience_));
    Log(all ? "joined" : "not joined");
    co_return all;
  }
  awaitable<void> JoinToo(Scope& scope, std::string name, Duration patience) {
    const bool all = co_await scope.Join(Deadline::After(time_.Now(), patience));
    Log(name + (all ? " joined" : " did not join"));
  }
  awaitable<void> Main() {
    const auto body = [this](AsioChildren& children) { return Region(children); };
    co_await time_.WithChildren<bool>(body);
    Log("over");
  }
  // The caller is cancelled after a second, if at all.
  std::string Run(bool cancel) {
    asio::co_spawn(context_, Main(), asio::detached);
    time_.RunFor(seconds(1));
    if (cancel) signal_.emit(asio::cancellation_type::terminal);
    time_.Run();
    return log_;
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint begin_ = time_.Now();
  asio::cancellation_signal signal_{};
  int needed_ = 5;
  Result<int> result_ = 7;
  bool throws_ = false;
  bool asks_when_cancelled_ = false;
  std::vector<std::pair<std::string, Duration>> others_who_join_{};
  Duration patience_ = seconds(100);
  std::string log_{};
};

TEST_F(ShieldAsync, WithoutCancellingItIsACall) {
  EXPECT_EQ(Run(false), "work done@5 joined@5 caller got 7@5 over@5 ");
}

TEST_F(ShieldAsync, TheWorkGoesOnWhenItsCallerIsCancelled) {
  EXPECT_EQ(Run(true), "caller cancelled@1 work done@5 joined@5 over@5 ");
}

TEST_F(ShieldAsync, AnErrorThatNobodyWaitsForIsHandedOn) {
  result_ = Error{ErrorCode::kIo, "disk full"};
  EXPECT_EQ(Run(true), "caller cancelled@1 work done@5 lost disk full@5 joined@5 over@5 ");
}

TEST_F(ShieldAsync, AnErrorThatSomebodyWaitsForIsHis) {
  result_ = Error{ErrorCode::kIo, "disk full"};
  EXPECT_EQ(Run(false), "work done@5 joined@5 caller got disk full@5 over@5 ");
}

TEST_F(ShieldAsync, SoAreExceptions) {
  throws_ = true;
  EXPECT_EQ(Run(true), "caller cancelled@1 work done@5 lost an exception@5 joined@5 over@5 ");
}

TEST_F(ShieldAsync, AnExceptionReachesTheCaller) {
  throws_ = true;
  EXPECT_EQ(Run(false), "work done@5 joined@5 caller caught broken@5 over@5 ");
}

// The bound on the shielded time: after it the region ends, and with it the work.
TEST_F(ShieldAsync, PatienceHasAnEnd) {
  patience_ = seconds(1);
  EXPECT_EQ(Run(true),
            "caller cancelled@1 not joined@3 work cancelled@3 lost an exception@3 over@3 ");
}

TEST_F(ShieldAsync, NothingToWaitForIsJoinedAtOnce) {
  needed_ = 1;
  EXPECT_EQ(Run(false), "work done@1 caller got 7@1 joined@2 over@2 ");
}

// As one that cleans up after a time-out does.
TEST_F(ShieldAsync, WhoHasBeenCancelledAlreadyMayAsk) {
  asks_when_cancelled_ = true;
  EXPECT_EQ(Run(true), "caller cancelled@1 work done@6 joined@6 over@6 ");
}

TEST_F(ShieldAsync, WhatHeDoesNotWaitForIsHandedOn) {
  asks_when_cancelled_ = true;
  result_ = Error{ErrorCode::kIo, "disk full"};
  EXPECT_EQ(Run(true), "caller cancelled@1 work done@6 lost disk full@6 joined@6 over@6 ");
}

TEST_F(ShieldAsync, AlsoWhereItHasEndedBeforeHeCouldWait) {
  asks_when_cancelled_ = true;
  needed_ = 0;
  result_ = Error{ErrorCode::kIo, "disk full"};
  EXPECT_EQ(Run(true), "work done@1 lost disk full@1 caller cancelled@1 joined@2 over@2 ");
}

TEST_F(ShieldAsync, WorkThatEndsAtOnceIsACallToo) {
  needed_ = 0;
  EXPECT_EQ(Run(false), "work done@0 caller got 7@0 joined@2 over@2 ");
}

// The caller is cancelled just before, and just after its work ends: its error has one reader.
TEST_F(ShieldAsync, WorkMayEndWhileItsCallerIsBeingCancelled) {
  result_ = Error{ErrorCode::kIo, "disk full"};
  needed_ = 1;
  asio::co_spawn(context_, CancelAt(begin_ + seconds(1)), asio::detached);
  EXPECT_EQ(Run(false), "work done@1 caller got disk full@1 joined@2 over@2 ");
}
TEST_F(ShieldAsync, WorkMayHaveEndedWhenItsCallerIsCancelled) {
  result_ = Error{ErrorCode::kIo, "disk full"};
  needed_ = 1;
  asio::post(context_, [this] {
    asio::post(context_,
               [this] { asio::co_spawn(context_, CancelAt(begin_ + seconds(1)), asio::detached); });
  });
  EXPECT_EQ(Run(false), "work done@1 caller got disk full@1 joined@2 over@2 ");
}

TEST_F(ShieldAsync, SeveralMayJoin) {
  others_who_join_ = {{"a", seconds(100)}, {"b", seconds(3)}, {"c", seconds(50)}};
  EXPECT_EQ(Run(false),
            "b did not join@3 work done@5 a joined@5 c joined@5 joined@5 caller got 7@5 over@5 ");
}

}  // namespace
}  // namespace assay
