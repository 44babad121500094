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
