// Children that sleep and write down how they end, in virtual time: the scene of the asio_children
// tests.
#ifndef ASSAY_TESTS_ADAPTERS_CHILDREN_SCENE_H_
#define ASSAY_TESTS_ADAPTERS_CHILDREN_SCENE_H_

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <string>

#include "assay/adapters/asio_children.h"
#include "assay/fixture/fakes/virtual_time.h"

namespace assay::children_scene {

namespace asio = boost::asio;
using asio::awaitable;
using fixture::VirtualTime;

class ChildrenScene : public testing::Test {
 public:
  // Ends by itself after `seconds`, or writes down that it was cancelled, and then takes a second.
  awaitable<void> Sleep(int seconds, std::string name) {
    VirtualTime::Nap nap(time_);
    try {
      co_await nap.Until(Deadline::After(time_.Now(), std::chrono::seconds(seconds)));
      log_ += name + " ";
    } catch (const boost::system::system_error&) {
      log_ += name + "-cancelled ";
      throw;
    }
  }

  // Sleeps, and when it is cancelled meanwhile begins anew under another name.
  awaitable<void> SleepAgain(int seconds, std::string name, int seconds_again, std::string again) {
    bool cancelled = false;
    try {
      co_await Sleep(seconds, name);
    } catch (const boost::system::system_error&) {
      cancelled = true;
    }
    EXPECT_TRUE(cancelled);
    co_await asio::this_coro::reset_cancellation_state();
    co_await Sleep(seconds_again, again);
  }

  asio::io_context context_{};
  VirtualTime time_{context_};
  asio::cancellation_signal signal_{};
  std::string log_{};
};

// Writes its name down when it goes.
struct Leave {
  ~Leave() { log += name; }
  std::string& log;
  const char* name;
};

// Never ends; has a name that is somebody else's.
inline awaitable<void> Endless(VirtualTime& time, std::string& log, const std::string& name) {
  const Leave gone{log, name.c_str()};
  VirtualTime::Nap nap(time);
  co_await nap.Until(Deadline::Never());
}

}  // namespace assay::children_scene

#endif  // ASSAY_TESTS_ADAPTERS_CHILDREN_SCENE_H_
