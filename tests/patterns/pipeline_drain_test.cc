// Waiting until nothing is left in a pipeline: on a thread, and in coroutines in virtual time.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/pipeline/call.h"
#include "assay/patterns/pipeline/drain.h"
#include "assay/patterns/pipeline/ends.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

TEST(PipelineDrainTest, AnEmptyOneIsDrainedWhateverTheDeadline) {
  const fixture::ManualClock clock;
  Pipeline<int> pipeline;
  EXPECT_TRUE(WaitUntilDrained(pipeline, clock, Deadline::At(clock.Now())).ok());
}

TEST(PipelineDrainTest, WhatIsLeftAtTheDeadlineIsAnError) {
  const fixture::ManualClock clock;
  const TimePoint start = clock.Now();
  Pipeline<int> pipeline;
  pipeline.TryPush(1, start);
  pipeline.Close();
  EXPECT_EQ(WaitUntilDrained(pipeline, clock, Deadline::After(start, seconds(5))).error(),
            (Error{ErrorCode::kTimeout, "pipeline: not drained within 5 s"}));
  EXPECT_EQ(clock.Now(), start + seconds(5));
}

TEST(PipelineDrainTest, WithoutAConsumerThereIsNothingToWaitFor) {
  const fixture::ManualClock clock;
  Pipeline<int> pipeline;
  pipeline.TryPush(1, clock.Now());
  { const ConsumerEnd gone(pipeline); }
  EXPECT_EQ(WaitUntilDrained(pipeline, clock).error(),
            (Error{ErrorCode::kPipelineClosed, "consumers gone"}));
  pipeline.Discard();
  EXPECT_TRUE(WaitUntilDrained(pipeline, clock).ok());
}

class PipelineDrainAsyncTest : public testing::Test {
 protected:
  PipelineDrainAsyncTest() {
    for (int i = 1; i <= 2; ++i) pipeline_.TryPush(std::move(i), time_.Now());
  }
  void Start() {
    const auto wait = [this]() -> asio::awaitable<void> {
      const auto drained =
          co_await WaitUntilDrainedAsync(pipeline_, time_, Deadline::After(start_, seconds(60)));
      result_ = drained.ok() ? "drained" : drained.error().message;
    };
    asio::co_spawn(context_, wait,
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown) {
                     if (thrown) result_ = "cancelled";
                   }));
    time_.RunFor(Duration(0));
    EXPECT_EQ(result_, "");
  }
  // What became of the wait by now.
  std::string Result() {
    time_.RunFor(Duration(0));
    return result_;
  }

  Pipeline<int> pipeline_{{.items = 2}};
  asio::io_context context_{};
  fixture::VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  asio::cancellation_signal signal_{};
  std::string result_{};
};

TEST_F(PipelineDrainAsyncTest, EndsWithTheLastItem) {
  Start();
  EXPECT_EQ(pipeline_.TryPop(), 1);
  EXPECT_EQ(Result(), "");
  EXPECT_EQ(pipeline_.TryPop(), 2);
  EXPECT_EQ(Result(), "drained");
}

TEST_F(PipelineDrainAsyncTest, AProducerThatWaitsHasOneMore) {
  int item = 3;
  const auto push = [&]() -> asio::awaitable<void> {
    (void)co_await PushAsync(pipeline_, time_, item);
  };
  asio::co_spawn(context_, push, asio::detached);
  Start();
  const auto nothing = [](int&&) {};
  EXPECT_EQ(pipeline_.TryReceive(2, nothing), Receipt::kTaken);
  EXPECT_EQ(Result(), "");
  EXPECT_EQ(pipeline_.TryPop(), 3);
  EXPECT_EQ(Result(), "drained");
}

TEST_F(PipelineDrainAsyncTest, EndsWithADiscardOrTheLastConsumer) {
  Start();
  pipeline_.Discard();
  EXPECT_EQ(Result(), "drained");
  pipeline_.Restart();
  pipeline_.TryPush(3, start_);
  result_.clear();
  std::optional<ConsumerEnd<Pipeline<int>>> consumer(pipeline_);
  Start();
  consumer.reset();
  EXPECT_EQ(Result(), "consumers gone");
}

TEST_F(PipelineDrainAsyncTest, TimesOut) {
  Start();
  time_.Run();
  EXPECT_EQ(result_, "pipeline: not drained within 60 s");
  EXPECT_EQ(time_.Now(), start_ + seconds(60));
  EXPECT_EQ(pipeline_.TryPop(), 1);
  EXPECT_EQ(pipeline_.TryPop(), 2) << "nobody is in the queue any more";
}

TEST_F(PipelineDrainAsyncTest, CancelledItIsForgotten) {
  Start();
  signal_.emit(asio::cancellation_type::terminal);
  EXPECT_EQ(Result(), "cancelled");
  pipeline_.Discard();
}

TEST(PipelineDrainLifetime, DestroyedItIsForgotten) {
  Pipeline<int> pipeline;
  pipeline.TryPush(1, TimePoint{});
  {
    asio::io_context context;
    fixture::VirtualTime time(context);
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
          (void)co_await WaitUntilDrainedAsync(pipeline, time);
          ADD_FAILURE() << "goes on";
        },
        asio::detached);
    time.RunFor(seconds(1));
  }
  pipeline.Discard();
}

}  // namespace
}  // namespace assay
