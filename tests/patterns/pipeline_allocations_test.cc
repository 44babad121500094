// A pipeline's memory is what it is built with: the same for ten thousand items and for a million.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "assay/patterns/pipeline/call.h"
#include "bench/harness/allocations.h"

namespace assay {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};

void PassThrough(Pipeline<int>& pipeline, int count) {
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(pipeline.TryPush(i, kNow), Verdict::kAccept);
    ASSERT_TRUE(pipeline.TryPop());
  }
}

TEST(PipelineMemoryTest, ItemsAllocateNothingHoweverMany) {
  bench::TakeAllocations();
  Pipeline<int> pipeline({.items = 100});
  EXPECT_LE(bench::TakeAllocations(), 1u);  // an array, which the AddressSanitizer counts itself
  PassThrough(pipeline, 10'000);
  EXPECT_EQ(bench::TakeAllocations(), 0u);
  PassThrough(pipeline, 1'000'000);
  EXPECT_EQ(bench::TakeAllocations(), 0u);
}

TEST(PipelineMemoryTest, WrappersAndRefusalsAllocateNothing) {
  const SteadyThreadTime time;
  Pipeline<int> pipeline({.items = 1, .overflow = Overflow::kReject});
  bench::TakeAllocations();
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(Push(pipeline, time, 1).ok());
    ASSERT_FALSE(Push(pipeline, time, 2).ok());
    ASSERT_TRUE(Pop(pipeline, time).ok());
  }
  pipeline.Close();
  ASSERT_FALSE(Push(pipeline, time, 1).ok());
  ASSERT_FALSE(Pop(pipeline, time).ok());
  EXPECT_EQ(bench::TakeAllocations(), 0u);
}

TEST(PipelineMemoryTest, ABatchIsAllocatedOnce) {
  const SteadyThreadTime time;
  Pipeline<int> pipeline({.items = 100, .batch_items = 100});
  std::array<int, 100> items{};
  std::vector<int> batch;
  bench::TakeAllocations();
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(pipeline.TryPushAll(items, kNow), 100u);
    ASSERT_EQ(*PopBatch(pipeline, time, batch), 100);
    batch.clear();
  }
  EXPECT_EQ(bench::TakeAllocations(), 1u);
}

}  // namespace
}  // namespace assay
