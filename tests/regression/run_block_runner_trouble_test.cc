#include <gtest/gtest.h>

#include <map>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {
namespace {

using Stop = BlockOutcome::Stop;
using Names = std::vector<std::string>;

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
      Compare(folder.Fake("A", "bench 1 x\nbench 1 y\nskipped z"),
              folder.Fake("B", "bench 1 x\nfailing y\nbench 1 z"), {.max_blocks = 2});
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->not_comparable,
            (std::map<std::string, std::string>{{"y", "head failed: broken"},
                                                {"z", "base skipped: not here"}}));
  EXPECT_EQ(outcome->values.size(), 1u);
  EXPECT_EQ(outcome->values.at("x").blocks, 2u);
  EXPECT_TRUE(folder.Lines("launches").back().ends_with("3\tx"));
}

TEST(BlockRunner, WhatLeavesIsNotInTheLog) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  ASSERT_TRUE(
      Compare(folder.Fake("A", "bench 1 x\nbench 1 y\ncounter 2 n"),
              folder.Fake("B", "bench 1 x\nfailing y"),
              {.max_blocks = 1, .metrics = {.medians = {"cpu_time"}, .counts = {"n"}}, .log = log})
          .ok());
  EXPECT_TRUE(folder.Lines("log").at(1).ends_with(
      "\"medians\":{\"x\":{\"cpu_time\":[1,1,1,1]}},\"counts\":{},\"not_comparable\":{\"y\":"
      "\"head failed: broken\"}}"))
      << folder.Lines("log").at(1);
}

TEST(BlockRunner, PassesTheTimeoutAndTheCpuOn) {
  const FakeFolder folder;
  const auto fake = folder.Fake("A", "bench 1 x\non run hang");
  const BlockOptions hasty{.min_time_s = 1e-4, .timeout = std::chrono::milliseconds(150)};
  EXPECT_EQ(Compare(fake, fake, hasty).error().code, ErrorCode::kTimeout);
  const auto error = Compare(fake, fake, {.cpu = 100000}).error().message;
  EXPECT_NE(error.find("cannot run on CPU 100000"), std::string::npos) << error;
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

TEST(BlockRunner, ASideIsRunInItsOwnOrderSoThatACrashIsPinnedDown) {
  const FakeFolder folder;
  const auto base = folder.Fake("A", "bench 1 x\nbench 1 y\nbench 1 z");
  const auto head = folder.Fake("B", "bench 1 z\nbench 1 y\nbench 1 x\non in:y crash 9");
  EXPECT_EQ(Compare(base, head, {}).error().message,
            head.path() +
                ": running 3 of its benchmarks: crashed by signal 9 (SIGKILL) while in "
                "\"y\" (1 of 3 were finished)");
}

}  // namespace
}  // namespace assay::regression
