// Producers whose items do not fit at once: those that wait with others, and those of many items.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <span>
#include <utility>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/pipeline/call.h"

namespace assay {
namespace {

std::int64_t NumberInBytes(const int& item) { return item; }

class PipelineProducersTest : public testing::Test {
 protected:
  fixture::ManualClock clock_{};
  const TimePoint start_ = clock_.Now();
};

// Nobody but the test wakes it.
class Waiting final : public PipelineProducer<int> {
 public:
  using PipelineProducer<int>::PipelineProducer;
  bool woken = false;

 private:
  void Wake() noexcept override { woken = true; }
};

TEST_F(PipelineProducersTest, AProducerThatGivesUpOrLeavesLetsThoseBehindItPass) {
  Pipeline<int> pipeline({.items = 5, .bytes = 10}, NumberInBytes);
  (void)Push(pipeline, clock_, 4);
  int large = 7, small = 2, too_small = 1;
  Waiting head(large, 7), second(small, 2), third(large, 7), fourth(too_small, 1);
  for (Waiting* producer : {&head, &second, &third, &fourth}) {
    EXPECT_EQ(pipeline.Enter(*producer, start_), Verdict::kWait);
  }
  pipeline.Expire(head);
  EXPECT_EQ(head.verdict(), Verdict::kTimedOut);
  EXPECT_FALSE(head.woken);
  EXPECT_TRUE(second.woken);
  EXPECT_EQ(second.verdict(), Verdict::kAccept);
  EXPECT_FALSE(fourth.woken);
  pipeline.Leave(third);
  EXPECT_TRUE(fourth.woken);
  EXPECT_EQ(pipeline.Snapshot(), (PipelineMetrics{.produced = 3,
                                                  .rejected = 1,
                                                  .timeouts = 1,
                                                  .items = 3,
                                                  .peak_items = 3,
                                                  .bytes = 7,
                                                  .peak_bytes = 7}));
  pipeline.Leave(second);  // as its destructor does; nothing happens any more
  EXPECT_EQ(pipeline.Snapshot().rejected, 1u);
}

// Too much is in it for those who wait to be woken, but there is room for both.
TEST_F(PipelineProducersTest, NobodysTimeIsOverWhereThereIsRoom) {
  Pipeline<int> pipeline({.items = 10, .resume_level = 0.5});
  for (int i = 1; i <= 10; ++i) (void)Push(pipeline, clock_, std::move(i));
  int patient = 11, hurried = 12;
  Waiting first(patient, 0), second(hurried, 0);
  for (Waiting* producer : {&first, &second}) {
    EXPECT_EQ(pipeline.Enter(*producer, start_), Verdict::kWait);
  }
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(pipeline.TryPop(), i);
  EXPECT_FALSE(first.woken);
  pipeline.Expire(second);
  EXPECT_EQ(second.verdict(), Verdict::kAccept);
  EXPECT_TRUE(first.woken) << "nobody overtakes";
  EXPECT_EQ(pipeline.Snapshot().timeouts, 0u);
  for (int i = 4; i <= 12; ++i) EXPECT_EQ(pipeline.TryPop(), i);
}

// Nor does one that comes too late to be first take the room of those before it.
TEST_F(PipelineProducersTest, TheTimeOfOneIsOverWhereThereIsRoomForThoseBeforeItOnly) {
  Pipeline<int> pipeline({.items = 4, .resume_level = 0.5});
  for (int i = 1; i <= 4; ++i) (void)Push(pipeline, clock_, std::move(i));
  int patient = 5, hurried = 6;
  Waiting first(patient, 0), second(hurried, 0);
  for (Waiting* producer : {&first, &second}) {
    EXPECT_EQ(pipeline.Enter(*producer, start_), Verdict::kWait);
  }
  EXPECT_EQ(pipeline.TryPop(), 1);
  pipeline.Expire(second);
  EXPECT_EQ(second.verdict(), Verdict::kTimedOut);
  EXPECT_EQ(first.verdict(), Verdict::kAccept);
}

struct CountedLocks {
  template <class T>
  using Atomic = std::atomic<T>;
  struct Mutex {
    void lock() noexcept { ++locks; }
    void unlock() noexcept {}
    inline static int locks = 0;
  };
};

TEST_F(PipelineProducersTest, PushAllLocksOnceForWhatFits) {
  BasicPipeline<int, CountedLocks> pipeline;
  std::array<int, 5> items{1, 2, 3, 4, 5};
  std::span<int> rest(items);
  const int before = CountedLocks::Mutex::locks;
  EXPECT_TRUE(PushAll(pipeline, clock_, rest).ok());
  EXPECT_EQ(CountedLocks::Mutex::locks, before + 1);
}

TEST_F(PipelineProducersTest, PushAllCountsWhatIsRefusedOnce) {
  Pipeline<int> rejects({.items = 1, .overflow = Overflow::kReject});
  std::array<int, 2> items{1, 2};
  std::span<int> rest(items);
  EXPECT_EQ(PushAll(rejects, clock_, rest).error().code, ErrorCode::kLimitReached);
  EXPECT_EQ(rest.size(), 1u);
  EXPECT_EQ(rejects.Snapshot().rejected, 1u);
  rejects.Close();
  EXPECT_EQ(PushAll(rejects, clock_, rest).error().code, ErrorCode::kPipelineClosed);
  EXPECT_EQ(rejects.Snapshot().rejected, 2u);
  Pipeline<int> of_bytes({.items = 9, .bytes = 5}, NumberInBytes);
  std::array<int, 2> sizes{1, 6};
  rest = sizes;
  EXPECT_EQ(PushAll(of_bytes, clock_, rest).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(of_bytes.Snapshot().rejected, 1u);
}

}  // namespace
}  // namespace assay
