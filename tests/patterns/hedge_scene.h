// A hedged call whose attempts are planned, in virtual time: the scene of the hedge_async tests.
#ifndef ASSAY_TESTS_PATTERNS_HEDGE_SCENE_H_
#define ASSAY_TESTS_PATTERNS_HEDGE_SCENE_H_

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/core/hash.h"
#include "assay/fixture/fakes/virtual_time.h"
#include "assay/patterns/hedge/call.h"

namespace assay::hedge_scene {

namespace asio = boost::asio;
using fixture::VirtualTime;
using std::chrono::seconds;

// How long an attempt takes, and what it comes to; `throws` comes first. One that takes no time
// ends without having been suspended, as one does that is answered from a cache.
struct Planned {
  int seconds_needed;
  Result<int> result = 0;
  bool throws = false;
};

class HedgeScene : public testing::Test {
 protected:
  asio::awaitable<Result<int>> Attempt(int number) {
    const Planned& planned = plan_.at(static_cast<std::size_t>(number));
    Log("begin", number);
    VirtualTime::Nap nap(time_);
    try {
      const auto needed = seconds(planned.seconds_needed);
      if (needed.count() > 0) co_await nap.Until(Deadline::After(time_.Now(), needed));
    } catch (const boost::system::system_error&) {
      Log("cancelled", number);
      throw;
    }
    Log("end", number);
    if (planned.throws) throw std::runtime_error("attempt " + std::to_string(number));
    co_return planned.result;
  }
  void Log(const std::string& what, int number) {
    const auto at = std::chrono::duration_cast<seconds>(time_.Now() - begin_);
    log_ += what + std::to_string(number) + "@" + std::to_string(at.count()) + " ";
  }

  asio::awaitable<void> Call(Hedge& hedge) {
    const auto attempt = [this](int number) { return Attempt(number); };
    got_ = co_await CallAsync(hedge, time_, attempt);
  }
  // True when the call has ended, by then at the latest.
  void Run(Hedge& hedge, std::vector<Planned> plan, Duration duration = std::chrono::hours(1)) {
    plan_ = std::move(plan);
    asio::co_spawn(context_, Call(hedge),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr thrown) {
                     thrown_ = thrown;
                     ended_ = true;
                   }));
    time_.RunFor(duration);
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  const TimePoint begin_ = time_.Now();
  asio::cancellation_signal signal_{};
  std::vector<Planned> plan_{};
  Result<int> got_ = -1;
  std::exception_ptr thrown_{};
  bool ended_ = false;
  std::string log_{};
};

inline const Error kDown{ErrorCode::kConnectRefused, "refused"};
inline const Error kLate{ErrorCode::kTimeout, "late"};

}  // namespace assay::hedge_scene

#endif  // ASSAY_TESTS_PATTERNS_HEDGE_SCENE_H_
