// A stack around a planned call in virtual time: the scene of stack_async_test.cc and
// stack_async_cancel_test.cc.
#ifndef ASSAY_TESTS_STACK_STACK_SCENE_H_
#define ASSAY_TESTS_STACK_STACK_SCENE_H_

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/core/cancellation.h"
#include "assay/fixture/fakes/virtual_time.h"
#include "assay/stack/call_async.h"
#include "tests/stack/stack_patterns.h"

namespace assay::stack_scene {

namespace asio = boost::asio;
using asio::awaitable;
using fixture::VirtualTime;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline const Error kDown{ErrorCode::kConnectRefused, "refused"};

// Virtual time that counts how often it is read.
class CountingTime : public VirtualTime {
 public:
  using VirtualTime::VirtualTime;
  TimePoint Now() const noexcept {
    ++reads;
    return VirtualTime::Now();
  }
  mutable int reads = 0;
};

// How long a try takes, and what it comes to; `throws` comes first.
struct Planned {
  Duration needed = milliseconds(10);
  Result<int> result = 7;
  bool throws = false;
};

class StackScene : public testing::Test, protected StackPatterns {
 protected:
  StackScene() : StackPatterns(1) {}

  awaitable<Result<int>> Attempt(const Try& attempt) {
    const std::size_t number = begun_++;
    deadlines_.push_back(attempt.deadline);
    attempts_.push_back(attempt.attempt);
    active_in_tries_.push_back(semaphore_.Snapshot().active);
    const Planned& planned = plan_.at(number);
    VirtualTime::Nap nap(time_);
    try {
      co_await nap.Until(Deadline::After(Now(), planned.needed));
    } catch (...) {
      cancelled_at_ = Since();
      throw;
    }
    if (planned.throws) throw std::runtime_error("broken");
    co_return planned.result;
  }
  auto Attempts() {
    return [this](const Try& attempt) { return Attempt(attempt); };
  }

  template <class AnyStack>
  awaitable<void> Keep(AnyStack stack, RetryRequest request) {
    got_ = co_await CallAsync(stack, time_, request, Attempts());
  }
  template <class AnyStack>
  void Start(const AnyStack& stack, std::vector<Planned> plan,
             RetryRequest request = {.repeatable = true}) {
    Spawn(Keep(stack, request), std::move(plan));
  }
  void Spawn(awaitable<void> task, std::vector<Planned> plan) {
    plan_ = std::move(plan);
    begun_ = 0;
    got_.reset();
    thrown_ = nullptr;
    asio::co_spawn(context_, std::move(task),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown) {
                     thrown_ = thrown;
                     ended_at_ = Since();
                   }));
  }
  template <class AnyStack>
  Result<int> Do(const AnyStack& stack, std::vector<Planned> plan,
                 RetryRequest request = {.repeatable = true}) {
    Start(stack, std::move(plan), request);
    time_.Run();
    return got_.value_or(Result<int>());
  }

  // Cancels what runs, and then lets it end.
  void Cancel() {
    signal_.emit(asio::cancellation_type::terminal);
    time_.RunFor(Duration(0));
    ASSERT_TRUE(thrown_);
    EXPECT_TRUE((Cancellation<VirtualTime::Task<void>>::Is(thrown_)));
    EXPECT_EQ(ended_at_, Since());
  }
  void ExpectNothingHeld() {
    EXPECT_EQ(semaphore_.Snapshot().active, 0);
    EXPECT_EQ(semaphore_.Snapshot().queued, 0);
    EXPECT_EQ(breaker_.Snapshot(Now()).consecutive_failures, 0u);
  }

  TimePoint Now() const { return static_cast<const VirtualTime&>(time_).Now(); }
  Duration Since() const { return Now() - begin_; }
  Deadline At(Duration since) const { return Deadline::At(begin_ + since); }

  asio::io_context context_{};
  CountingTime time_{context_};
  const TimePoint begin_ = Now();
  asio::cancellation_signal signal_{};
  std::vector<Planned> plan_{};
  std::size_t begun_ = 0;
  std::vector<Deadline> deadlines_{};
  std::vector<std::int64_t> attempts_{};
  std::vector<int> active_in_tries_{};
  std::optional<Result<int>> got_{};
  std::exception_ptr thrown_{};
  Duration ended_at_{}, cancelled_at_{-1};

  // Without time-outs, and so without a child for each try.
  Stack<RateLimiter, const Off, Retry, const Off, CircuitBreaker, Semaphore> untimed_{
      limiter_, off, retry_, off, breaker_, semaphore_};
};

}  // namespace assay::stack_scene

#endif  // ASSAY_TESTS_STACK_STACK_SCENE_H_
