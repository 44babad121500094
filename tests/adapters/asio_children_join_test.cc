#include <gtest/gtest.h>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "tests/adapters/children_scene.h"

namespace assay {
namespace {

using namespace children_scene;

// Children without a body: begun and joined by the coroutine itself.
class AsioChildrenJoinTest : public ChildrenScene {
 public:
  using Children = AsioChildren;

  // Runs scene(children), which must leave none of them running.
  template <class Scene>
  void Join(Scene scene) {
    const auto run = [&]() -> awaitable<void> {
      AsioChildren children(time_);
      co_await scene(children);
      EXPECT_EQ(children.running(), 0u);
      log_ += "joined@" + std::to_string(Seconds());
    };
    asio::co_spawn(context_, run(), asio::bind_cancellation_slot(signal_.slot(), asio::detached));
    time_.RunFor(std::chrono::seconds(2));
    if (cancelled_after_2_) signal_.emit(asio::cancellation_type::terminal);
    time_.Run();
  }
  std::int64_t Seconds() const { return (time_.Now() - begin_) / std::chrono::seconds(1); }
  // Cancelled, it goes on for so long.
  awaitable<void> Deaf(int seconds, std::string name) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await Sleep(seconds, name);
  }

  const TimePoint begin_ = time_.Now();
  bool cancelled_after_2_ = false;
};

TEST_F(AsioChildrenJoinTest, OneThatNeedNotWaitHasEndedWithinTheCall) {
  Join([this](Children& children) -> awaitable<void> {
    children.Spawn([](std::string& log) -> awaitable<void> {
      log += "run ";
      co_return;
    }(log_));
    EXPECT_EQ(log_, "run ");
    EXPECT_EQ(children.running(), 0u);
    co_return;
  });
  EXPECT_EQ(log_, "run joined@0");
}

TEST_F(AsioChildrenJoinTest, GoesOnWhenTheLastHasEnded) {
  Join([this](Children& children) -> awaitable<void> {
    children.Spawn(Sleep(3, "a"));
    children.Spawn(Sleep(1, "b"));
    EXPECT_EQ(children.running(), 2u);
    co_await children.Join();
    EXPECT_FALSE(children.cancelled());
  });
  EXPECT_EQ(log_, "b a joined@3");
}

TEST_F(AsioChildrenJoinTest, WaitsForThoseTooThatAreBegunMeanwhile) {
  Join([this](Children& children) -> awaitable<void> {
    const auto first = [&]() -> awaitable<void> {
      co_await Sleep(1, "a");
      children.Spawn(Sleep(4, "b"));
    };
    children.Spawn(first());
    co_await children.Join();
  });
  EXPECT_EQ(log_, "a b joined@5");
}

TEST_F(AsioChildrenJoinTest, CancelIsForAllAndTheyAreWaitedFor) {
  Join([this](Children& children) -> awaitable<void> {
    const auto last = [&]() -> awaitable<void> {
      co_await Sleep(1, "a");
      children.Cancel();
    };
    children.Spawn(Sleep(9, "b"));
    children.Spawn(Deaf(4, "deaf"));
    children.Spawn(last());
    co_await children.Join();
    EXPECT_TRUE(children.cancelled());
  });
  EXPECT_EQ(log_, "a b-cancelled deaf joined@4");
}

TEST_F(AsioChildrenJoinTest, CancelledAgainTheyAreToldAgain) {
  Join([this](Children& children) -> awaitable<void> {
    const auto cancel = [&]() -> awaitable<void> {
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      for (int i = 0; i < 2; ++i) {
        co_await Sleep(1, "one");
        children.Cancel();
      }
    };
    children.Spawn(SleepAgain(9, "a", 9, "again"));
    children.Spawn(cancel());
    co_await children.Join();
  });
  EXPECT_EQ(log_, "one a-cancelled one again-cancelled joined@2");
}

TEST_F(AsioChildrenJoinTest, CancellingTheOneWhoJoinsCancelsThemAndThrowsNothing) {
  cancelled_after_2_ = true;
  Join([this](Children& children) -> awaitable<void> {
    children.Spawn(Sleep(9, "a"));
    children.Spawn(Deaf(5, "deaf"));
    co_await children.Join();
    EXPECT_TRUE(children.cancelled());
  });
  EXPECT_EQ(log_, "a-cancelled deaf joined@5");
}

// A co_await would throw by then, and leave them alone.
TEST_F(AsioChildrenJoinTest, WhoIsCancelledBeforeItJoinsJoinsAllTheSame) {
  Join([this](Children& children) -> awaitable<void> {
    children.Spawn(Sleep(9, "a"));
    signal_.emit(asio::cancellation_type::terminal);
    co_await children.Join();
    EXPECT_TRUE(children.cancelled());
  });
  EXPECT_EQ(log_, "a-cancelled joined@0");
}

TEST_F(AsioChildrenJoinTest, WhoHasAskedNotToBeToldIsNot) {
  Join([this](Children& children) -> awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    signal_.emit(asio::cancellation_type::terminal);
    children.Spawn(Sleep(2, "a"));
    co_await children.Join();
    EXPECT_FALSE(children.cancelled());
  });
  EXPECT_EQ(log_, "a joined@2");
}

// One that is told may end within the call, and begin another one, or end the others.
TEST_F(AsioChildrenJoinTest, ChildrenMayEndWhileAllAreBeingCancelled) {
  asio::cancellation_signal ended;
  const auto at_once = [&](std::string name, auto then) -> awaitable<void> {
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void()>(
        [](auto handler) {
          auto slot = asio::get_associated_cancellation_slot(handler);
          auto kept = std::make_shared<decltype(handler)>(std::move(handler));
          slot.assign([kept](asio::cancellation_type) {
            const auto last = kept;
            std::move (*last)();
          });
        },
        token);
    log_ += name + " ";
    then();
  };
  Join([&](Children& children) -> awaitable<void> {
    const auto nothing = [] {};
    const auto cancel = [&] { children.Cancel(); };
    children.Spawn(at_once("a", nothing));
    children.Spawn(at_once("b", cancel));
    const auto begin = [&] { children.Spawn(Sleep(9, "f")); };
    children.Spawn(at_once("c", begin));
    children.Spawn(Sleep(9, "d"));
    const auto last = [&]() -> awaitable<void> {
      co_await Sleep(1, "e");
      children.Cancel();
    };
    children.Spawn(last());
    co_await children.Join();
  });
  EXPECT_EQ(log_, "e a b c d-cancelled f-cancelled joined@1");
}

TEST(AsioChildrenLifetime, TheOneWhoJoinsGoesAfterThem) {
  std::string log;
  {
    asio::io_context context;
    VirtualTime time(context);
    const auto parent = [&]() -> awaitable<void> {
      const Leave leave{log, "parent"};
      std::string mine = "child ";  // which they refer to
      const auto child = [&] { return Endless(time, log, mine); };
      AsioChildren children(time);
      children.Spawn(child());
      children.Spawn(child());
      co_await children.Join();
    };
    asio::co_spawn(context, parent(), asio::detached);
    time.RunFor(std::chrono::seconds(1));
    EXPECT_EQ(log, "");
  }
  EXPECT_EQ(log, "child child parent");
}

// The child is destroyed, and with it who waits for it: nobody is left to be told.
TEST_F(AsioChildrenJoinTest, WhoHasGoneIsNotCancelledAnyMore) {
  std::shared_ptr<void> waits;
  const auto child = [&]() -> awaitable<void> {
    const Leave gone{log_, "child "};
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void()>(
        [&waits](auto handler) { waits = std::make_shared<decltype(handler)>(std::move(handler)); },
        token);
  };
  const auto parent = [&]() -> awaitable<void> {
    const Leave leave{log_, "parent"};
    AsioChildren children(time_);
    children.Spawn(child());
    co_await children.Join();
  };
  asio::co_spawn(context_, parent(), asio::bind_cancellation_slot(signal_.slot(), asio::detached));
  time_.Run();
  waits.reset();
  time_.Run();
  EXPECT_EQ(log_, "child parent");
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
}

}  // namespace
}  // namespace assay
