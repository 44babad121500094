// Gathering in virtual time: how many at once, in which order, and how it ends.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/gather/gather.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using fixture::VirtualTime;
using std::chrono::seconds;

const Error kDown{ErrorCode::kConnectRefused, "refused"};

class GatherAsync : public testing::Test {
 protected:
  // Input n takes n seconds; -n fails after as many, 100 + n throws.
  awaitable<Result<int>> Call(int input) {
    most_ = std::max(most_, ++running_);
    ++begun_;
    struct Leave {
      ~Leave() { --running; }
      int& running;
    } const leave{running_};
    VirtualTime::Nap nap(time_);
    const int needed = std::abs(input) % 100;
    co_await nap.Until(Deadline::After(time_.Now(), seconds(needed)));
    if (input >= 100) throw std::runtime_error("thrown");
    if (input < 0) co_return kDown;
    co_return input;
  }
  auto Calls() {
    return [this](int input) { return Call(input); };
  }

  template <class T>
  awaitable<void> Keep(awaitable<T> task, std::optional<T>& result) {
    result = co_await std::move(task);
  }
  template <class T>
  std::optional<T> Run(awaitable<T> task, Duration duration = std::chrono::hours(1)) {
    std::optional<T> result;
    asio::co_spawn(context_, Keep(std::move(task), result),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown) {
                     thrown_ = thrown;
                     ended_at_ = time_.Now();
                   }));
    time_.RunFor(duration);
    return result;
  }
  int Seconds() const {
    return static_cast<int>(std::chrono::duration_cast<seconds>(ended_at_ - begin_).count());
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint begin_ = time_.Now();
  asio::cancellation_signal signal_{};
  std::exception_ptr thrown_{};
  TimePoint ended_at_{};
  int running_ = 0, most_ = 0, begun_ = 0;
};

using Ints = std::vector<int>;

TEST_F(GatherAsync, ValuesComeInTheOrderOfTheInputs) {
  const auto got = Run(Gather(time_, 2, Ints{3, 1, 2, 1}, Calls()));
  ASSERT_TRUE(got && got->ok());
  EXPECT_EQ(got->value(), (Ints{3, 1, 2, 1}));
  EXPECT_EQ(most_, 2);
  EXPECT_EQ(Seconds(), 4);  // 3 + 1 beside 1 + 2
}

TEST_F(GatherAsync, NoMoreRunAtOnceThanTheLimit) {
  for (const int limit : {1, 3, 10}) {
    most_ = 0;
    EXPECT_TRUE((*Run(Gather(time_, limit, Ints{1, 1, 1, 1, 1}, Calls()))).ok());
    EXPECT_EQ(most_, std::min(limit, 5));
  }
}

TEST_F(GatherAsync, TheFirstErrorCancelsTheRest) {
  const auto got = Run(Gather(time_, 3, Ints{9, -2, 9, 9}, Calls()));
  EXPECT_EQ(got->error(), kDown);
  EXPECT_EQ(Seconds(), 2);
  EXPECT_EQ(begun_, 3);
  EXPECT_EQ(running_, 0);
}

TEST_F(GatherAsync, WhatIsThrownCancelsTheRestAndGoesOn) {
  Run(Gather(time_, 3, Ints{9, 102, 9}, Calls()));
  EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
  EXPECT_EQ(Seconds(), 2);
  EXPECT_EQ(running_, 0);
}

TEST_F(GatherAsync, AllOutcomesAreKeptWhereAllAreWanted) {
  const auto got = Run(GatherAll(time_, 2, Ints{2, -1, 1}, Calls()));
  ASSERT_EQ(got->value().size(), 3u);
  EXPECT_EQ(*got->value()[0], 2);
  EXPECT_EQ(got->value()[1].error(), kDown);
  EXPECT_EQ(*got->value()[2], 1);
}

TEST_F(GatherAsync, EachOutcomeComesWhenItIsThere) {
  std::string log;
  const auto take = [&](std::size_t index, const Result<int>& result) {
    log += std::to_string(index) + (result.ok() ? " " : "! ");
    return true;
  };
  EXPECT_TRUE((*Run(GatherEach(time_, 3, Ints{3, -1, 2}, Calls(), take))).ok());
  EXPECT_EQ(log, "1! 2 0 ");
}

TEST_F(GatherAsync, EnoughIsEnough) {
  int taken = 0;
  const auto take = [&](std::size_t, const Result<int>&) { return ++taken < 2; };
  EXPECT_TRUE((*Run(GatherEach(time_, 2, Ints{1, 9, 1, 9, 9}, Calls(), take))).ok());
  EXPECT_EQ(taken, 2);
  EXPECT_EQ(Seconds(), 2);
  EXPECT_EQ(begun_, 3);
}

// It has no end: inputs are taken only when a call can begin.
TEST_F(GatherAsync, InputsAreTakenOneByOne) {
  int made = 0;
  const auto endless = std::views::iota(1) | std::views::transform([&made](int) {
                         ++made;
                         return 1;
                       });
  int taken = 0;
  const auto take = [&](std::size_t, const Result<int>&) { return ++taken < 4; };
  EXPECT_TRUE((*Run(GatherEach(time_, 2, endless, Calls(), take))).ok());
  EXPECT_LE(made, 5);
}

TEST_F(GatherAsync, NothingIsGatheredFromNothing) {
  EXPECT_EQ(Run(Gather(time_, 3, Ints{}, Calls())).value().value(), Ints{});
  EXPECT_EQ(Run(Gather(time_, 3, std::views::iota(1, 1), Calls())).value().value(), Ints{});
}

TEST_F(GatherAsync, LimitsAreAtLeastOne) {
  for (const int limit : {0, -3}) {
    EXPECT_EQ((*Run(Gather(time_, limit, Ints{1}, Calls()))).error(),
              (Error{ErrorCode::kInvalidRequest,
                     "gather limit: " + std::to_string(limit) + " is not at least 1"}));
  }
  EXPECT_EQ((*Run(GatherAll(time_, 0, Ints{1}, Calls()))).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(begun_, 0);
}

TEST_F(GatherAsync, CancellingTheCallerCancelsAll) {
  Run(Gather(time_, 2, Ints{9, 9, 9}, Calls()), seconds(3));
  EXPECT_EQ(running_, 2);
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_EQ(running_, 0);
  EXPECT_EQ(begun_, 2);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  EXPECT_EQ(Seconds(), 3);
}

// A range of its own making: its end may be asked for, and its next one be long in coming.
TEST_F(GatherAsync, TheNextInputIsNotAskedForBeforeItCanBegin) {
  std::vector<int> asked;
  const auto inputs = std::views::iota(1, 4) | std::views::filter([&](int input) {
                        asked.push_back(input);
                        return true;
                      });
  const auto call = [&](int input) {
    EXPECT_EQ(asked.back(), input);
    return Call(input);
  };
  const auto got = Run(Gather(time_, 1, inputs, call));
  ASSERT_TRUE(got && got->ok());
  EXPECT_EQ(got->value(), (Ints{1, 2, 3}));
}

TEST_F(GatherAsync, WhatTheInputsThrowCancelsTheCallsAndGoesOn) {
  for (const int broken : {2, 3}) {  // while the calls are begun, and after one of them
    begun_ = 0;
    const auto inputs = std::views::iota(1) | std::views::take_while([broken](int input) {
                          if (input == broken) throw std::runtime_error("broken input");
                          return true;
                        });
    const TimePoint begin = time_.Now();
    const auto call = [this](int input) { return Call(input == 1 ? 50 : 1); };
    EXPECT_FALSE(Run(Gather(time_, 2, inputs, call)));
    ASSERT_TRUE(thrown_);
    EXPECT_THROW(std::rethrow_exception(thrown_), std::runtime_error);
    EXPECT_EQ(ended_at_, begin + seconds(broken - 2));
    EXPECT_EQ(begun_, broken - 1);
    EXPECT_EQ(running_, 0);
  }
}

// Calls that wind up in peace, and say themselves that they were cancelled.
class GatherAsyncWindingUp : public GatherAsync {
 protected:
  awaitable<Result<int>> WindUp(int input) {
    bool cancelled = false;
    try {
      co_return co_await Call(input);
    } catch (const boost::system::system_error&) {
      cancelled = true;
    }
    co_await asio::this_coro::reset_cancellation_state();
    (void)co_await Call(2);
    wound_up_ += cancelled;
    co_return Error{ErrorCode::kCancelled, "by the caller"};
  }
  auto WindingUp() {
    return [this](int input) { return WindUp(input); };
  }
  int wound_up_ = 0;
};

TEST_F(GatherAsyncWindingUp, AfterACancellationNoMoreBegin) {
  std::optional<Result<std::vector<Result<int>>>> got;
  asio::co_spawn(context_, Keep(GatherAll(time_, 2, Ints{1, 9, 9, 9}, WindingUp()), got),
                 asio::bind_cancellation_slot(signal_.slot(), asio::detached));
  time_.RunFor(seconds(2));
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_EQ(wound_up_, 2);
  EXPECT_EQ(begun_, 3 + 2);  // three calls, and the winding up of two
  EXPECT_EQ(time_.Now(), begin_ + seconds(4));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->error(), (Error{ErrorCode::kCancelled, "gather: cancelled"}));
}

TEST_F(GatherAsyncWindingUp, WhoIsWindingUpIsNotToldAgain) {
  const auto got =
      Run(Gather(time_, 3, Ints{9, -1, 9}, [this](int input) -> awaitable<Result<int>> {
        if (input < 0) return Call(input);
        return WindUp(input);
      }));
  EXPECT_EQ(got.value().error(), kDown);
  EXPECT_EQ(wound_up_, 2);
  EXPECT_EQ(Seconds(), 3);
}

}  // namespace
}  // namespace assay
