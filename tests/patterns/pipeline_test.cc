// What a pipeline does without waiting.
#include "assay/patterns/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assay/patterns/pipeline/ends.h"

namespace assay {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

// Their numbers are their bytes.
std::int64_t ItselfInBytes(const int& item) { return item; }

std::vector<int> TakeAll(Pipeline<int>& pipeline) {
  std::vector<int> items;
  while (auto item = pipeline.TryPop()) items.push_back(*item);
  return items;
}

TEST(PipelineTest, FirstInFirstOutAroundTheRing) {
  Pipeline<int> pipeline({.items = 3});
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(pipeline.TryPush(2 * i, kNow), Verdict::kAccept);
    EXPECT_EQ(pipeline.TryPush(2 * i + 1, kNow), Verdict::kAccept);
    EXPECT_EQ(TakeAll(pipeline), (std::vector<int>{2 * i, 2 * i + 1}));
  }
  EXPECT_EQ(pipeline.Snapshot(),
            (PipelineMetrics{.produced = 20, .consumed = 20, .batches = 20, .peak_items = 2}));
}

TEST(PipelineTest, AFullOneThatBlocksRefusesWhoCannotWait) {
  Pipeline<std::unique_ptr<int>> pipeline({.items = 1});
  EXPECT_EQ(pipeline.TryPush(std::make_unique<int>(1), kNow), Verdict::kAccept);
  auto second = std::make_unique<int>(2);
  EXPECT_EQ(pipeline.TryPush(second, kNow), Verdict::kFull);
  EXPECT_NE(second, nullptr) << "what is not accepted stays with its producer";
  EXPECT_EQ(**pipeline.TryPop(), 1);
  EXPECT_EQ(pipeline.TryPush(second, kNow), Verdict::kAccept);
  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(pipeline.Snapshot().rejected, 1u);
}

TEST(PipelineTest, RejectsOnceWhenFull) {
  Pipeline<int> pipeline({.items = 1, .overflow = Overflow::kReject});
  EXPECT_EQ(pipeline.TryPush(1, kNow), Verdict::kAccept);
  EXPECT_EQ(pipeline.TryPush(2, kNow), Verdict::kFull);
  EXPECT_EQ(pipeline.Snapshot(),
            (PipelineMetrics{.produced = 1, .rejected = 1, .items = 1, .peak_items = 1}));
}

TEST(PipelineTest, DropsTheNewest) {
  Pipeline<int> pipeline({.items = 2, .overflow = Overflow::kDropNewest});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(pipeline.TryPush(std::move(i), kNow),
              i < 2 ? Verdict::kAccept : Verdict::kDropNewest);
  }
  EXPECT_EQ(pipeline.Snapshot(),
            (PipelineMetrics{.produced = 4, .dropped = 2, .items = 2, .peak_items = 2}));
  EXPECT_EQ(TakeAll(pipeline), (std::vector<int>{0, 1}));
}

TEST(PipelineTest, DropsTheOldest) {
  Pipeline<int> pipeline({.items = 2, .overflow = Overflow::kDropOldest});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(pipeline.TryPush(std::move(i), kNow),
              i < 2 ? Verdict::kAccept : Verdict::kDropOldest);
  }
  EXPECT_EQ(pipeline.Snapshot(),
            (PipelineMetrics{.produced = 4, .dropped = 2, .items = 2, .peak_items = 2}));
  EXPECT_EQ(TakeAll(pipeline), (std::vector<int>{2, 3}));
}

TEST(PipelineTest, DropsAsManyOfTheOldestAsTheBytesAsk) {
  Pipeline<int> pipeline({.items = 5, .bytes = 10, .overflow = Overflow::kDropOldest},
                         ItselfInBytes);
  for (int bytes : {3, 3, 4}) EXPECT_EQ(pipeline.TryPush(bytes, kNow), Verdict::kAccept);
  EXPECT_EQ(pipeline.TryPush(5, kNow), Verdict::kDropOldest);
  EXPECT_EQ(
      pipeline.Snapshot(),
      (PipelineMetrics{
          .produced = 4, .dropped = 2, .items = 2, .peak_items = 3, .bytes = 9, .peak_bytes = 10}));
  EXPECT_EQ(TakeAll(pipeline), (std::vector<int>{4, 5}));
  EXPECT_EQ(pipeline.Snapshot().bytes, 0);
}

TEST(PipelineTest, IsFullOfBytesBeforeItIsFullOfItems) {
  Pipeline<int> pipeline({.items = 5, .bytes = 10}, ItselfInBytes);
  EXPECT_EQ(pipeline.TryPush(6, kNow), Verdict::kAccept);
  EXPECT_EQ(pipeline.TryPush(5, kNow), Verdict::kFull);
  EXPECT_EQ(pipeline.TryPush(4, kNow), Verdict::kAccept);
  EXPECT_EQ(pipeline.TryPush(11, kNow), Verdict::kBadSize);
  EXPECT_EQ(pipeline.TryPush(-1, kNow), Verdict::kBadSize);
  EXPECT_EQ(pipeline.Snapshot().rejected, 3u);
}

TEST(PipelineTest, PushesManyUpToTheFirstThatDoesNotFit) {
  Pipeline<int> pipeline({.items = 3});
  std::array<int, 5> items{1, 2, 3, 4, 5};
  EXPECT_EQ(pipeline.TryPushAll(items, kNow), 3u);
  EXPECT_EQ(pipeline.TryPushAll(items, kNow), 0u);
  EXPECT_EQ(pipeline.Snapshot(), (PipelineMetrics{.produced = 3, .items = 3, .peak_items = 3}));
  EXPECT_EQ(TakeAll(pipeline), (std::vector<int>{1, 2, 3}));
  Pipeline<int> of_bytes({.items = 3, .bytes = 4}, ItselfInBytes);
  EXPECT_EQ(of_bytes.TryPushAll(items, kNow), 2u);
  EXPECT_EQ(of_bytes.Snapshot().bytes, 3);
  Pipeline<int> with_room({.items = 9, .bytes = 99}, ItselfInBytes);
  EXPECT_EQ(with_room.TryPushAll(std::span(items).first(2), kNow), 2u);
}

TEST(PipelineTest, ReceivesManyAtATime) {
  Pipeline<int> pipeline({.items = 3});
  std::array<int, 3> items{1, 2, 3};
  pipeline.TryPushAll(items, kNow);
  std::vector<int> taken;
  const auto take = [&](int&& item) { taken.push_back(item); };
  EXPECT_EQ(pipeline.TryReceive(2, take), Receipt::kTaken);
  EXPECT_EQ(taken, (std::vector<int>{1, 2}));
  EXPECT_EQ(pipeline.TryReceive(0, take), Receipt::kWait);
  EXPECT_EQ(pipeline.TryReceive(2, take), Receipt::kTaken);
  EXPECT_EQ(pipeline.TryReceive(2, take), Receipt::kWait);
  EXPECT_EQ(taken, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(pipeline.Snapshot().batches, 2u);
}

TEST(PipelineTest, AClosedOneIsDrainedAndEnds) {
  Pipeline<int> pipeline;
  const auto take = [](int&&) {};
  pipeline.TryPush(1, kNow);
  pipeline.Close();
  EXPECT_EQ(pipeline.TryPush(2, kNow), Verdict::kClosed);
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kTaken);
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kEnded);
  pipeline.Restart();
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kWait);
  EXPECT_EQ(pipeline.TryPush(3, kNow), Verdict::kAccept);
  EXPECT_EQ(
      pipeline.Snapshot(),
      (PipelineMetrics{
          .produced = 2, .consumed = 1, .rejected = 1, .batches = 1, .items = 1, .peak_items = 1}));
}

TEST(PipelineTest, DiscardDropsWhatIsLeft) {
  Pipeline<int> pipeline;
  std::array<int, 3> items{1, 2, 3};
  pipeline.TryPushAll(items, kNow);
  pipeline.Discard();
  EXPECT_EQ(pipeline.TryReceive(1, [](int&&) {}), Receipt::kEnded);
  EXPECT_EQ(pipeline.TryPush(4, kNow), Verdict::kClosed);
  EXPECT_EQ(pipeline.Snapshot(),
            (PipelineMetrics{.produced = 3, .dropped = 3, .rejected = 1, .peak_items = 3}));
}

TEST(PipelineTest, NoticesThatTheLastConsumerHasGone) {
  Pipeline<int> pipeline;
  {
    const ConsumerEnd first(pipeline);
    { const ConsumerEnd second(pipeline); }
    EXPECT_EQ(pipeline.TryPush(1, kNow), Verdict::kAccept);
  }
  EXPECT_EQ(pipeline.TryPush(2, kNow), Verdict::kNoConsumer);
  const ConsumerEnd next(pipeline);
  EXPECT_EQ(pipeline.TryPush(3, kNow), Verdict::kAccept);
}

TEST(PipelineTest, NoticesThatTheLastProducerHasGone) {
  Pipeline<int> pipeline;
  const auto take = [](int&&) {};
  {
    const ProducerEnd first(pipeline);
    { const ProducerEnd second(pipeline); }
    EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kWait);
    pipeline.TryPush(1, kNow);
  }
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kTaken);
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kEnded);
  const ProducerEnd next(pipeline);
  EXPECT_EQ(pipeline.TryReceive(1, take), Receipt::kWait);
}

TEST(PipelineTest, DestroysWhatIsLeftInIt) {
  const auto item = std::make_shared<int>(1);
  {
    Pipeline<std::shared_ptr<int>> pipeline({.items = 2, .overflow = Overflow::kDropOldest});
    for (int i = 0; i < 5; ++i) pipeline.TryPush(std::shared_ptr<int>(item), kNow);
    EXPECT_EQ(item.use_count(), 3);
    EXPECT_EQ(pipeline.TryPop()->use_count(), 3);
    EXPECT_EQ(item.use_count(), 2);
  }
  EXPECT_EQ(item.use_count(), 1);
}

}  // namespace
}  // namespace assay
