// Cancels, or destroys, a coroutine at each of its suspension points: after every single handler
// that its io_context runs. What has to hold then is checked here.
#ifndef TESTS_PATTERNS_CANCEL_AT_EACH_H_
#define TESTS_PATTERNS_CANCEL_AT_EACH_H_

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "assay/adapters/asio_children.h"
#include "assay/core/cancellation.h"
#include "assay/core/result.h"
#include "assay/fixture/fakes/virtual_time.h"

namespace assay {

// Where the coroutine runs, once for each point.
struct CancelPlace {
  explicit CancelPlace(int& count) : held(count) {}

  // A call that takes so long and holds something meanwhile.
  boost::asio::awaitable<Result<int>> Work(int seconds, Result<int> result = 7) {
    struct Held {
      explicit Held(int& count) : held(count) { ++held; }
      ~Held() { --held; }
      Held(const Held&) = delete;
      Held& operator=(const Held&) = delete;
      int& held;
    } const it(held);
    fixture::VirtualTime::Nap nap(time);
    const auto needed = std::chrono::seconds(seconds);
    if (seconds > 0) co_await nap.Until(Deadline::After(time.Now(), needed));
    co_return result;
  }

  int& held;
  boost::asio::io_context context{};
  fixture::VirtualTime time{context};
};

class CancelAtEach {
 public:
  using Type = boost::asio::cancellation_type;
  using Make = std::function<boost::asio::awaitable<void>(CancelPlace&)>;

  // make(place) is the coroutine; it must not be deaf to cancelling.
  explicit CancelAtEach(Make make) : make_(std::move(make)) {
    for (const Type type : {Type::terminal, Type::partial, Type::total}) {
      ForEachPoint("cancelled", [&](int point) { return Cancelled(point, type, true); });
    }
    // What a coroutine has not asked for does not cancel it.
    for (const Type type : {Type::partial, Type::total}) {
      ForEachPoint("ignoring", [&](int point) { return Cancelled(point, type, false); });
    }
    ForEachPoint("destroyed", [&](int point) { return Destroyed(point); });
  }

  int points() const noexcept { return points_; }

 private:
  // `last(point)` runs it, true where there are no more points.
  template <class Last>
  void ForEachPoint(const std::string& what, Last last) {
    int point = 1;
    for (bool end = false; !end; ++point) {
      SCOPED_TRACE(what + " at point " + std::to_string(point));
      ASSERT_LT(point, 1000);
      end = last(point);
      EXPECT_EQ(held_, 0);
    }
    points_ = point - 1;
  }

  struct Run {
    std::optional<std::exception_ptr> end{};  // what was thrown, or null
    boost::asio::cancellation_signal signal{};
  };

  boost::asio::awaitable<void> Begin(CancelPlace& place, bool listens) {
    namespace this_coro = boost::asio::this_coro;
    if (listens) {
      co_await this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
    }
    co_await make_(place);
  }

  // True where it has no more steps to go.
  bool Go(CancelPlace& place, Run& run, bool listens, int steps) {
    boost::asio::co_spawn(place.context, Begin(place, listens),
                          boost::asio::bind_cancellation_slot(
                              run.signal.slot(), [&run](std::exception_ptr e) { run.end = e; }));
    for (int step = 0; step < steps; ++step) {
      if (!place.time.Step()) return true;
    }
    return false;
  }

  bool Cancelled(int point, Type type, bool listens) {
    Run run;
    CancelPlace place(held_);
    const bool last = Go(place, run, listens, point);
    const TimePoint at = place.time.Now();
    run.signal.emit(type);
    place.time.Run();
    if (!listens) {
      EXPECT_EQ(run.end.value_or(nullptr), nullptr);
      return last;
    }
    EXPECT_TRUE(run.end) << "it goes on for ever";
    const auto thrown = run.end.value_or(nullptr);
    EXPECT_TRUE(!thrown || Cancellation<boost::asio::awaitable<void>>::Is(thrown));
    EXPECT_EQ(place.time.Now(), at) << "it does not end at once";
    return last;
  }

  bool Destroyed(int point) {
    Run run;
    CancelPlace place(held_);
    return Go(place, run, false, point);
  }

  const Make make_;
  int held_ = 0;
  int points_ = 0;
};

}  // namespace assay

#endif  // TESTS_PATTERNS_CANCEL_AT_EACH_H_
