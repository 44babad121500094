// Coroutines of Asio at both ends of a pipeline, in virtual time; cancelled wherever they wait.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assay/adapters/asio_time.h"
#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/pipeline/consume.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

using Log = std::vector<std::string>;

class PipelineAsyncTest : public testing::Test {
 public:  // lambdas use it
  using Items = BasicPipeline<int>;

  // Each writes down what became of it, and when.
  void SpawnPush(Items& pipeline, int item, asio::cancellation_slot slot = {},
                 Deadline deadline = Deadline::Never()) {
    const auto push = [](PipelineAsyncTest& test, Items& into, int pushed,
                         Deadline until) -> asio::awaitable<void> {
      const auto verdict = co_await PushAsync(into, test.time_, pushed, until);
      test.Note("push", verdict.ok() ? "ok" : verdict.error().message);
    };
    Spawn("push", push(*this, pipeline, item, deadline), slot);
  }
  void SpawnPop(Items& pipeline, asio::cancellation_slot slot = {},
                Deadline deadline = Deadline::Never()) {
    const auto pop = [](PipelineAsyncTest& test, Items& from,
                        Deadline until) -> asio::awaitable<void> {
      const auto item = co_await PopAsync(from, test.time_, until);
      test.Note("pop", item.ok() ? std::to_string(*item) : item.error().message);
    };
    Spawn("pop", pop(*this, pipeline, deadline), slot);
  }
  void SpawnBatch(Items& pipeline, asio::cancellation_slot slot = {}) {
    const auto pop = [](PipelineAsyncTest& test, Items& from) -> asio::awaitable<void> {
      std::vector<int> batch;
      const auto count = co_await PopBatchAsync(from, test.time_, batch);
      test.Note("batch", count.ok() ? std::to_string(*count) : count.error().message);
    };
    Spawn("batch", pop(*this, pipeline), slot);
  }
  void Spawn(std::string name, asio::awaitable<void> task, asio::cancellation_slot slot) {
    asio::co_spawn(context_, std::move(task),
                   asio::bind_cancellation_slot(slot, [this, name](std::exception_ptr thrown) {
                     if (thrown) Note(name, "cancelled");
                   }));
    time_.RunFor(Duration(0));
  }
  void Note(const std::string& name, const std::string& what) {
    log_.push_back(name + " at " + std::to_string(Elapsed().count()) + ": " + what);
  }
  seconds Elapsed() const { return std::chrono::duration_cast<seconds>(time_.Now() - start_); }
  void Cancel(asio::cancellation_signal& signal) { signal.emit(asio::cancellation_type::terminal); }

  // Outlives the coroutines that wait for it when a test ends.
  Items& Make(const PipelineOptions& options, Items::BytesOf bytes_of = nullptr) {
    return *pipelines_.emplace_back(std::make_unique<Items>(options, bytes_of));
  }

  std::vector<std::unique_ptr<Items>> pipelines_{};
  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  Log log_{};
  asio::cancellation_signal signal_{};
};

TEST_F(PipelineAsyncTest, BothSidesWaitInTheirOrder) {
  Items& pipeline = Make({.items = 1});
  for (int i = 1; i <= 3; ++i) SpawnPush(pipeline, i);
  time_.RunFor(seconds(2));
  for (int i = 1; i <= 4; ++i) SpawnPop(pipeline);
  SpawnPush(pipeline, 4);
  EXPECT_EQ(log_, (Log{"push at 0: ok", "pop at 2: 1", "push at 2: ok", "pop at 2: 2",
                       "push at 2: ok", "pop at 2: 3", "push at 2: ok", "pop at 2: 4"}));
  EXPECT_EQ(pipeline.Snapshot().blocked_time, seconds(4));
}

TEST_F(PipelineAsyncTest, TimesOut) {
  Items& pipeline = Make({.items = 1, .push_timeout = seconds(30)});
  SpawnPop(pipeline, {}, Deadline::After(start_, seconds(5)));
  time_.Run();
  SpawnPush(pipeline, 1);
  SpawnPush(pipeline, 2);
  SpawnPush(pipeline, 3, {}, Deadline::After(start_, seconds(10)));
  time_.Run();
  EXPECT_EQ(log_, (Log{"pop at 5: pipeline: nothing came within 5 s", "push at 5: ok",
                       "push at 10: pipeline: no room within 5 s",
                       "push at 35: pipeline: no room within 30 s"}));
}

TEST_F(PipelineAsyncTest, ACancelledPopIsForgotten) {
  Items& pipeline = Make({});
  SpawnPop(pipeline, signal_.slot());
  Cancel(signal_);
  time_.Run();
  pipeline.TryPush(1, time_.Now());
  SpawnPop(pipeline);
  EXPECT_EQ(log_, (Log{"pop at 0: cancelled", "pop at 0: 1"}));
}

// Nothing of it may happen between: an item promised to one that is cancelled goes to the next.
TEST_F(PipelineAsyncTest, CancelAndItemAtOnceLoseNothing) {
  for (const bool item_first : {true, false}) {
    Items& pipeline = Make({});
    log_.clear();
    asio::cancellation_signal signal;
    SpawnPop(pipeline, signal.slot());
    SpawnPop(pipeline);
    if (item_first) pipeline.TryPush(1, time_.Now());
    Cancel(signal);
    if (!item_first) pipeline.TryPush(1, time_.Now());
    pipeline.TryPush(2, time_.Now());
    time_.Run();
    SpawnPop(pipeline);
    const PipelineMetrics metrics = pipeline.Snapshot();
    EXPECT_EQ(metrics.consumed, 2u);
    EXPECT_EQ(metrics.items, 0);
    if (item_first) {
      EXPECT_EQ(log_, (Log{"pop at 0: 1", "pop at 0: 2"})) << "a wake-up wins";
    }
    pipeline.Close();
    time_.Run();
  }
}

// The coroutine is gone before it could come to take what it was promised.
TEST_F(PipelineAsyncTest, ADestroyedPopLeavesItsItemToTheNextAsTheOldest) {
  Items& pipeline = Make({});
  {
    asio::io_context other;
    VirtualTime time(other);
    asio::co_spawn(
        other,
        [](Items& from, VirtualTime& waits) -> asio::awaitable<void> {
          (void)co_await PopAsync(from, waits);
          ADD_FAILURE() << "goes on";
        }(pipeline, time),
        asio::detached);
    time.RunFor(Duration(0));
    pipeline.TryPush(1, time_.Now());
    pipeline.TryPush(2, time_.Now());
    EXPECT_EQ(pipeline.TryPop(), 2 - 1) << "one of two is promised, the other is not";
    EXPECT_EQ(pipeline.TryPop(), std::nullopt);
    SpawnPop(pipeline);
  }
  time_.Run();
  EXPECT_EQ(log_, (Log{"pop at 0: 2"}));
  EXPECT_EQ(pipeline.Snapshot().consumed, 2u);
}

TEST_F(PipelineAsyncTest, ACancelledPushIsForgottenAndLetsOthersPass) {
  Items& pipeline = Make({.items = 1});
  SpawnPush(pipeline, 1);
  SpawnPush(pipeline, 2, signal_.slot());
  SpawnPush(pipeline, 3);
  Cancel(signal_);
  time_.RunFor(seconds(1));
  SpawnPop(pipeline);
  SpawnPop(pipeline);
  EXPECT_EQ(log_, (Log{"push at 0: ok", "push at 0: cancelled", "pop at 1: 1", "push at 1: ok",
                       "pop at 1: 3"}));
  EXPECT_EQ(pipeline.Snapshot().produced, 2u);
}

TEST_F(PipelineAsyncTest, ACancelledBatchLeavesWhatItWaitedFor) {
  Items& pipeline = Make({.items = 10, .batch_items = 3, .batch_age = seconds(10)});
  SpawnBatch(pipeline, signal_.slot());
  pipeline.TryPush(1, time_.Now());
  time_.RunFor(seconds(5));  // it knows now when the batch is due
  pipeline.TryPush(2, time_.Now());
  SpawnBatch(pipeline);
  Cancel(signal_);
  time_.RunFor(seconds(60));
  EXPECT_EQ(log_, (Log{"batch at 5: cancelled", "batch at 10: 2"}));
}

TEST_F(PipelineAsyncTest, ConsumeRoutesErrorsAndNoticesTheEnd) {
  Items& pipeline = Make({});
  DeadLetters<int> letters({.items = 2, .overflow = Overflow::kDropOldest});
  const auto work = [this](int& item) -> asio::awaitable<Result<Done>> {
    VirtualTime::Nap nap(time_);
    co_await nap.Until(Deadline::After(time_.Now(), seconds(1)));
    if (item % 2 == 0) co_return Error{ErrorCode::kIo, "even " + std::to_string(item)};
    co_return Done{};
  };
  const auto run = [](PipelineAsyncTest& test, Items& from, auto fn,
                      DeadLetters<int>& failed) -> asio::awaitable<void> {
    auto keep = Keep(failed, test.time_);
    co_await ConsumeAsync(from, test.time_, fn, keep);
    test.Note("consume", "ended");
  };
  Spawn("consume", run(*this, pipeline, work, letters), {});
  for (int i = 1; i <= 4; ++i) pipeline.TryPush(std::move(i), time_.Now());
  time_.RunFor(seconds(100));
  pipeline.Close();
  time_.Run();
  EXPECT_EQ(log_, (Log{"consume at 100: ended"}));
  for (const int i : {2, 4}) {
    const auto letter = letters.TryPop();
    ASSERT_TRUE(letter);
    EXPECT_EQ(letter->item, i);
    EXPECT_EQ(letter->error, (Error{ErrorCode::kIo, "even " + std::to_string(i)}));
  }
  EXPECT_EQ(pipeline.TryPush(5, time_.Now()), Verdict::kClosed);
  pipeline.Restart();
  EXPECT_EQ(pipeline.TryPush(5, time_.Now()), Verdict::kNoConsumer);
  const PipelineMetrics metrics = pipeline.Snapshot();
  EXPECT_EQ(metrics.consumed, 2u);
  EXPECT_EQ(metrics.failed, 2u);
  EXPECT_EQ(metrics.processing_time, seconds(4));
}

TEST_F(PipelineAsyncTest, AConsumerCancelledAtItsWorkHandsTheItemOver) {
  Items& pipeline = Make({});
  std::vector<Failed<int>> failed;
  const auto work = [this](int&) -> asio::awaitable<Result<Done>> {
    VirtualTime::Nap nap(time_);
    co_await nap.Until(Deadline::Never());
    co_return Done{};
  };
  const auto run = [&](auto fn) -> asio::awaitable<void> {
    auto keep = [&failed](int&& item, const Error& error) { failed.push_back({item, error}); };
    co_await ConsumeAsync(pipeline, time_, fn, keep);
  };
  pipeline.TryPush(1, time_.Now());
  pipeline.TryPush(2, time_.Now());
  Spawn("consume", run(work), signal_.slot());
  time_.RunFor(seconds(3));
  Cancel(signal_);
  time_.Run();
  EXPECT_EQ(log_, (Log{"consume at 3: cancelled"}));
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].item, 1);
  EXPECT_EQ(failed[0].error,
            (Error{ErrorCode::kCancelled, "pipeline: the consumer gave up on the item"}));
  const PipelineMetrics metrics = pipeline.Snapshot();
  EXPECT_EQ(metrics.failed, 1u);
  EXPECT_EQ(metrics.items, 1);
  EXPECT_EQ(pipeline.TryPush(3, time_.Now()), Verdict::kNoConsumer);
}

TEST_F(PipelineAsyncTest, CarriesMoveOnlyItemsInRealTime) {
  BasicPipeline<std::unique_ptr<int>> pipeline;
  AsioTime time(context_.get_executor());
  const auto run = [&]() -> asio::awaitable<void> {
    auto item = std::make_unique<int>(7);
    (void)co_await PushAsync(pipeline, time, item);
    auto popped = co_await PopAsync(pipeline, time);
    EXPECT_EQ(**popped, 7);
  };
  asio::co_spawn(context_, run, asio::detached);
  context_.run();
  EXPECT_EQ(pipeline.Snapshot().consumed, 1u);
}

}  // namespace
}  // namespace assay
