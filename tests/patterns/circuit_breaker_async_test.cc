// A circuit breaker in coroutines of Asio, in virtual time: cancelled, timed, refused.
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/circuit_breaker/call.h"

namespace assay {
namespace {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;
using Awaitable = asio::awaitable<Result<int>>;

// Sees time-outs of a scope around the breaker, which reach it as cancellations.
struct CancellationIsAFailure : DefaultClassifier {
  using DefaultClassifier::operator();
  Outcome operator()(const std::exception_ptr&) const { return Outcome::kFailure; }
};

class CircuitBreakerAsyncTest : public testing::Test {
 protected:
  static CircuitBreakerOptions Options() {
    return {.failure_threshold = 1,
            .open_duration = seconds(10),
            .success_threshold = 1,
            .slow_calls = SlowCallOptions{.longer_than = seconds(2), .count_as_failures = true}};
  }

  // Takes `duration`, then ends with `result`.
  auto Server(Duration duration, Result<int> result) {
    return [this, duration, result]() -> Awaitable {
      VirtualTime::Nap nap(time_);
      co_await nap.Until(Deadline::After(time_.Now(), duration));
      co_return result;
    };
  }

  template <class Classifier>
  asio::awaitable<void> CallOnce(Duration duration, Result<int> result, Classifier classify,
                                 std::string& end) {
    end = "exception";
    const Result<int> got = co_await CallAsync(breaker_, time_, Server(duration, result), classify);
    end = got.ok() ? "ok" : got.error().message;
  }

  // Runs until it ends, or until it is cancelled after `cancel_after`.
  template <class Classifier = DefaultClassifier>
  std::string Go(Duration duration, Result<int> result, std::optional<Duration> cancel_after = {},
                 Classifier classify = {}) {
    std::string end = "nothing";
    asio::cancellation_signal cancel;
    asio::co_spawn(context_, CallOnce(duration, result, classify, end),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    if (cancel_after) {
      time_.RunFor(*cancel_after);
      cancel.emit(asio::cancellation_type::terminal);
    }
    time_.Run();
    return end;
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  CircuitBreaker breaker_{Options()};
};

const Error kReset{ErrorCode::kConnectionClosed, "reset"};

TEST_F(CircuitBreakerAsyncTest, OpensAndRefusesAndCloses) {
  EXPECT_EQ(Go(seconds(1), kReset), "reset");
  EXPECT_EQ(Go(seconds(1), 1), "circuit: open");
  time_.RunFor(seconds(10));
  EXPECT_EQ(Go(seconds(1), 1), "ok");
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerAsyncTest, MeasuresHowLongACallTakes) {
  EXPECT_EQ(Go(seconds(2), 1), "ok");
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(Go(seconds(2) + Duration(1), 1), "ok");
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

TEST_F(CircuitBreakerAsyncTest, ACancelledProbeGivesItsPermitBackAndDecidesNothing) {
  Go(seconds(1), kReset);
  time_.RunFor(seconds(10));
  EXPECT_EQ(Go(seconds(2), 1, seconds(1)), "exception");
  EXPECT_EQ(breaker_.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker_.Snapshot(time_.Now()).probes, 0u);
  EXPECT_EQ(Go(seconds(1), 1), "ok");
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
}

TEST_F(CircuitBreakerAsyncTest, ACancelledCallSaysNothingAboutTheServer) {
  EXPECT_EQ(Go(seconds(2), 1, seconds(1)), "exception");
  EXPECT_EQ(breaker_.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker_.Snapshot(time_.Now()).consecutive_failures, 0u);
}

TEST_F(CircuitBreakerAsyncTest, TheCallersClassifierMayCountCancelledCalls) {
  EXPECT_EQ(Go(seconds(2), 1, seconds(1), CancellationIsAFailure{}), "exception");
  EXPECT_EQ(breaker_.state(), CircuitState::kOpen);
}

// Of the exceptions, cancellation is the only one that says nothing.
TEST_F(CircuitBreakerAsyncTest, AnyOtherExceptionIsAFailure) {
  const auto thrown_is_failure = [&](const auto& exception) {
    breaker_.Reset(time_.Now());
    const auto fail = [&]() -> Awaitable {
      throw exception;
      co_return 1;
    };
    const auto call = [&]() -> asio::awaitable<void> {
      const Result<int> result = co_await CallAsync(breaker_, time_, fail);
      ADD_FAILURE() << "it did not go on: " << result.ok();
    };
    asio::co_spawn(context_, call, asio::detached);
    time_.Run();
    return breaker_.state() == CircuitState::kOpen;
  };
  using boost::system::system_error;
  EXPECT_TRUE(thrown_is_failure(system_error(asio::error::connection_reset)));
  EXPECT_TRUE(thrown_is_failure(std::runtime_error("boom")));
  EXPECT_FALSE(thrown_is_failure(system_error(asio::error::operation_aborted)));
  EXPECT_FALSE(
      thrown_is_failure(std::system_error(std::make_error_code(std::errc::operation_canceled))));
}

}  // namespace
}  // namespace assay
