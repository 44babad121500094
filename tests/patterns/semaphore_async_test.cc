// Coroutines of Asio that wait for a semaphore, in virtual time.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "assay/adapters/asio_time.h"
#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/semaphore/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

static_assert(CoroutineTime<AsioTime>);

class SemaphoreAsyncTest : public testing::Test {
 protected:
  struct Outcome {
    std::string name;
    seconds at;
    std::string error;  // empty: none

    friend bool operator==(const Outcome&, const Outcome&) = default;
    friend void PrintTo(const Outcome& outcome, std::ostream* out) {
      *out << outcome.name << " at " << outcome.at.count() << ": " << outcome.error;
    }
  };
  using Outcomes = std::vector<Outcome>;

  // A call that takes `permits` for 10 s.
  void Spawn(std::string name, int permits = 1, asio::cancellation_slot slot = {},
             Deadline deadline = Deadline::Never()) {
    auto work = [this]() -> asio::awaitable<Result<int>> {
      VirtualTime::Nap nap(time_);
      co_await nap.Until(Deadline::After(time_.Now(), seconds(10)));
      co_return 42;
    };
    asio::co_spawn(context_,
                   Note(name, CallAsync(semaphore_, time_, deadline, std::move(work), permits)),
                   asio::bind_cancellation_slot(slot, [this, name](std::exception_ptr thrown) {
                     if (thrown) outcomes_.push_back({name, Elapsed(), "cancelled"});
                   }));
  }
  asio::awaitable<void> Note(std::string name, asio::awaitable<Result<int>> call) {
    const Result<int> result = co_await std::move(call);
    outcomes_.push_back({name, Elapsed(), result.ok() ? "" : result.error().message});
  }
  seconds Elapsed() const { return std::chrono::duration_cast<seconds>(time_.Now() - start_); }

  Semaphore semaphore_{{.limit = 2, .queue_timeout = seconds(30)}};
  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint start_ = time_.Now();
  Outcomes outcomes_{};
};

TEST_F(SemaphoreAsyncTest, WaitsInOrderAndIsHandedThePermits) {
  Spawn("a");
  Spawn("b", 2);
  Spawn("c");  // may not overtake b, which could not start before a ended
  Spawn("d");
  time_.Run();
  EXPECT_EQ(outcomes_, (Outcomes{{"a", seconds(10), ""},
                                 {"b", seconds(20), ""},
                                 {"c", seconds(30), ""},
                                 {"d", seconds(30), ""}}));
  EXPECT_EQ(semaphore_.Snapshot(), (SemaphoreMetrics{.limit = 2, .peak = 2, .acquisitions = 4}));
}

TEST_F(SemaphoreAsyncTest, GivesUpAtTheEarlierOfDeadlineAndQueueTimeout) {
  semaphore_.TryAcquire(2);
  Spawn("queue");
  Spawn("deadline", 1, {}, Deadline::After(start_, seconds(5)));
  time_.Run();
  EXPECT_EQ(outcomes_,
            (Outcomes{{"deadline", seconds(5), "semaphore: 1 of 2 permits not free within 5 s"},
                      {"queue", seconds(30), "semaphore: 1 of 2 permits not free within 30 s"}}));
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 2u);
}

TEST_F(SemaphoreAsyncTest, RefusesAtOnceWhatCannotBe) {
  semaphore_.TryAcquire(2);
  Spawn("over", 3);
  Spawn("late", 1, {}, Deadline::At(start_));
  time_.RunFor(Duration(0));
  EXPECT_EQ(outcomes_, (Outcomes{{"over", seconds(0), "semaphore permits: 3 is not within 1 to 2"},
                                 {"late", seconds(0), "semaphore: full"}}));
}

TEST_F(SemaphoreAsyncTest, ASmallerLimitEndsTheWaitOfWhoWantsMore) {
  semaphore_.TryAcquire(2);
  Spawn("large", 2);
  time_.RunFor(seconds(1));
  semaphore_.Resize(1);
  time_.RunFor(Duration(0));
  EXPECT_EQ(outcomes_,
            (Outcomes{{"large", seconds(1), "semaphore permits: 2 is not within 1 to 1"}}));
}

TEST_F(SemaphoreAsyncTest, WaitsForTheQueueTimeoutWithoutADeadline) {
  semaphore_.TryAcquire(2);
  auto work = []() -> asio::awaitable<Result<int>> { co_return 1; };
  asio::co_spawn(context_, Note("it", CallAsync(semaphore_, time_, work)), asio::detached);
  time_.RunFor(seconds(29));
  EXPECT_EQ(outcomes_, Outcomes{});
  time_.RunFor(seconds(1));
  EXPECT_EQ(outcomes_.size(), 1u);
}

// One call waits until 10 s and runs until 20 s. It is cancelled at second `at`: while it waits,
// while it runs, in between, and too late.
class SemaphoreCancelTest : public SemaphoreAsyncTest, public testing::WithParamInterface<int> {};

TEST_P(SemaphoreCancelTest, GivesBackWhatItHolds) {
  const seconds at(GetParam());
  asio::cancellation_signal signal;
  Spawn("first", 2);
  Spawn("cancelled", 2, signal.slot());
  Spawn("next", 2);
  time_.RunFor(at);
  signal.emit(asio::cancellation_type::terminal);
  time_.Run();
  const bool in_time = at < seconds(20);
  const seconds free = at < seconds(10) ? seconds(10) : std::min(at, seconds(20));
  EXPECT_EQ(outcomes_.back(), (Outcome{"next", free + seconds(10), ""}));
  const Outcome cancelled{"cancelled", in_time ? at : seconds(20), in_time ? "cancelled" : ""};
  EXPECT_NE(std::find(outcomes_.begin(), outcomes_.end(), cancelled), outcomes_.end());
  EXPECT_EQ(semaphore_.Snapshot().active, 0);
  EXPECT_EQ(semaphore_.Snapshot().queued, 0);
  EXPECT_EQ(semaphore_.Snapshot().timeouts, 0u);
  EXPECT_TRUE(semaphore_.TryAcquire(2));
}

INSTANTIATE_TEST_SUITE_P(Seconds, SemaphoreCancelTest, testing::Values(1, 9, 10, 11, 19, 20, 21));

// The permit is handed over, and before the coroutine goes on with it, it is cancelled.
TEST_F(SemaphoreAsyncTest, CancelledBetweenHandOverAndGoingOn) {
  asio::cancellation_signal signal;
  semaphore_.TryAcquire(2);
  Spawn("cancelled", 2, signal.slot());
  Spawn("next", 2);
  time_.RunFor(seconds(1));
  semaphore_.Release(2);
  signal.emit(asio::cancellation_type::terminal);
  time_.Run();
  EXPECT_EQ(outcomes_,
            (Outcomes{{"cancelled", seconds(1), "cancelled"}, {"next", seconds(11), ""}}));
  EXPECT_EQ(semaphore_.active(), 0);
}

TEST_F(SemaphoreAsyncTest, HandedOverJustAfterItWasCancelled) {
  asio::cancellation_signal signal;
  semaphore_.TryAcquire(2);
  Spawn("cancelled", 2, signal.slot());
  Spawn("next", 2);
  time_.RunFor(seconds(1));
  signal.emit(asio::cancellation_type::terminal);
  semaphore_.Release(2);
  time_.Run();
  EXPECT_EQ(outcomes_,
            (Outcomes{{"cancelled", seconds(1), "cancelled"}, {"next", seconds(11), ""}}));
  EXPECT_EQ(semaphore_.active(), 0);
}

// As when a program ends: whoever waits, has just been granted, or runs is destroyed.
TEST_F(SemaphoreAsyncTest, DestroyedCoroutinesLeaveNothingBehind) {
  Semaphore semaphore({.limit = 1});
  {
    asio::io_context context;
    VirtualTime time(context);
    const auto spawn = [&] {
      auto work = [&]() -> asio::awaitable<Result<int>> {
        VirtualTime::Nap nap(time);
        co_await nap.Until(Deadline::Never());
        co_return 1;
      };
      asio::co_spawn(context, Note("it", CallAsync(semaphore, time, work)), asio::detached);
    };
    spawn();
    time.RunFor(seconds(1));
    spawn();
    spawn();
    time.RunFor(seconds(1));
    EXPECT_EQ(semaphore.Snapshot().queued, 2);
    semaphore.Resize(2);  // the second one is granted, but does not come to run
    EXPECT_EQ(semaphore.active(), 2);
  }
  EXPECT_EQ(semaphore.active(), 0);
  EXPECT_EQ(semaphore.Snapshot().queued, 0);
}

}  // namespace
}  // namespace assay
