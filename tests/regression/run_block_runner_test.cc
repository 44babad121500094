#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {
namespace {

using namespace std::chrono_literals;
using Stop = BlockOutcome::Stop;
using Names = std::vector<std::string>;

MoreBlocks Everything(const BlockValues& values) {
  MoreBlocks more;
  for (const auto& [name, blocks] : values) more.benchmarks.insert(name);
  return more;
}

Result<BlockOutcome> Compare(const BenchmarkProgram& base, const BenchmarkProgram& head,
                             const BlockOptions& options,
                             const BlockRunner::Decider& more = Everything) {
  return BlockRunner(base, head, options).RunBlocks(more);
}

// The labels in the log of launches, four to a block.
Names OrdersIn(const FakeFolder& folder) {
  Names orders;
  int launch = 0;
  for (const std::string& line : folder.Lines("launches")) {
    if (launch++ % 4 == 0) orders.emplace_back();
    orders.back() += line.substr(0, line.find('\t'));
  }
  return orders;
}

TEST(BlockRunner, EveryBlockIsAbbaOrBaabAsTheSeedSays) {
  std::map<std::uint64_t, Names> orders;
  for (const std::uint64_t seed : {1u, 2u, 1u}) {
    const FakeFolder folder;
    const auto outcome = Compare(folder.Fake("A", "bench 10 x"), folder.Fake("B", "bench 11 x"),
                                 {.seed = seed, .max_blocks = 16});
    ASSERT_TRUE(outcome.ok());
    const Names found = OrdersIn(folder);
    ASSERT_EQ(found.size(), 16u);
    for (int block = 0; block < 16; ++block) {
      EXPECT_EQ(found[static_cast<std::size_t>(block)], ToString(OrderOfBlock(seed, block)));
    }
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()),
              (std::set<std::string>{"ABBA", "BAAB"}));
    if (orders.contains(seed)) {
      EXPECT_EQ(orders[seed], found);
    }
    orders[seed] = found;
  }
  EXPECT_NE(orders[1], orders[2]);
}

TEST(BlockRunner, ValuesAreLogRatiosOfMediansOfTheGatedClock) {
  const FakeFolder folder;
  const auto outcome = Compare(folder.Fake("A", "bench 10 x\nbench 8 y/real_time\naggregates 4 z"),
                               folder.Fake("B", "bench 11 x\nbench 4 y/real_time\naggregates 4 z"),
                               {.max_blocks = 2});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stop, Stop::kMaxBlocks);
  EXPECT_EQ(outcome->blocks, 2);
  for (const auto& [name, value] : {std::pair("x", std::log(1.1)),
                                    std::pair("y/real_time", -std::log(2)), std::pair("z", 0.0)}) {
    ASSERT_EQ(outcome->values.at(name).size(), 2u);
    for (const double block : outcome->values.at(name)) EXPECT_NEAR(block, value, 1e-12);
  }
  EXPECT_EQ(outcome->base->Fact("label"), "A");
  EXPECT_EQ(outcome->head->Fact("label"), "B");
}

TEST(BlockRunner, RunsOnlyWhatIsUndecided) {
  const FakeFolder folder;
  const std::string script = "bench 1 a\nbench 1 b\nbench 1 c\n";
  int calls = 0;
  const auto outcome = Compare(folder.Fake("A", script), folder.Fake("B", script), {},
                               [&](const BlockValues& values) {
                                 EXPECT_EQ(values.size(), 3u);
                                 ++calls;
                                 MoreBlocks more;
                                 if (calls < 2) more.benchmarks.insert("b");
                                 if (calls < 3) more.benchmarks.insert("c");
                                 more.benchmarks.erase("never heard of");
                                 return more;
                               });
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stop, Stop::kDecided);
  EXPECT_EQ(outcome->values.at("a").size(), 1u);
  EXPECT_EQ(outcome->values.at("b").size(), 2u);
  EXPECT_EQ(outcome->values.at("c").size(), 3u);
  const Names lines = folder.Lines("launches");
  ASSERT_EQ(lines.size(), 12u);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* expected = i < 4 ? "\ta\tb\tc" : i < 8 ? "3\tb\tc" : "3\tc";
    EXPECT_TRUE(lines[i].ends_with(expected)) << lines[i];
  }
}

TEST(BlockRunner, ReportsWhatOnlyOneSideHasAndRunsItNever) {
  const FakeFolder folder;
  const auto outcome =
      Compare(folder.Fake("A", "bench 1 x\nbench 1 old\nbench 1 two\nbench 1 two\nbench 1 three"),
              folder.Fake("B", "bench 1 new\nbench 1 x\nbench 1 two\nbench 1 three\nbench 1 three"),
              {.max_blocks = 1});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->missing, Names{"old"});
  EXPECT_EQ(outcome->fresh, Names{"new"});
  EXPECT_EQ(outcome->not_comparable, (std::map<std::string, std::string>{
                                         {"two", "more than one benchmark has this name"},
                                         {"three", "more than one benchmark has this name"}}));
  EXPECT_EQ(outcome->values.size(), 1u);
  for (const std::string& line : folder.Lines("launches")) EXPECT_TRUE(line.ends_with("3\tx"));
}

TEST(BlockRunner, NothingInCommonIsDecidedAtOnce) {
  const FakeFolder folder;
  const auto outcome =
      Compare(folder.Fake("A", "bench 1 old"), folder.Fake("B", "bench 1 new"), {});
  EXPECT_EQ(outcome->stop, Stop::kDecided);
  EXPECT_EQ(outcome->blocks, 0);
  EXPECT_TRUE(outcome->values.empty());
}

TEST(BlockRunner, WhatFailsOnOneSideLeaves) {
  const FakeFolder folder;
  const auto outcome =
      Compare(folder.Fake("A", "bench 1 x\nbench 1 y\nskipped z\nbench 0 zero"),
              folder.Fake("B", "bench 1 x\nfailing y\nbench 1 z\nbench 1 zero"), {.max_blocks = 2});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->not_comparable,
            (std::map<std::string, std::string>{{"y", "head failed: broken"},
                                                {"z", "base skipped: not here"},
                                                {"zero", "base reports a time of 0.000000 ns"}}));
  EXPECT_EQ(outcome->values.size(), 1u);
  EXPECT_EQ(outcome->values.at("x").size(), 2u);
  EXPECT_TRUE(folder.Lines("launches").back().ends_with("3\tx"));
}

TEST(BlockRunner, EndsWithTheErrorOfALaunch) {
  const FakeFolder folder;
  const auto base = folder.Fake("A", "bench 1 x");
  const auto crashing = folder.Fake("B", "bench 1 x\non run:4 crash 9\non run:5 crash 9");
  const auto outcome = Compare(base, crashing, {.log = folder.File("log")});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().message,
            base.path() + ": running 1 of its benchmarks: crashed by signal 9 (SIGKILL)");
  EXPECT_EQ(folder.Lines("log").size(), 2u);  // the header and block 0
  EXPECT_FALSE(Compare(base, BenchmarkProgram("/no/such"), {}).ok());
  EXPECT_FALSE(Compare(BenchmarkProgram("/bin/true"), base, {}).ok());
}

TEST(BlockRunner, NoticesThatAnExecutableIsWrittenMeanwhile) {
  const FakeFolder folder;
  const std::string copy = folder.File("copy");
  std::filesystem::copy_file(ASSAY_FAKE_BENCHMARK, copy);
  const BenchmarkProgram base(copy, folder.Fake("A", "bench 1 x").arguments());
  const auto outcome =
      Compare(base, folder.Fake("B", "bench 1 x"), {}, [&](const BlockValues& values) {
        std::filesystem::last_write_time(copy, std::filesystem::file_time_type::clock::now());
        return Everything(values);
      });
  EXPECT_EQ(outcome.error().message, copy + ": running blocks: was written while it was measured");
}

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

std::atomic<bool> interrupted = false;

void Interrupt(int) { interrupted = true; }

// Two programs whose times depend on the number of the launch.
class Resume : public ::testing::Test {
 protected:
  BenchmarkProgram Base(const FakeFolder& folder, const std::string& more = "") {
    return folder.Fake("A", "noisy 10 x\nnoisy 20 y<z>/\"1\"\n" + more);
  }
  BenchmarkProgram Head(const FakeFolder& folder, const std::string& more = "") {
    return folder.Fake("B", "noisy 10 x\nnoisy 20 y<z>/\"1\"\n" + more);
  }
  BlockValues Uninterrupted() {
    const FakeFolder folder;
    return Compare(Base(folder), Head(folder), {.max_blocks = 6})->values;
  }
};

TEST_F(Resume, GivesTheValuesOfARunWithoutInterruption) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 2, .log = log})->blocks, 2);
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 5, .log = log})->blocks, 5);
  const auto whole = Compare(Base(folder), Head(folder), {.max_blocks = 6, .log = log});
  EXPECT_EQ(folder.Lines("launches").size(), 6u * 4);
  EXPECT_EQ(whole->values, Uninterrupted());
  EXPECT_NE(whole->values.at("x")[0], whole->values.at("x")[1]);
  // Nothing is left to do: nothing is launched.
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 6, .log = log})->values,
            whole->values);
  EXPECT_EQ(folder.Lines("launches").size(), 6u * 4);
}

TEST_F(Resume, InTheMiddleOfABlockItIsDiscarded) {
  const FakeFolder folder;
  BlockOptions options{.max_blocks = 6, .log = folder.File("log"), .cancelled = &interrupted};
  const auto before = ::signal(SIGUSR1, Interrupt);
  interrupted = false;
  const std::string interrupt = "on run:10 interrupt";
  const auto part = Compare(Base(folder, interrupt), Head(folder, interrupt), options);
  ::signal(SIGUSR1, before);
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->stop, Stop::kCancelled);
  EXPECT_EQ(part->blocks, 2);
  EXPECT_EQ(part->values.at("x").size(), 2u);
  EXPECT_EQ(folder.Lines("launches").size(), 11u);

  // The launches of the discarded block must not count for the fakes' times.
  const Names lines = folder.Lines("launches");
  std::string kept;
  for (std::size_t i = 0; i < 8; ++i) kept += lines[i] + "\n";
  folder.Write("launches", kept);
  interrupted = false;
  const auto whole = Compare(Base(folder), Head(folder), options);
  EXPECT_EQ(whole->stop, Stop::kMaxBlocks);
  EXPECT_EQ(whole->values, Uninterrupted());
}

TEST_F(Resume, AsksAgainAfterEveryBlockOfTheLog) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  std::vector<std::size_t> asked;
  const auto more = [&](const BlockValues& values) {
    asked.push_back(values.at("x").size());
    return Everything(values);
  };
  ASSERT_TRUE(Compare(Base(folder), Head(folder), {.max_blocks = 2, .log = log}, more).ok());
  ASSERT_TRUE(Compare(Base(folder), Head(folder), {.max_blocks = 3, .log = log}, more).ok());
  EXPECT_EQ(asked, (std::vector<std::size_t>{1, 2, 1, 2, 3}));
}

TEST_F(Resume, RefusesALogOfOtherOptions) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  ASSERT_TRUE(Compare(Base(folder), Head(folder), {.max_blocks = 1, .log = log}).ok());
  const auto other = Compare(Base(folder), Head(folder), {.seed = 9, .max_blocks = 1, .log = log});
  EXPECT_EQ(other.error().message, log + ": belongs to another comparison: its seed is 1, not 9");
}

TEST_F(Resume, CancelledBeforeItBeginsIsAnEmptyOutcome) {
  const FakeFolder folder;
  interrupted = true;
  const auto outcome = Compare(Base(folder), Head(folder), {.cancelled = &interrupted});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stop, Stop::kCancelled);
  EXPECT_EQ(outcome->blocks, 0);
}

}  // namespace
}  // namespace assay::regression
