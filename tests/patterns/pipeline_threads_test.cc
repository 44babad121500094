// Real threads at both ends, on the machine's time.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "assay/patterns/pipeline/consume.h"

namespace assay {
namespace {

struct Item {
  int producer;
  int number;
};

constexpr int kEach = 5'000;

// What two producers push comes out once each, in their orders as far as one consumer sees them.
template <class TakeAll>
void ExpectAllItemsOnce(const PipelineOptions& options, TakeAll take_all) {
  Pipeline<Item> pipeline(options);
  const SteadyThreadTime time;
  std::array<std::int64_t, 2> sums{};
  std::array<std::string, 2> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t consumer = 0; consumer < 2; ++consumer) {
    threads.emplace_back([&, consumer] {
      std::array<int, 2> last{};
      take_all(pipeline, time, [&, consumer](const Item& item) {
        auto& before = last[static_cast<std::size_t>(item.producer)];
        if (item.number <= before) wrong[consumer] = "out of order";
        before = item.number;
        sums[consumer] += item.number;
      });
    });
  }
  {
    std::vector<std::thread> producers;
    for (int producer = 0; producer < 2; ++producer) {
      producers.emplace_back([&pipeline, &time, producer] {
        for (int i = 1; i <= kEach; ++i) (void)Push(pipeline, time, Item{producer, i});
      });
    }
    for (auto& producer : producers) producer.join();
  }
  pipeline.Close();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(sums[0] + sums[1], std::int64_t{kEach} * (kEach + 1));
  EXPECT_EQ(wrong[0] + wrong[1], "");
  const PipelineMetrics metrics = pipeline.Snapshot();
  EXPECT_EQ(metrics.consumed, 2u * kEach);
  EXPECT_LE(metrics.peak_items, options.items);
}

TEST(PipelineThreadsTest, OneByOne) {
  for (const int items : {1, 7, 1'000}) {
    ExpectAllItemsOnce({.items = items}, [](auto& pipeline, const auto& time, auto take) {
      while (true) {
        const auto item = Pop(pipeline, time);
        if (!item.ok()) return;
        take(item.value());
      }
    });
  }
}

TEST(PipelineThreadsTest, InBatches) {
  ExpectAllItemsOnce({.items = 10, .batch_items = 4, .batch_age = std::chrono::microseconds(50)},
                     [](auto& pipeline, const auto& time, auto take) {
                       std::vector<Item> batch;
                       while (PopBatch(pipeline, time, batch).ok()) {
                         for (const Item& item : batch) take(item);
                         batch.clear();
                       }
                     });
}

TEST(PipelineThreadsTest, AConsumerThatEndsIsNoticedByAProducerThatWaits) {
  Pipeline<int> pipeline({.items = 1});
  const SteadyThreadTime time;
  pipeline.AddConsumer();  // before there is a producer that could miss it
  std::thread consumer([&] {
    EXPECT_TRUE(Pop(pipeline, time).ok());
    pipeline.RemoveConsumer();
  });
  Result<Verdict> pushed = Verdict::kAccept;
  int count = 0;
  for (; pushed.ok(); ++count) pushed = Push(pipeline, time, 1);
  consumer.join();
  EXPECT_EQ(pushed.error(), (Error{ErrorCode::kPipelineClosed, "consumers gone"}));
  EXPECT_LE(count, 3);
}

}  // namespace
}  // namespace assay
