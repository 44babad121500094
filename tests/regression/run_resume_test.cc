#include <gtest/gtest.h>
#include <signal.h>

#include "tests/regression/run_fake.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {
namespace {

using Stop = BlockOutcome::Stop;
using Names = std::vector<std::string>;

const RecordedMetrics kRecorded{.medians = {"cpu_time", "rps"}, .counts = {"n"}};

std::atomic<bool> interrupted = false;

void Interrupt(int) { interrupted = true; }

// Two programs whose times depend on the number of the launch.
class Resume : public ::testing::Test {
 protected:
  BenchmarkProgram Base(const FakeFolder& folder, const std::string& more = "") {
    return folder.Fake("A",
                       "noisy 10 x\ndrifting 3 rps\ncounter 4 n\nnoisy 20 y<z>/\"1\"\n" + more);
  }
  BenchmarkProgram Head(const FakeFolder& folder, const std::string& more = "") {
    return folder.Fake("B", "noisy 10 x\ncounter 7 rps\ncounter 4 n\nnoisy 20 y<z>/\"1\"\n" + more);
  }
  BlockValues Uninterrupted() {
    const FakeFolder folder;
    return Compare(Base(folder), Head(folder), {.max_blocks = 6, .metrics = kRecorded})->values;
  }
};

TEST_F(Resume, GivesTheValuesOfARunWithoutInterruption) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 2, .metrics = kRecorded, .log = log})
                ->blocks,
            2);
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 5, .metrics = kRecorded, .log = log})
                ->blocks,
            5);
  const auto whole =
      Compare(Base(folder), Head(folder), {.max_blocks = 6, .metrics = kRecorded, .log = log});
  EXPECT_EQ(folder.Lines("launches").size(), 6u * 4);
  EXPECT_EQ(whole->values, Uninterrupted());
  const auto& cpu = whole->values.at("x").medians.at("cpu_time").blocks;
  EXPECT_NE(cpu[0], cpu[1]);
  // Nothing is left to do: nothing is launched.
  EXPECT_EQ(Compare(Base(folder), Head(folder), {.max_blocks = 6, .metrics = kRecorded, .log = log})
                ->values,
            whole->values);
  EXPECT_EQ(folder.Lines("launches").size(), 6u * 4);
}

TEST_F(Resume, InTheMiddleOfABlockItIsDiscarded) {
  const FakeFolder folder;
  BlockOptions options{
      .max_blocks = 6, .metrics = kRecorded, .log = folder.File("log"), .cancelled = &interrupted};
  const auto before = ::signal(SIGUSR1, Interrupt);
  interrupted = false;
  const std::string interrupt = "on run:10 interrupt";
  const auto part = Compare(Base(folder, interrupt), Head(folder, interrupt), options);
  ::signal(SIGUSR1, before);
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->stop, Stop::kCancelled);
  EXPECT_EQ(part->blocks, 2);
  EXPECT_EQ(part->values.at("x").blocks, 2u);
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
    asked.push_back(values.at("x").blocks);
    return Everything(values);
  };
  ASSERT_TRUE(
      Compare(Base(folder), Head(folder), {.max_blocks = 2, .metrics = kRecorded, .log = log}, more)
          .ok());
  ASSERT_TRUE(
      Compare(Base(folder), Head(folder), {.max_blocks = 3, .metrics = kRecorded, .log = log}, more)
          .ok());
  EXPECT_EQ(asked, (std::vector<std::size_t>{1, 2, 1, 2, 3}));
}

TEST_F(Resume, TellsWhatTheLogHadLost) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  ASSERT_TRUE(Compare(Base(folder), Head(folder), {.max_blocks = 2, .log = log}).ok());
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 1);
  const auto outcome = Compare(Base(folder), Head(folder), {.max_blocks = 1, .log = log});
  EXPECT_EQ(outcome->notes, Names{log + ": its last line was not finished: dropped"});
}

TEST_F(Resume, RefusesALogOfOtherOptions) {
  const FakeFolder folder;
  const std::string log = folder.File("log");
  ASSERT_TRUE(
      Compare(Base(folder), Head(folder), {.max_blocks = 1, .metrics = kRecorded, .log = log})
          .ok());
  const auto other = Compare(Base(folder), Head(folder),
                             {.seed = 9, .max_blocks = 1, .metrics = kRecorded, .log = log});
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
