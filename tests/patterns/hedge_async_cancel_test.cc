// Hedged calls that are cancelled, and attempts that do not listen.
#include <gtest/gtest.h>

#include "tests/patterns/hedge_scene.h"

namespace assay {
namespace {

using namespace hedge_scene;

class HedgeAsyncCancel : public HedgeScene {};

TEST_F(HedgeAsyncCancel, CancellingTheCallerCancelsAllAttempts) {
  Hedge hedge({.delay = seconds(3)});
  Run(hedge, {{9, 7}, {9, 8}}, seconds(5));
  EXPECT_FALSE(ended_);
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_TRUE(ended_);
  ASSERT_TRUE(thrown_);
  EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  EXPECT_EQ(log_, "begin0@0 begin1@3 cancelled0@5 cancelled1@5 ");
  EXPECT_EQ(hedge.Snapshot().won, 0u);
}

TEST_F(HedgeAsyncCancel, WhoIsCancelledBeginsNoMore) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
  Run(hedge, {{9, 7}, {9, 8}, {9, 9}}, seconds(1));
  signal_.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_TRUE(thrown_);
  EXPECT_EQ(log_, "begin0@0 cancelled0@1 ");
  EXPECT_EQ(time_.Now(), begin_ + seconds(1));
}

TEST_F(HedgeAsyncCancel, WhoIsCancelledHearsThat) {
  for (const Planned& first : {Planned{1, kDown}, Planned{1, 0, true}}) {
    Hedge hedge({.delay = seconds(3)});
    Run(hedge, {first, {9, 8}}, seconds(2));
    signal_.emit(asio::cancellation_type::terminal);
    time_.Run();
    ASSERT_TRUE(thrown_);
    EXPECT_THROW(std::rethrow_exception(thrown_), boost::system::system_error);
  }
}

class HedgeAsyncDeaf : public HedgeScene {
 protected:
  asio::awaitable<Result<int>> Deaf(int number) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    co_return co_await Attempt(number);
  }
  asio::awaitable<void> CallDeaf(Hedge& hedge) {
    const auto attempt = [this](int number) { return Deaf(number); };
    got_ = co_await CallAsync(hedge, time_, attempt);
    ended_ = true;
  }
  void RunDeaf(Hedge& hedge, std::vector<Planned> plan) {
    plan_ = std::move(plan);
    asio::co_spawn(context_, CallDeaf(hedge),
                   asio::bind_cancellation_slot(signal_.slot(), asio::detached));
  }
};

TEST_F(HedgeAsyncDeaf, AreWaitedForAndFollowedByNoOther) {
  for (const int needed : {0, 1}) {
    log_.clear();
    Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
    const TimePoint begin = time_.Now();
    RunDeaf(hedge, {{20, 7}, {needed, 8}, {1, 9}});
    time_.Run();
    EXPECT_EQ(*got_, 8);
    EXPECT_EQ(time_.Now(), begin + seconds(20));
    EXPECT_EQ(hedge.Snapshot(), (HedgeSnapshot{.hedges = 1, .won = 1}));
  }
}

TEST_F(HedgeAsyncDeaf, NorWhenTheCallerIsCancelled) {
  for (const Result<int>& end : {Result<int>(7), Result<int>(kDown)}) {
    ended_ = false;
    Hedge hedge({.max_attempts = 3, .delay = seconds(3)});
    RunDeaf(hedge, {{20, end}, {1, 8}, {1, 9}});
    time_.RunFor(seconds(1));
    signal_.emit(asio::cancellation_type::terminal);
    time_.Run();
    EXPECT_TRUE(ended_);
    EXPECT_EQ(got_.ok(), end.ok());
    EXPECT_EQ(hedge.Snapshot(), HedgeSnapshot{});
  }
}

TEST_F(HedgeAsyncDeaf, AreToldOnce) {
  Hedge hedge({.max_attempts = 3, .delay = seconds(1)});
  bool wound_up = false;
  const auto wind_up = [&]() -> asio::awaitable<Result<int>> {
    try {
      co_return co_await Attempt(0);
    } catch (const boost::system::system_error&) {
    }
    co_await asio::this_coro::reset_cancellation_state();
    VirtualTime::Nap nap(time_);
    co_await nap.Until(Deadline::After(time_.Now(), seconds(3)));
    wound_up = true;
    co_return kDown;
  };
  const auto attempt = [&](int number) { return number == 0 ? wind_up() : Attempt(number); };
  const auto call = [&]() -> asio::awaitable<void> {
    got_ = co_await CallAsync(hedge, time_, attempt);
  };
  plan_ = {{9, 7}, {9, 8}, {1, 9}};
  asio::co_spawn(context_, call(), asio::detached);
  time_.Run();
  EXPECT_EQ(*got_, 9);
  EXPECT_TRUE(wound_up);
  EXPECT_EQ(time_.Now(), begin_ + seconds(6));
}

TEST_F(HedgeAsyncCancel, WhatThrowsACancellationOfItsOwnHasFailed) {
  Hedge hedge({.delay = seconds(3)});
  const auto attempt = [](int number) -> asio::awaitable<Result<int>> {
    if (number == 0) throw boost::system::system_error(asio::error::operation_aborted);
    co_return kLate;
  };
  const auto call = [&]() -> asio::awaitable<void> {
    got_ = co_await CallAsync(hedge, time_, attempt);
  };
  asio::co_spawn(context_, call(), asio::detached);
  time_.Run();
  EXPECT_EQ(got_.error(), kLate);
}

}  // namespace
}  // namespace assay
