// When a batch is handed over: by count, by age, when there is no room for more, at the end.
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/pipeline/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

class PipelineBatchTest : public testing::Test {
 protected:
  struct Batch {
    seconds at;
    std::vector<int> items;
    friend bool operator==(const Batch&, const Batch&) = default;
  };
  using Batches = std::vector<Batch>;

  // Takes batches until the end, or none comes within `patience`.
  asio::awaitable<void> Consume(Pipeline<int>& pipeline, Duration patience) {
    for (;;) {
      std::vector<int> items;
      const auto count =
          co_await PopBatchAsync(pipeline, time_, items, Deadline::After(time_.Now(), patience));
      if (!count.ok()) {
        end_ = count.error().message;
        end_at_ = Elapsed();
        co_return;
      }
      EXPECT_EQ(static_cast<std::size_t>(*count), items.size());
      batches_.push_back({Elapsed(), items});
    }
  }
  void Start(Pipeline<int>& pipeline, Duration patience = seconds(1'000)) {
    asio::co_spawn(context_, Consume(pipeline, patience), asio::detached);
    time_.RunFor(Duration(0));
  }
  Verdict PushAt(Pipeline<int>& pipeline, seconds at, int item) {
    time_.RunFor(at - Elapsed());
    const Verdict verdict = pipeline.TryPush(item, time_.Now());
    time_.RunFor(Duration(0));
    return verdict;
  }
  seconds Elapsed() const { return std::chrono::duration_cast<seconds>(time_.Now() - start_); }

  // Outlives the coroutines that wait for it when a test ends.
  Pipeline<int>& Make(const PipelineOptions& options, Pipeline<int>::BytesOf bytes_of = nullptr) {
    return *pipelines_.emplace_back(std::make_unique<Pipeline<int>>(options, bytes_of));
  }

  std::vector<std::unique_ptr<Pipeline<int>>> pipelines_{};
  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  Batches batches_{};
  std::string end_{};
  seconds end_at_{};
};

TEST_F(PipelineBatchTest, ByCountAndByTheAgeOfTheOldest) {
  Pipeline<int>& pipeline = Make({.items = 10, .batch_items = 3, .batch_age = seconds(10)});
  Start(pipeline);
  PushAt(pipeline, seconds(5), 1);
  PushAt(pipeline, seconds(9), 2);
  PushAt(pipeline, seconds(30), 3);
  PushAt(pipeline, seconds(31), 4);
  PushAt(pipeline, seconds(32), 5);
  PushAt(pipeline, seconds(33), 6);
  time_.Run();
  EXPECT_EQ(batches_,
            (Batches{{seconds(15), {1, 2}}, {seconds(32), {3, 4, 5}}, {seconds(43), {6}}}));
  EXPECT_EQ(end_, "pipeline: nothing came within 1000 s");
  EXPECT_EQ(end_at_, seconds(1'043));
}

TEST_F(PipelineBatchTest, WhatIsOldAlreadyIsHandedOverAtOnce) {
  Pipeline<int>& pipeline = Make({.items = 10, .batch_items = 3, .batch_age = seconds(10)});
  PushAt(pipeline, seconds(5), 1);
  PushAt(pipeline, seconds(20), 2);
  Start(pipeline);
  EXPECT_EQ(batches_, (Batches{{seconds(20), {1, 2}}}));
}

TEST_F(PipelineBatchTest, NeverMoreThanABatch) {
  Pipeline<int>& pipeline = Make({.items = 10, .batch_items = 3});
  for (int i = 1; i <= 7; ++i) PushAt(pipeline, seconds(1), i);
  Start(pipeline, seconds(60));
  EXPECT_EQ(batches_, (Batches{{seconds(1), {1, 2, 3}}, {seconds(1), {4, 5, 6}}}));
  time_.Run();
  EXPECT_EQ(end_, "pipeline: nothing came within 60 s") << "7 is no batch, and stays";
  EXPECT_EQ(pipeline.Snapshot().items, 1);
  pipeline.Close();
  Start(pipeline);
  EXPECT_EQ(batches_.back(), (Batch{seconds(61), {7}}));
  EXPECT_EQ(end_, "pipeline: ended");
}

TEST_F(PipelineBatchTest, WithoutRoomForMoreItIsABatch) {
  const auto bytes_of = [](const int& item) -> std::int64_t { return item; };
  Pipeline<int>& pipeline =
      Make({.items = 10, .bytes = 10, .overflow = Overflow::kReject, .batch_items = 5}, bytes_of);
  Start(pipeline);
  PushAt(pipeline, seconds(1), 6);
  EXPECT_EQ(batches_, Batches{});
  EXPECT_EQ(PushAt(pipeline, seconds(2), 5), Verdict::kFull);
  EXPECT_EQ(batches_, (Batches{{seconds(2), {6}}}));
  PushAt(pipeline, seconds(3), 6);
  EXPECT_EQ(batches_.size(), 1u) << "there is room again";
}

TEST_F(PipelineBatchTest, AProducerThatWaitsMakesItABatch) {
  const auto bytes_of = [](const int& item) -> std::int64_t { return item; };
  Pipeline<int>& pipeline = Make({.items = 10, .bytes = 10, .batch_items = 5}, bytes_of);
  Start(pipeline);
  PushAt(pipeline, seconds(1), 6);
  int item = 5;
  const auto push = [&]() -> asio::awaitable<void> {
    const auto pushed = co_await PushAsync(pipeline, time_, item);
    EXPECT_EQ(*pushed, Verdict::kAccept);
  };
  asio::co_spawn(context_, push, asio::detached);
  time_.RunFor(seconds(1));
  EXPECT_EQ(batches_, (Batches{{seconds(1), {6}}}));
  EXPECT_EQ(pipeline.Snapshot().items, 1);
}

TEST_F(PipelineBatchTest, ABatchThatIsWaitedForEndsWithTheProducers) {
  Pipeline<int>& pipeline = Make({.items = 10, .batch_items = 5});
  Start(pipeline);
  pipeline.AddProducer();
  PushAt(pipeline, seconds(1), 1);
  PushAt(pipeline, seconds(2), 2);
  pipeline.RemoveProducer();
  time_.RunFor(Duration(0));
  EXPECT_EQ(batches_, (Batches{{seconds(2), {1, 2}}}));
  EXPECT_EQ(end_, "pipeline: ended");
}

// Its first item is not a batch of one: what pressed before is gone.
TEST_F(PipelineBatchTest, NothingPressesAfterADiscardOrARefusalForAnotherReason) {
  const auto bytes_of = [](const int& item) -> std::int64_t { return item; };
  Pipeline<int>& pipeline =
      Make({.items = 10, .bytes = 10, .overflow = Overflow::kReject, .batch_items = 5}, bytes_of);
  PushAt(pipeline, seconds(1), 6);
  EXPECT_EQ(PushAt(pipeline, seconds(1), 5), Verdict::kFull);
  pipeline.Discard();
  EXPECT_EQ(PushAt(pipeline, seconds(1), 5), Verdict::kClosed);
  pipeline.Restart();
  EXPECT_EQ(PushAt(pipeline, seconds(1), 11), Verdict::kBadSize);
  EXPECT_EQ(PushAt(pipeline, seconds(2), 6), Verdict::kAccept);
  Start(pipeline);
  EXPECT_EQ(batches_, Batches{});
}

// The first waits for its batch to become old; the second behind it, for any.
TEST_F(PipelineBatchTest, TwoConsumersTakeTurns) {
  Pipeline<int>& pipeline = Make({.items = 10, .batch_items = 2, .batch_age = seconds(10)});
  Start(pipeline);
  Start(pipeline);
  std::array<int, 3> items{1, 2, 3};
  EXPECT_EQ(pipeline.TryPushAll(items, time_.Now()), 3u);
  time_.RunFor(seconds(60));
  EXPECT_EQ(batches_, (Batches{{seconds(0), {1, 2}}, {seconds(10), {3}}}));
  EXPECT_EQ(pipeline.Snapshot().waiting_consumers, 2);
}

// Two are promised items; the older ones are dropped before they come to take them.
TEST_F(PipelineBatchTest, AgeCountsFromTheOldestThatIsLeft) {
  Pipeline<int>& pipeline = Make(
      {.items = 2, .overflow = Overflow::kDropOldest, .batch_items = 2, .batch_age = seconds(10)});
  Start(pipeline);
  PushAt(pipeline, seconds(1), 1);
  pipeline.Discard();
  pipeline.Restart();
  PushAt(pipeline, seconds(5), 2);
  time_.RunFor(seconds(60));
  EXPECT_EQ(batches_, (Batches{{seconds(15), {2}}}));
}

}  // namespace
}  // namespace assay
