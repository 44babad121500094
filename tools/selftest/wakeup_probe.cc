#include "tools/selftest/wakeup_probe.h"

#include <sys/prctl.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <thread>

namespace assay::selftest {
namespace {

Error Failed(const char* what, int code) {
  return {ErrorCode::kIo,
          std::string("wake-ups: ") + what + ": " + std::generic_category().message(code)};
}

double Nanoseconds(Duration duration) { return static_cast<double>(duration.count()); }

timespec ToTimespec(TimePoint time) {
  const Duration since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  return {.tv_sec = seconds.count(), .tv_nsec = (since - seconds).count()};
}

Result<std::vector<double>> SleepHere(const SleepPlan& plan) {
  if (plan.slack && ::prctl(PR_SET_TIMERSLACK, plan.slack->count(), 0, 0, 0) != 0) {
    return Failed("timer slack", errno);
  }
  std::vector<double> delays;
  const SteadyClock clock;  // CLOCK_MONOTONIC
  for (int i = 0; i < plan.count; ++i) {
    const TimePoint wanted = clock.Now() + plan.ahead;
    const timespec until = ToTimespec(wanted);
    int failure = EINTR;
    while (failure == EINTR) {
      failure = ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    }
    if (failure != 0) return Failed("clock_nanosleep", failure);
    delays.push_back(Nanoseconds(clock.Now() - wanted));
  }
  return delays;
}

}  // namespace

// In a thread of its own: slack belongs to a thread, so it goes away with it.
Result<std::vector<double>> SleepDelays(const SleepPlan& plan) {
  Result<std::vector<double>> delays{std::vector<double>()};
  std::thread([&] { delays = SleepHere(plan); }).join();
  return delays;
}

std::vector<double> HandoverDelays(int count, Duration pause) {
  const SteadyClock clock;
  std::vector<double> delays;
  TimePoint sent{};
  std::atomic<int> turn{0};  // even: the sleeper waits; odd: it has been woken
  std::thread sleeper([&] {
    for (int i = 0; i < count; ++i) {
      turn.wait(2 * i);
      delays.push_back(Nanoseconds(clock.Now() - sent));
      turn = 2 * i + 2;
      turn.notify_one();
    }
  });
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_for(pause);
    sent = clock.Now();
    turn = 2 * i + 1;
    turn.notify_one();
    turn.wait(2 * i + 1);
  }
  sleeper.join();
  return delays;
}

}  // namespace assay::selftest
