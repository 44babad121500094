// A consumer's loop on a thread: what fails goes to a handler, and nothing is lost.
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/pipeline/consume.h"

namespace assay {
namespace {

using fixture::ManualClock;
using std::chrono::seconds;

class PipelineConsumeTest : public testing::Test {
 protected:
  PipelineConsumeTest() {
    std::array<int, 3> items{1, 2, 3};
    pipeline_.TryPushAll(items, clock_.Now());
  }

  // What takes a second, and fails on 2.
  Result<Done> Work(int& item) {
    clock_.Advance(seconds(1));
    if (item == 2) return Error{ErrorCode::kIo, "no two"};
    return Done{};
  }

  ManualClock clock_{};
  Pipeline<int> pipeline_{};
  std::vector<Failed<int>> failed_{};
};

TEST_F(PipelineConsumeTest, GivesWhatFailedToTheHandlerAndGoesOn) {
  pipeline_.Close();
  Consume(
      pipeline_, clock_, [&](int& item) { return Work(item); },
      [&](int&& item, const Error& error) {
        failed_.push_back({item, error});
      });
  ASSERT_EQ(failed_.size(), 1u);
  EXPECT_EQ(failed_[0].item, 2);
  EXPECT_EQ(failed_[0].error, (Error{ErrorCode::kIo, "no two"}));
  EXPECT_EQ(pipeline_.Snapshot(), (PipelineMetrics{.produced = 3,
                                                   .consumed = 2,
                                                   .failed = 1,
                                                   .batches = 3,
                                                   .peak_items = 3,
                                                   .processing_time = seconds(3)}));
}

TEST_F(PipelineConsumeTest, AConsumerThatThrowsIsGoneAndItsItemIsNotLost) {
  const auto work = [](int&) -> Result<Done> { throw std::runtime_error("boom"); };
  const auto keep = [&](int&& item, const Error& error) { failed_.push_back({item, error}); };
  EXPECT_THROW(Consume(pipeline_, clock_, work, keep), std::runtime_error);
  ASSERT_EQ(failed_.size(), 1u);
  EXPECT_EQ(failed_[0].item, 1);
  EXPECT_EQ(failed_[0].error.code, ErrorCode::kCancelled);
  EXPECT_EQ(pipeline_.Snapshot().failed, 1u);
  EXPECT_EQ(pipeline_.Snapshot().items, 2);
  EXPECT_EQ(pipeline_.TryPush(4, clock_.Now()), Verdict::kNoConsumer);
}

TEST_F(PipelineConsumeTest, DeadLettersAreKeptAsFarAsTheyFit) {
  DeadLetters<int> letters({.items = 2, .overflow = Overflow::kDropOldest});
  pipeline_.Close();
  Consume(
      pipeline_, clock_,
      [](int&) -> Result<Done> {
        return Error{ErrorCode::kIo, "none at all"};
      },
      Keep(letters, clock_));
  EXPECT_EQ(letters.TryPop()->item, 2);
  const auto last = letters.TryPop();
  EXPECT_EQ(last->item, 3);
  EXPECT_EQ(last->error, (Error{ErrorCode::kIo, "none at all"}));
  EXPECT_EQ(letters.Snapshot().dropped, 1u);
}

// With an age, what failed waits for more of it.
TEST_F(PipelineConsumeTest, DeadLettersAreAsOldAsTheirFailure) {
  DeadLetters<int> letters({.items = 9, .batch_items = 9, .batch_age = seconds(10)});
  pipeline_.Close();
  Consume(
      pipeline_, clock_, [&](int& item) { return Work(item); }, Keep(letters, clock_));
  const TimePoint failed_at = clock_.Now() - seconds(1);  // on the second of three
  EXPECT_EQ(PopBatch(letters, clock_, failed_).value(), 1);
  EXPECT_EQ(clock_.Now(), failed_at + seconds(10));
}

}  // namespace
}  // namespace assay
