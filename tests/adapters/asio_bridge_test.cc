#include "assay/adapters/asio_bridge.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <latch>
#include <new>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/patterns/cancel_at_each.h"
#include "tests/patterns/invalid_argument.h"

namespace assay {
namespace {

namespace asio = boost::asio;

// A context that a thread runs.
struct Loop {
  ~Loop() {
    work.reset();
    thread.join();
  }
  asio::io_context context{};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  AsioTime time{context.get_executor()};
  std::thread thread{[this] { context.run(); }};
};

TEST(BlockingCalls, OptionsAreChecked) {
  const auto complaint = [](BlockingCallsOptions options) {
    return InvalidArgumentOf([&] { BlockingCalls calls(options); });
  };
  EXPECT_EQ(complaint({.threads = 0}), "blocking calls threads: 0 is not within 1 to 1024");
  EXPECT_EQ(complaint({.threads = 1025}), "blocking calls threads: 1025 is not within 1 to 1024");
  EXPECT_EQ(complaint({.queue_limit = -1}),
            "blocking calls queue_limit: -1 is not within 0 to 1000000");
  EXPECT_EQ(complaint({.threads = 1, .queue_limit = 0}), "");
}

TEST(BlockingCalls, RunElsewhereAndTheCoroutineGoesOnWhereItWas) {
  Loop loop;
  BlockingCalls calls;
  std::thread::id there;
  const auto task = [&]() -> asio::awaitable<Result<bool>> {
    const auto fn = [&there]() -> Result<int> {
      there = std::this_thread::get_id();
      return 7;
    };
    const Result<int> result = co_await calls.Run(loop.time, fn);
    EXPECT_EQ(*result, 7);
    co_return std::this_thread::get_id() == loop.thread.get_id();
  };
  EXPECT_TRUE(*Await(loop.context, task()));
  EXPECT_NE(there, loop.thread.get_id());
  EXPECT_NE(there, std::this_thread::get_id());
  EXPECT_EQ(calls.active(), 0);
}

TEST(BlockingCalls, WhatIsThrownThereIsThrownHere) {
  Loop loop;
  BlockingCalls calls;
  const auto fn = []() -> Result<int> { throw std::runtime_error("broken"); };
  EXPECT_THROW((void)Await(loop.context, calls.Run(loop.time, fn)), std::runtime_error);
}

TEST(BlockingCalls, AboveTheLimitTheyAreRefused) {
  Loop loop;
  std::latch held(1);
  BlockingCalls calls({.threads = 1, .queue_limit = 0});
  const auto fn = [&held]() -> Result<int> {
    held.wait();
    return 7;
  };
  const auto first = [&]() -> asio::awaitable<void> { (void)co_await calls.Run(loop.time, fn); };
  std::promise<void> ended;
  asio::co_spawn(loop.context, first(), [&](std::exception_ptr) { ended.set_value(); });
  while (calls.active() == 0) std::this_thread::yield();
  EXPECT_EQ(Await(loop.context, calls.Run(loop.time, fn)).error(),
            (Error{ErrorCode::kLimitReached, "blocking: full"}));
  held.count_down();
  ended.get_future().wait();
}

// The call itself cannot be cancelled; it keeps its thread until it has ended.
TEST(BlockingCalls, WhoIsCancelledDoesNotWait) {
  Loop loop;
  std::latch begun(1), held(1);
  BlockingCalls calls({.threads = 1});
  asio::cancellation_signal signal;
  const auto fn = [&]() -> Result<int> {
    begun.count_down();
    held.wait();
    return 7;
  };
  const auto waits = [&]() -> asio::awaitable<void> { (void)co_await calls.Run(loop.time, fn); };
  std::promise<bool> thrown;
  asio::co_spawn(loop.context, waits(),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr e) { thrown.set_value(e != nullptr); }));
  begun.wait();  // until then it could still be spared
  asio::post(loop.context, [&] { signal.emit(asio::cancellation_type::terminal); });
  EXPECT_TRUE(thrown.get_future().get());
  EXPECT_EQ(calls.active(), 1);
  held.count_down();
}

// Each of the moves on its way to the thread may fail.
TEST(BlockingCalls, WhatFailsOnItsWayHoldsNoPlace) {
  struct Fn {
    explicit Fn(int& moves) : left(&moves) {}
    Fn(const Fn&) = delete;
    Fn& operator=(const Fn&) = delete;
    Fn(Fn&& other) : left(other.left) {
      if (--*left == 0) throw std::bad_alloc();
    }
    Result<int> operator()() const { return 7; }
    int* left;
  };
  Loop loop;
  BlockingCalls calls;
  int failed = 0;
  for (int moves = 1;; ++moves) {
    int left = moves;
    try {
      EXPECT_EQ(*Await(loop.context, calls.Run(loop.time, Fn(left))), 7);
    } catch (const std::bad_alloc&) {
      ++failed;
      EXPECT_EQ(calls.active(), 0) << "after " << moves << " moves";
      continue;
    }
    break;
  }
  EXPECT_GE(failed, 2);
}

TEST(BlockingCalls, WhoIsCancelledInTheQueueIsNotCalled) {
  std::latch held(1);
  BlockingCalls calls({.threads = 1});
  bool called = false;
  const auto holds = [&held]() -> Result<int> {
    held.wait();
    return 7;
  };
  const auto queued = [&called]() -> Result<int> {
    called = true;
    return 7;
  };
  asio::io_context context;
  AsioTime time(context.get_executor());
  asio::cancellation_signal signal;
  const auto first = [&]() -> asio::awaitable<void> { (void)co_await calls.Run(time, holds); };
  const auto second = [&]() -> asio::awaitable<void> { (void)co_await calls.Run(time, queued); };
  asio::co_spawn(context, first(), asio::detached);
  asio::co_spawn(context, second(), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  context.poll();
  EXPECT_EQ(calls.active(), 2);
  signal.emit(asio::cancellation_type::terminal);
  context.poll();
  EXPECT_EQ(calls.active(), 2);  // a thread has to come to it, until then it is in the queue
  held.count_down();
  context.run();
  while (calls.active() > 0) std::this_thread::yield();
  EXPECT_FALSE(called);
}

// All are in the queue when it happens to them, behind one that holds the thread.
TEST(BlockingCalls, CancelledOrDestroyedAnywhere) {
  Loop loop;
  std::latch begun(1), held(1);
  std::atomic<int> made{0};
  BlockingCalls calls({.threads = 1, .queue_limit = 1000});
  const auto hold = [&]() -> Result<int> {
    begun.count_down();
    held.wait();
    return 0;
  };
  asio::co_spawn(loop.context, calls.Run(loop.time, hold), asio::detached);
  begun.wait();
  const CancelAtEach each([&](CancelPlace& place) -> asio::awaitable<void> {
    AsioTime time(place.context.get_executor());
    const auto fn = [&]() -> Result<int> { return ++made; };
    (void)co_await calls.Run(time, fn);
  });
  EXPECT_GE(each.points(), 2);
  EXPECT_GT(calls.active(), 1);
  held.count_down();
  while (calls.active() > 0) std::this_thread::yield();
  EXPECT_EQ(made, 0);
}

// As when a program ends: the call's thread is the last to know that nobody waits any more.
TEST(BlockingCalls, TheContextMayBeGoneWhenTheCallEnds) {
  std::latch held(1);
  BlockingCalls calls({.threads = 1});
  const auto fn = [&held]() -> Result<int> {
    held.wait();
    return 7;
  };
  {
    asio::io_context context;
    AsioTime time(asio::make_strand(context));
    const auto waits = [&]() -> asio::awaitable<void> { (void)co_await calls.Run(time, fn); };
    asio::co_spawn(context, waits(), asio::detached);
    context.poll();
    EXPECT_EQ(calls.active(), 1);
  }
  held.count_down();
}

TEST(Await, RefusesToWaitForItself) {
  Loop loop;
  const auto inner = []() -> asio::awaitable<Result<int>> { co_return 7; };
  const auto outer = [&]() -> asio::awaitable<Result<int>> {
    co_return Await(loop.context, inner());
  };
  EXPECT_EQ(Await(loop.context, outer()).error(),
            (Error{ErrorCode::kInvalidRequest,
                   "await: this thread runs the io_context, and would wait for itself"}));
}

TEST(Await, PassesOnErrorsAndExceptions) {
  Loop loop;
  const auto fails = []() -> asio::awaitable<Result<int>> {
    co_return Error{ErrorCode::kIo, "disk full"};
  };
  EXPECT_EQ(Await(loop.context, fails()).error().message, "disk full");
  const auto throws = []() -> asio::awaitable<Result<int>> {
    throw std::runtime_error("broken");
    co_return 7;
  };
  EXPECT_THROW((void)Await(loop.context, throws()), std::runtime_error);
}

TEST(Await, NoticesThatTheContextHasGone) {
  std::optional<asio::io_context> context(std::in_place);
  std::latch begun(1);
  const auto task = [&]() -> asio::awaitable<Result<int>> {
    asio::steady_timer never(*context, asio::steady_timer::time_point::max());
    begun.count_down();
    co_await never.async_wait(asio::use_awaitable);
    co_return 7;
  };
  Error error{};
  std::thread waits([&] { error = Await(*context, task()).error(); });
  while (!begun.try_wait()) context->poll_one(), context->restart();
  context.reset();
  waits.join();
  EXPECT_EQ(error, (Error{ErrorCode::kCancelled,
                          "await: the io_context went before the coroutine had ended"}));
}

// The task may refer to what goes as soon as Await() has returned.
TEST(Await, DoesNotReturnBeforeATaskThatNeverBeganIsGone) {
  struct Argument {
    explicit Argument(std::atomic<bool>& flag) : returned(&flag) {}
    Argument(Argument&& other) noexcept : returned(std::exchange(other.returned, nullptr)) {}
    Argument& operator=(Argument&&) = delete;
    ~Argument() {
      if (returned == nullptr) return;
      for (int i = 0; i < 10'000 && !*returned; ++i) std::this_thread::yield();
      EXPECT_FALSE(*returned);
    }
    std::atomic<bool>* returned;
  };
  const auto task = [](Argument) -> asio::awaitable<Result<int>> { co_return 7; };
  std::atomic<bool> returned = false;
  asio::io_context context;
  Awaited<int> awaited;
  std::thread waits;
  {
    const Awaited<int>::Beginning queued(awaited, context, task(Argument(returned)));
    waits = std::thread([&] {
      EXPECT_FALSE(awaited.Get().ok());
      returned = true;
    });
  }
  waits.join();
}

}  // namespace
}  // namespace assay
