// Pushing and popping by threads that wait, in the time of a manual clock.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/pipeline/call.h"
#include "assay/patterns/pipeline/ends.h"

namespace assay {
namespace {

using fixture::ManualClock;
using std::chrono::seconds;

std::int64_t ItselfInBytes(const int& item) { return item; }

// Waits as a thread would, but what somebody else does meanwhile is done on this very thread.
template <class Action>
class Interrupted {
 public:
  Interrupted(ManualClock& clock, Duration after, Action action)
      : clock_(clock), after_(after), action_(std::move(action)) {}

  TimePoint Now() const noexcept { return clock_.Now(); }

  class Nap {
   public:
    explicit Nap(const Interrupted& time) : time_(time) {}
    bool Until(Deadline deadline) {
      const TimePoint at = time_.clock_.Now() + time_.after_;
      if (!time_.done_ && !deadline.Expired(at)) {
        time_.done_ = true;
        time_.clock_.Advance(time_.after_);
        time_.action_();
      }
      if (woken_) return false;
      EXPECT_FALSE(deadline.never()) << "sleeps for ever";
      time_.clock_.Advance(deadline.Remaining(time_.clock_.Now()));
      return true;
    }
    void Wake() noexcept { woken_ = true; }

   private:
    const Interrupted& time_;
    bool woken_ = false;
  };

 private:
  ManualClock& clock_;
  const Duration after_;
  Action action_;
  mutable bool done_ = false;
};

class PipelineCallTest : public testing::Test {
 protected:
  template <class Action>
  Interrupted<Action> After(Duration duration, Action action) {
    return Interrupted<Action>(clock_, duration, std::move(action));
  }
  Deadline In(Duration duration) const { return Deadline::After(clock_.Now(), duration); }
  Duration Elapsed() const { return clock_.Now() - start_; }

  ManualClock clock_{};
  const TimePoint start_ = clock_.Now();
};

TEST_F(PipelineCallTest, WhatFitsIsTakenWhateverTheDeadline) {
  Pipeline<int> pipeline({.items = 1});
  EXPECT_EQ(*Push(pipeline, clock_, 7, In(Duration(0))), Verdict::kAccept);
  EXPECT_EQ(*Pop(pipeline, clock_, In(Duration(0))), 7);
  EXPECT_EQ(Elapsed(), Duration(0));
}

TEST_F(PipelineCallTest, GivesUpAtTheEarlierOfDeadlineAndPushTimeout) {
  Pipeline<int> pipeline({.items = 1, .push_timeout = seconds(30)});
  (void)Push(pipeline, clock_, 1);
  EXPECT_EQ(Push(pipeline, clock_, 2).error(),
            (Error{ErrorCode::kTimeout, "pipeline: no room within 30 s"}));
  EXPECT_EQ(Elapsed(), seconds(30));
  EXPECT_EQ(Push(pipeline, clock_, 2, In(seconds(5))).error().message,
            "pipeline: no room within 5 s");
  EXPECT_EQ(Push(pipeline, clock_, 2, In(Duration(0))).error().message,
            "pipeline: no room within 0 ns");
  EXPECT_EQ(Elapsed(), seconds(35));
  EXPECT_EQ(
      pipeline.Snapshot(),
      (PipelineMetrics{
          .produced = 1, .timeouts = 3, .items = 1, .peak_items = 1, .blocked_time = seconds(35)}));
}

TEST_F(PipelineCallTest, AnItemThatIsNotTakenStaysWithItsProducer) {
  Pipeline<std::unique_ptr<int>> pipeline({.items = 1, .push_timeout = seconds(1)});
  (void)Push(pipeline, clock_, std::make_unique<int>(1));
  auto item = std::make_unique<int>(2);
  EXPECT_FALSE(Push(pipeline, clock_, std::move(item)).ok());
  ASSERT_NE(item, nullptr);
  pipeline.Close();
  EXPECT_EQ(Push(pipeline, clock_, std::move(item)).error(),
            (Error{ErrorCode::kPipelineClosed, "pipeline closed"}));
  ASSERT_NE(item, nullptr);
}

TEST_F(PipelineCallTest, RefusalsAreErrors) {
  Pipeline<int> rejects({.items = 1, .bytes = 10, .overflow = Overflow::kReject}, ItselfInBytes);
  EXPECT_TRUE(Push(rejects, clock_, 1).ok());
  EXPECT_EQ(Push(rejects, clock_, 2).error(), (Error{ErrorCode::kLimitReached, "pipeline: full"}));
  EXPECT_EQ(Push(rejects, clock_, 11).error(),
            (Error{ErrorCode::kInvalidRequest, "pipeline item: 11 bytes is not within 0 to 10"}));
  Pipeline<int> drops({.items = 1, .overflow = Overflow::kDropNewest});
  EXPECT_TRUE(Push(drops, clock_, 1).ok());
  EXPECT_EQ(*Push(drops, clock_, 2), Verdict::kDropNewest);
}

TEST_F(PipelineCallTest, RoomIsFilledWithTheItemThatWaits) {
  Pipeline<int> pipeline({.items = 1});
  (void)Push(pipeline, clock_, 1);
  const auto time = After(seconds(3), [&] {
    EXPECT_EQ(pipeline.Snapshot().waiting_producers, 1);
    EXPECT_EQ(pipeline.TryPop(), 1);
    EXPECT_EQ(pipeline.Snapshot().waiting_producers, 0);
    EXPECT_EQ(pipeline.Snapshot().items, 1);
    EXPECT_EQ(pipeline.TryPush(3, clock_.Now()), Verdict::kFull) << "overtakes";
  });
  EXPECT_EQ(*Push(pipeline, time, 2), Verdict::kAccept);
  EXPECT_EQ(pipeline.TryPop(), 2);
  EXPECT_EQ(pipeline.Snapshot().blocked_time, seconds(3));
}

TEST_F(PipelineCallTest, ProducersGoOnAtTheResumeLevelOrAtTheirTimeWhenThereIsRoom) {
  Pipeline<int> pipeline({.items = 4, .resume_level = 0.25});
  for (int i = 1; i <= 4; ++i) (void)Push(pipeline, clock_, std::move(i));
  const auto time = After(seconds(3), [&] {
    for (int i = 1; i <= 2; ++i) EXPECT_EQ(pipeline.TryPop(), i);
    EXPECT_EQ(pipeline.Snapshot().waiting_producers, 1);
    EXPECT_EQ(pipeline.TryPush(9, clock_.Now()), Verdict::kFull) << "overtakes";
    EXPECT_EQ(pipeline.TryPop(), 3);
    EXPECT_EQ(pipeline.Snapshot().waiting_producers, 0);
  });
  EXPECT_EQ(*Push(pipeline, time, 5), Verdict::kAccept);
  for (int i = 6; i <= 7; ++i) (void)Push(pipeline, clock_, std::move(i));
  const auto later = After(seconds(3), [&] { EXPECT_EQ(pipeline.TryPop(), 4); });
  EXPECT_EQ(*Push(pipeline, later, 8, In(seconds(10))), Verdict::kAccept);
  EXPECT_EQ(Elapsed(), seconds(13));
}

TEST_F(PipelineCallTest, ClosingEndsTheWaitOfProducersAndConsumers) {
  Pipeline<int> full({.items = 1}), empty;
  (void)Push(full, clock_, 1);
  const auto close_full = After(seconds(1), [&] { full.Close(); });
  EXPECT_EQ(Push(full, close_full, 2).error(),
            (Error{ErrorCode::kPipelineClosed, "pipeline closed"}));
  EXPECT_EQ(full.Snapshot().rejected, 1u);
  const auto close_empty = After(seconds(1), [&] { empty.Close(); });
  EXPECT_EQ(Pop(empty, close_empty).error(),
            (Error{ErrorCode::kPipelineClosed, "pipeline: ended"}));
  Pipeline<int> discarded({.items = 1});
  (void)Push(discarded, clock_, 1);
  const auto discard = After(seconds(1), [&] { discarded.Discard(); });
  EXPECT_EQ(Push(discarded, discard, 2).error().message, "pipeline closed");
}

TEST_F(PipelineCallTest, ADeadOtherSideEndsTheWait) {
  Pipeline<int> full({.items = 1}), empty;
  (void)Push(full, clock_, 1);
  std::optional<ConsumerEnd<Pipeline<int>>> consumer(full);
  const auto consumer_dies = After(seconds(1), [&] { consumer.reset(); });
  EXPECT_EQ(Push(full, consumer_dies, 2).error(),
            (Error{ErrorCode::kPipelineClosed, "consumers gone"}));
  std::optional<ProducerEnd<Pipeline<int>>> producer(empty);
  const auto producer_dies = After(seconds(1), [&] { producer.reset(); });
  EXPECT_EQ(Pop(empty, producer_dies).error(),
            (Error{ErrorCode::kPipelineClosed, "pipeline: ended"}));
}

TEST_F(PipelineCallTest, PopWaitsForAnItemOrItsDeadline) {
  Pipeline<int> pipeline;
  EXPECT_EQ(Pop(pipeline, clock_, In(seconds(5))).error(),
            (Error{ErrorCode::kTimeout, "pipeline: nothing came within 5 s"}));
  const auto time = After(seconds(3), [&] {
    EXPECT_EQ(pipeline.Snapshot().waiting_consumers, 1);
    EXPECT_EQ(pipeline.TryPush(7, clock_.Now()), Verdict::kAccept);
    EXPECT_EQ(pipeline.Snapshot().waiting_consumers, 0);
    EXPECT_EQ(pipeline.TryPop(), std::nullopt) << "it has been promised";
  });
  EXPECT_EQ(*Pop(pipeline, time, In(seconds(5))), 7);
  EXPECT_EQ(Elapsed(), seconds(8));
}

TEST_F(PipelineCallTest, AnItemThatComesWithTheDeadlineIsTaken) {
  Pipeline<int> pipeline;
  const auto time = After(seconds(3), [&] {
    pipeline.TryPush(7, clock_.Now());
    clock_.Advance(seconds(60));
  });
  EXPECT_EQ(*Pop(pipeline, time, In(seconds(5))), 7);
}

TEST_F(PipelineCallTest, WhoWasPromisedWhatIsDroppedWaitsOn) {
  Pipeline<int> pipeline({.bytes = 10, .overflow = Overflow::kDropOldest}, ItselfInBytes);
  const auto time = After(seconds(1), [&] {
    pipeline.TryPush(4, clock_.Now());
    pipeline.Discard();
    pipeline.Restart();
  });
  EXPECT_EQ(Pop(pipeline, time, In(seconds(5))).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(Elapsed(), seconds(5));
  EXPECT_EQ(pipeline.Snapshot().waiting_consumers, 0);
}

TEST_F(PipelineCallTest, PushAllWaitsForRoomAndSaysWhatIsLeft) {
  Pipeline<int> pipeline({.items = 2});
  std::array<int, 5> items{1, 2, 3, 4, 5};
  std::span<int> rest(items);
  const auto time = After(seconds(1), [&] {
    EXPECT_EQ(pipeline.TryPop(), 1);
    EXPECT_EQ(pipeline.TryPop(), 2);
  });
  EXPECT_EQ(PushAll(pipeline, time, rest, In(seconds(5))).error().code, ErrorCode::kTimeout);
  EXPECT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest.front(), 5);
  EXPECT_EQ(pipeline.TryPop(), 3);
  EXPECT_TRUE(PushAll(pipeline, clock_, rest).ok());
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(pipeline.TryPop(), 4);
  EXPECT_EQ(pipeline.TryPop(), 5);
}

}  // namespace
}  // namespace assay
