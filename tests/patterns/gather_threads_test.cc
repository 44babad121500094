// Gathering on threads, without a clock: calls wait for each other, for the stop, or not at all.
#include "assay/patterns/gather/gather_threads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <climits>
#include <cstddef>
#include <latch>
#include <memory>
#include <ranges>
#include <semaphore>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "assay/patterns/gather/gather.h"  // both may be used in one place
#include "tests/patterns/gather_threads_scene.h"

namespace assay::gather_threads {
namespace {

Result<int> Same(int input) { return input; }

TEST(GatherThreads, ValuesComeInTheOrderOfTheInputs) {
  // Each call waits for the one after it.
  std::array<std::latch, 4> ended{std::latch(1), std::latch(1), std::latch(1), std::latch(0)};
  const auto call = [&](int input) -> Result<int> {
    const auto index = static_cast<std::size_t>(input);
    ended[index].wait();
    if (index > 0) ended[index - 1].count_down();
    return 10 * input;
  };
  EXPECT_EQ(Gather(4, Ints{0, 1, 2, 3}, call).value(), (Ints{0, 10, 20, 30}));
}

TEST(GatherThreads, AsManyRunAtOnceAsTheLimitAndNoMore) {
  for (const int limit : {1, 3}) {
    Room room;
    std::latch all_there(limit);
    const auto call = [&](int input) -> Result<int> {
      const Room::Stay stay(room);
      if (input < limit) all_there.arrive_and_wait();
      return input;
    };
    EXPECT_EQ(Gather(limit, std::views::iota(0, 50), call).value().size(), 50u);
    EXPECT_EQ(room.most(), limit);
    EXPECT_EQ(room.inside(), 0);
  }
}

TEST(GatherThreads, TheCallersThreadMakesCallsToo) {
  std::set<std::thread::id> threads;
  const auto call = [&](int input) -> Result<int> {
    threads.insert(std::this_thread::get_id());
    return input;
  };
  EXPECT_TRUE(Gather(1, Ints{1, 2, 3}, call).ok());
  EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
}

TEST(GatherThreads, NoThreadBeginsWithoutAnInput) {
  const Ints few{1, 2, 3};
  EXPECT_EQ(Gather(INT_MAX, few, Same).value(), few);
  EXPECT_EQ(Gather(INT_MAX, few | std::views::filter([](int) { return true; }), Same).value(), few);
}

TEST(GatherThreads, AllOutcomesAreKeptWhereAllAreWanted) {
  const auto call = [](int input) { return input < 0 ? Result<int>(kDown) : Result<int>(input); };
  const auto got = GatherAll(2, Ints{2, -1, 1}, call);
  ASSERT_EQ(got.value().size(), 3u);
  EXPECT_EQ(*got.value()[0], 2);
  EXPECT_EQ(got.value()[1].error(), kDown);
  EXPECT_EQ(*got.value()[2], 1);
}

TEST(GatherThreads, EachOutcomeComesWhenItIsThere) {
  std::binary_semaphore second_taken(0);
  const auto call = [&](int input) -> Result<int> {
    if (input == 0) second_taken.acquire();
    return input;
  };
  std::string log;
  const auto take = [&](std::size_t index, const Result<int>& result) {
    log += std::to_string(index) + "=" + std::to_string(*result) + " ";
    if (index == 1) second_taken.release();
    return true;
  };
  EXPECT_TRUE(GatherEach(2, Ints{0, 5}, call, take).ok());
  EXPECT_EQ(log, "1=5 0=0 ");
}

TEST(GatherThreads, OutcomesAreTakenOneAtATime) {
  int taken = 0;
  Room room;
  const auto take = [&](std::size_t, const Result<int>&) {
    const Room::Stay stay(room);
    const int before = taken;
    std::this_thread::yield();
    taken = before + 1;
    return true;
  };
  EXPECT_TRUE(GatherEach(4, std::views::iota(0, 5'000), Same, take).ok());
  EXPECT_EQ(taken, 5'000);
  EXPECT_EQ(room.most(), 1);
}

// It reads a number when it is asked for the next one.
TEST(GatherThreads, InputsAreTakenWhenACallCanBegin) {
  std::istringstream text("1 2 3");
  std::vector<std::streamoff> read;
  const auto call = [&](int input) -> Result<int> {
    read.push_back(text.eof() ? 5 : static_cast<std::streamoff>(text.tellg()));
    return input;
  };
  EXPECT_EQ(Gather(1, std::views::istream<int>(text), call).value(), (Ints{1, 2, 3}));
  EXPECT_EQ(read, (std::vector<std::streamoff>{1, 3, 5}));
}

// Threads share an iterator that is not made for it.
TEST(GatherThreads, InputsAreTakenOneAtATime) {
  int made = 0;
  const auto inputs = std::views::iota(0, 400) | std::views::transform([&made](int input) {
                        const int before = made;
                        std::this_thread::yield();
                        made = before + 1;
                        return input;
                      });
  std::barrier both(2);  // so that the two ask for their next inputs at the same time
  const auto call = [&both](int input) -> Result<int> {
    both.arrive_and_wait();
    return input;
  };
  const auto all = Gather(2, inputs, call);
  ASSERT_TRUE(all.ok());
  EXPECT_TRUE(std::ranges::equal(all.value(), std::views::iota(0, 400)));
  EXPECT_EQ(made, 400);
}

TEST(GatherThreads, InputsAndValuesNeedNotBeCopied) {
  std::vector<std::unique_ptr<int>> owned;
  owned.push_back(std::make_unique<int>(4));
  owned.push_back(std::make_unique<int>(5));
  const auto call = [](std::unique_ptr<int> input) -> Result<std::unique_ptr<int>> {
    return input;
  };
  const auto inputs = std::views::iota(0, 2) | std::views::transform([&owned](int index) {
                        return std::move(owned[static_cast<std::size_t>(index)]);
                      });
  const auto got = Gather(2, inputs, call);
  ASSERT_EQ(got.value().size(), 2u);
  EXPECT_EQ(*got.value()[0], 4);
  EXPECT_EQ(*got.value()[1], 5);
}

TEST(GatherThreads, NothingIsGatheredFromNothing) {
  EXPECT_EQ(Gather(3, Ints{}, Same).value(), Ints{});
  EXPECT_TRUE(GatherAll(3, Ints{}, Same).value().empty());
}

TEST(GatherThreads, LimitsAreAtLeastOne) {
  Room room;
  const auto call = [&](int input) -> Result<int> {
    const Room::Stay stay(room);
    return input;
  };
  for (const int limit : {0, -3}) {
    EXPECT_EQ(Gather(limit, Ints{1}, call).error(),
              (Error{ErrorCode::kInvalidRequest,
                     "gather limit: " + std::to_string(limit) + " is not at least 1"}));
  }
  EXPECT_EQ(GatherAll(0, Ints{1}, call).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(room.visits(), 0);
}

}  // namespace
}  // namespace assay::gather_threads
