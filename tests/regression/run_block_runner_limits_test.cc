#include <gtest/gtest.h>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {
namespace {

using namespace std::chrono_literals;
using Stop = BlockOutcome::Stop;

TEST(BlockRunner, StopsBeforeABlockThatWouldOverrunTheBudget) {
  const FakeFolder folder;
  int ticks = 0;
  // Two looks at the clock are 10 s apart; a block is what is between two of them.
  BlockOptions options{.budget = 100s, .now = [&] { return TimePoint(10s * ++ticks); }};
  const auto outcome =
      Compare(folder.Fake("A", "bench 1 x"), folder.Fake("B", "bench 1 x"), options);
  EXPECT_EQ(outcome->stop, Stop::kBudget);
  // Looks: the start, then before, at the begin and at the end of each block. Before
  // the fourth block 100 s have passed.
  EXPECT_EQ(outcome->blocks, 3);
}

TEST(BlockRunner, ABlockThatJustFitsIsBegun) {
  for (const auto& [budget, blocks] : {std::pair(80s, 3), std::pair(79s, 2)}) {
    const FakeFolder folder;
    int ticks = 0;
    const BlockOptions options{.budget = budget, .now = [&] { return TimePoint(10s * ++ticks); }};
    EXPECT_EQ(
        Compare(folder.Fake("A", "bench 1 x"), folder.Fake("B", "bench 1 x"), options)->blocks,
        blocks);
  }
}

// What the progress says to go after the first block, which took 10 s.
Duration RemainingAfterOne(const std::string& base, const std::string& head, BlockOptions options) {
  const FakeFolder folder;
  int ticks = 0;
  options.now = [&] { return TimePoint(10s * ++ticks); };
  std::optional<Duration> first;
  BlockRunner runner(folder.Fake("A", base), folder.Fake("B", head), options);
  const auto outcome = runner.RunBlocks(Everything, [&](const BlockProgress& progress) {
    if (!first.has_value()) first = progress.remaining;
  });
  EXPECT_TRUE(outcome.ok());
  return first.value_or(-1s);
}

TEST(BlockRunner, ThereIsNoMoreToGoThanTheLimitsAllow) {
  const std::string one = "bench 1 x";
  EXPECT_EQ(RemainingAfterOne(one, one, {.max_blocks = 8}), 70s);
  // Five looks at the clock have passed.
  EXPECT_EQ(RemainingAfterOne(one, one, {.max_blocks = 8, .budget = 100s}), 60s);
  EXPECT_EQ(RemainingAfterOne(one, one, {.max_blocks = 1}), 0s);
  // What has left took its part of the block.
  EXPECT_EQ(RemainingAfterOne(one + "\nbench 1 y", one + "\nfailing y", {.max_blocks = 8}), 35s);
}

TEST(BlockRunner, TellsItsProgress) {
  const FakeFolder folder;
  int ticks = 0;
  std::vector<BlockProgress> seen;
  BlockRunner runner(folder.Fake("A", "bench 1 x\nbench 1 y"),
                     folder.Fake("B", "bench 1 x\nbench 1 y"),
                     {.max_blocks = 8, .now = [&] { return TimePoint(10s * ++ticks); }});
  const auto outcome = runner.RunBlocks(
      [&](const BlockValues& values) {
        if (seen.empty()) return Everything(values);
        if (seen.size() == 1) return MoreBlocks{.benchmarks = {"x"}};
        if (seen.size() == 2) return MoreBlocks{.benchmarks = {"x"}, .blocks = 2};
        return MoreBlocks{};
      },
      [&](const BlockProgress& progress) { seen.push_back(progress); });
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0].blocks, 1);
  EXPECT_EQ(seen[0].max_blocks, 8);
  EXPECT_EQ(seen[0].undecided, 2u);
  EXPECT_EQ(seen[0].remaining, 7 * 10s);
  EXPECT_EQ(seen[1].undecided, 1u);
  EXPECT_EQ(seen[1].remaining, 6 * 5s);  // half of the benchmarks
  EXPECT_EQ(seen[2].remaining, 2 * 10s);
  EXPECT_EQ(seen[3].undecided, 0u);
  EXPECT_EQ(seen[3].remaining, 0s);
  EXPECT_GT(seen[3].elapsed, seen[2].elapsed);
}

}  // namespace
}  // namespace assay::regression
