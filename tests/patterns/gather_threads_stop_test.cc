// How gatherings on threads end before their inputs do: at an error, an exception, or when it is
// enough.
#include <gtest/gtest.h>

#include <latch>
#include <ranges>
#include <stdexcept>
#include <stop_token>

#include "tests/patterns/gather_threads_scene.h"

namespace assay::gather_threads {
namespace {

const Error kStopped{ErrorCode::kCancelled, "nobody wants it"};

TEST(GatherThreads, TheFirstErrorStopsTheRest) {
  Room room;
  std::latch all_there(3);
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    const Room::Stay stay(room);
    all_there.arrive_and_wait();
    if (input < 0) return kDown;
    WaitUntilStopped(stop);
    return kStopped;
  };
  EXPECT_EQ(Gather(3, Ints{9, -2, 9, 9, 9}, call).error(), kDown);
  EXPECT_EQ(room.visits(), 3);
  EXPECT_EQ(room.inside(), 0);
}

TEST(GatherThreads, WhatIsThrownStopsTheRestAndGoesOn) {
  Room room;
  std::latch all_there(3);
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    const Room::Stay stay(room);
    all_there.arrive_and_wait();
    if (input < 0) throw std::runtime_error("thrown");
    WaitUntilStopped(stop);
    return kStopped;
  };
  EXPECT_THROW(Gather(3, Ints{9, -2, 9, 9, 9}, call), std::runtime_error);
  EXPECT_EQ(room.visits(), 3);
  EXPECT_EQ(room.inside(), 0);
}

TEST(GatherThreads, WhatIsThrownAfterTheStopIsDropped) {
  std::latch both_there(2);
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    both_there.arrive_and_wait();
    if (input < 0) return kDown;
    WaitUntilStopped(stop);
    throw std::runtime_error("thrown");
  };
  EXPECT_EQ(Gather(2, Ints{9, -2}, call).error(), kDown);
}

TEST(GatherThreads, TheFirstOfTwoExceptionsIsTheOne) {
  std::latch both_there(2);
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    both_there.arrive_and_wait();
    if (input < 0) throw std::runtime_error("first");
    WaitUntilStopped(stop);
    throw std::logic_error("second");
  };
  EXPECT_THROW(Gather(2, Ints{9, -2}, call), std::runtime_error);
}

TEST(GatherThreads, EnoughIsEnough) {
  Room room;
  std::latch both_there(2);
  int taken = 0;
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    const Room::Stay stay(room);
    both_there.arrive_and_wait();
    if (input > 0) WaitUntilStopped(stop);
    return input;
  };
  const auto take = [&](std::size_t, const Result<int>&) {
    ++taken;
    return false;
  };
  EXPECT_TRUE(GatherEach(2, std::views::iota(0), call, take).ok());
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(room.visits(), 2);
}

TEST(GatherThreads, WhatTakeThrowsStopsTheRestAndGoesOn) {
  Room room;
  int taken = 0;
  std::latch both_there(2);
  const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
    const Room::Stay stay(room);
    both_there.arrive_and_wait();
    if (input > 0) WaitUntilStopped(stop);
    return input;
  };
  const auto take = [&](std::size_t, const Result<int>&) -> bool {
    ++taken;
    throw std::runtime_error("thrown");
  };
  EXPECT_THROW(static_cast<void>(GatherEach(2, std::views::iota(0), call, take)),
               std::runtime_error);
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(room.visits(), 2);
}

TEST(GatherThreads, WhatTheInputsThrowStopsTheRestAndGoesOn) {
  Room room;
  for (const int bad : {0, 1, 2}) {
    int asked = 0;
    const auto inputs = std::views::iota(0) | std::views::transform([&, bad](int input) {
                          ++asked;
                          if (input == bad) throw std::runtime_error("thrown");
                          return input;
                        });
    const auto call = [&](int input, const std::stop_token& stop) -> Result<int> {
      const Room::Stay stay(room);
      WaitUntilStopped(stop);
      return input;
    };
    EXPECT_THROW(static_cast<void>(Gather(3, inputs, call)), std::runtime_error);
    EXPECT_EQ(asked, bad + 1);
    EXPECT_EQ(room.inside(), 0);
  }
}

}  // namespace
}  // namespace assay::gather_threads
