// Children of a body.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>

#include "tests/adapters/children_scene.h"

namespace assay {
namespace {

using namespace children_scene;

class AsioChildrenTest : public ChildrenScene {
 public:
  // What WithChildren(body) comes to, when nothing is left to run: its result, or what was thrown.
  template <class Body>
  std::string Run(Body body) {
    std::string end = "never";
    asio::co_spawn(context_, WithChildren<std::string>(context_.get_executor(), std::move(body)),
                   asio::bind_cancellation_slot(
                       signal_.slot(), [&end](std::exception_ptr error, std::string result) {
                         end = error ? What(error) : result;
                       }));
    while (time_.RunFor(std::chrono::seconds(1)), seconds_++ < 20) {
      if (seconds_ == cancel_after_) signal_.emit(asio::cancellation_type::terminal);
      if (end != "never") return end;
    }
    return end;
  }
  static std::string What(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
      return e.code() == asio::error::operation_aborted ? "cancelled" : e.what();
    } catch (const std::exception& e) {
      return e.what();
    }
  }

  int cancel_after_ = -1;  // seconds
  int seconds_ = 0;
};

TEST_F(AsioChildrenTest, WithoutChildrenItIsItsBody) {
  EXPECT_EQ(Run([](AsioChildren&) -> awaitable<std::string> { co_return "done"; }), "done");
}

TEST_F(AsioChildrenTest, WhatStillRunsIsCancelledAndWaitedFor) {
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn(Sleep(1, "a"));
              children.Spawn(Sleep(9, "b"));
              co_await Sleep(3, "body");
              EXPECT_EQ(children.running(), 2u);  // b and the body
              co_return "done";
            }),
            "done");
  EXPECT_EQ(log_, "a body b-cancelled ");
  EXPECT_EQ(seconds_, 3);
}

TEST_F(AsioChildrenTest, ABodyThatThrowsTakesItsChildrenWithIt) {
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn(Sleep(9, "a"));
              co_await Sleep(1, "body");
              throw std::runtime_error("broken");
            }),
            "broken");
  EXPECT_EQ(log_, "body a-cancelled ");
}

TEST_F(AsioChildrenTest, CancellingTheOneWhoAwaitsCancelsAll) {
  cancel_after_ = 2;
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn(Sleep(9, "a"));
              co_await Sleep(9, "body");
              co_return "done";
            }),
            "cancelled");
  EXPECT_EQ(log_, "body-cancelled a-cancelled ");
  EXPECT_LE(seconds_, 3);
}

// Which may wind up in peace, with its children.
TEST_F(AsioChildrenTest, CancellingTheOneWhoAwaitsIsForTheBodyToHear) {
  cancel_after_ = 2;
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn(Sleep(4, "a"));
              co_await SleepAgain(9, "body", 3, "end");
              co_return "done";
            }),
            "done");
  EXPECT_EQ(log_, "body-cancelled a end ");
}

// It is not the end of the others.
TEST_F(AsioChildrenTest, WhatAChildThrowsIsDropped) {
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn([]() -> awaitable<void> {
                throw std::runtime_error("broken");
                co_return;
              }());
              co_await Sleep(1, "body");
              co_return "done";
            }),
            "done");
}

TEST_F(AsioChildrenTest, AChildMayBeTheLastToEnd) {
  EXPECT_EQ(Run([this](AsioChildren& children) -> awaitable<std::string> {
              children.Spawn([](AsioChildrenTest& test) -> awaitable<void> {
                co_await asio::this_coro::throw_if_cancelled(false);
                co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
                co_await test.Sleep(5, "deaf");
              }(*this));
              co_await Sleep(1, "body");
              co_return "done";
            }),
            "done");
  EXPECT_EQ(log_, "body deaf ");
  EXPECT_EQ(seconds_, 5);
}

// As when a program ends: the body, who waits for it and children go, in an order in which none of
// them refers to what is gone.
TEST(AsioChildrenLifetime, AreDestroyedBeforeWhoWaitsForThem) {
  std::string log;
  {
    asio::io_context context;
    VirtualTime time(context);
    const auto parent = [&]() -> awaitable<void> {
      const Leave leave{log, "parent"};
      std::string mine = "child ";  // which they refer to
      const auto child = [&] { return Endless(time, log, mine); };
      const auto body = [&](AsioChildren& children) -> awaitable<bool> {
        children.Spawn(child());
        children.Spawn(child());
        co_await child();
        co_return true;
      };
      co_await WithChildren<bool>(context.get_executor(), body);
    };
    asio::co_spawn(context, parent(), asio::detached);
    time.RunFor(std::chrono::seconds(1));
    EXPECT_EQ(log, "");
  }
  EXPECT_EQ(log, "child child child parent");
}

}  // namespace
}  // namespace assay
