#include "assay/patterns/gather/gathered.h"

#include <gtest/gtest.h>

#include <forward_list>
#include <memory>
#include <ranges>
#include <vector>

namespace assay {
namespace {

// Has no value of its own accord.
struct Chosen {
  explicit Chosen(int chosen) : value(chosen) {}
  bool operator==(const Chosen&) const = default;
  int value;
};

TEST(InOrder, WhatComesInAnyOrderLeavesInThatOfItsIndices) {
  InOrder<Chosen> chosen(0);
  InOrder<std::unique_ptr<int>> pointers(0);
  InOrder<bool> bits(0);
  for (const int index : {2, 0, 3, 1}) {
    const auto place = static_cast<std::size_t>(index);
    chosen.Keep(place, Chosen(index));
    pointers.Keep(place, std::make_unique<int>(index));
    bits.Keep(place, index % 2 == 1);
  }
  EXPECT_EQ(chosen.TakeAll(), (std::vector{Chosen(0), Chosen(1), Chosen(2), Chosen(3)}));
  const auto all = pointers.TakeAll();
  ASSERT_EQ(all.size(), 4u);
  for (int index = 0; index < 4; ++index) EXPECT_EQ(*all[static_cast<std::size_t>(index)], index);
  EXPECT_EQ(bits.TakeAll(), (std::vector<bool>{false, true, false, true}));
}

TEST(InOrder, MemoryForAllThatIsExpectedIsTakenOnce) {
  InOrder<int> values(100);
  for (int index = 0; index < 70; ++index) values.Keep(static_cast<std::size_t>(index), index);
  EXPECT_EQ(values.TakeAll().capacity(), 100u);
}

TEST(InOrder, NoMemoryIsTakenBeforeTheFirst) {
  EXPECT_EQ(InOrder<int>(100).TakeAll().capacity(), 0u);
}

TEST(ExpectedOutcomes, AreAsManyAsThereAreInputsUpTo1024) {
  EXPECT_EQ(ExpectedOutcomes(std::vector<int>{}), 0u);
  EXPECT_EQ(ExpectedOutcomes(std::vector{7, 7, 7}), 3u);
  EXPECT_EQ(ExpectedOutcomes(std::views::iota(0, 1'000'000'000)), 1024u);
  EXPECT_EQ(ExpectedOutcomes(std::views::iota(0LL, 5LL)), 5u);
  // Where they cannot be counted without going through them.
  EXPECT_EQ(ExpectedOutcomes(std::forward_list{7, 7, 7}), 0u);
  EXPECT_EQ(ExpectedOutcomes(std::views::iota(0)), 0u);
}

}  // namespace
}  // namespace assay
