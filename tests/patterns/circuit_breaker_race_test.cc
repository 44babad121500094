// What must hold when many threads use one breaker; bounded and without sleeping.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/circuit_breaker/circuit_breaker.h"

namespace assay {
namespace {

constexpr Duration kOpen = std::chrono::seconds(10);
constexpr int kThreads = 8;

template <class F>
void OnThreads(F body) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back([&body, t] { body(t); });
}

// A breaker that has been open for long enough to let a probe through.
struct HalfOpen {
  HalfOpen() {
    breaker.Record(breaker.Admit(clock.Now()), Outcome::kFailure, clock.Now());
    clock.Advance(kOpen);
  }
  fixture::ManualClock clock;
  CircuitBreaker breaker{{.failure_threshold = 1, .open_duration = kOpen}};
  std::atomic<int> winners{0};
  int rounds_with_one_winner = 0;
};

TEST(CircuitBreakerRaceTest, ExactlyOneThreadWinsTheProbeOfEveryOpenPeriod) {
  constexpr int kRounds = 500;
  HalfOpen half_open;
  fixture::ManualClock& clock = half_open.clock;
  CircuitBreaker& breaker = half_open.breaker;
  Admission probe;
  // Between two rounds, on one thread: judge, send the breaker back to open, wait.
  const auto judge = [&]() noexcept {
    if (half_open.winners.exchange(0) == 1) ++half_open.rounds_with_one_winner;
    breaker.Record(probe, Outcome::kFailure, clock.Now());
    clock.Advance(kOpen);
  };
  std::barrier start(kThreads);
  std::barrier end(kThreads, judge);
  OnThreads([&](int) {
    for (int i = 0; i < kRounds; ++i) {
      start.arrive_and_wait();
      if (const Admission mine = breaker.Admit(clock.Now()); mine.admitted) {
        if (half_open.winners.fetch_add(1) == 0) probe = mine;
      }
      end.arrive_and_wait();
    }
  });
  EXPECT_EQ(half_open.rounds_with_one_winner, kRounds);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).opened, 1u + kRounds);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).rejected, std::uint64_t{kThreads - 1} * kRounds);
}

TEST(CircuitBreakerRaceTest, ExactlyOneThreadReplacesALostProbe) {
  constexpr int kRounds = 500;
  HalfOpen half_open;
  fixture::ManualClock& clock = half_open.clock;
  CircuitBreaker& breaker = half_open.breaker;
  std::barrier start(kThreads);
  std::barrier end(kThreads, [&]() noexcept {
    if (half_open.winners.exchange(0) == 1) ++half_open.rounds_with_one_winner;
    clock.Advance(kOpen);
  });
  OnThreads([&](int) {
    for (int i = 0; i < kRounds; ++i) {
      start.arrive_and_wait();
      if (breaker.Admit(clock.Now()).admitted) half_open.winners.fetch_add(1);
      end.arrive_and_wait();
    }
  });
  EXPECT_EQ(half_open.rounds_with_one_winner, kRounds);
}

TEST(CircuitBreakerRaceTest, NoFailureIsLostAndTheBreakerOpensOnce) {
  constexpr int kEach = 5'000;
  const TimePoint now = fixture::ManualClock().Now();
  CircuitBreaker breaker({.failure_threshold = kThreads * kEach, .open_duration = kOpen});
  std::vector<Admission> admissions(kThreads * kEach);
  for (Admission& admission : admissions) admission = breaker.Admit(now);
  std::atomic<int> counted{0};
  OnThreads([&](int t) {
    for (int i = 0; i < kEach; ++i) {
      const auto index = static_cast<std::size_t>(t) * kEach + static_cast<std::size_t>(i);
      if (breaker.Record(admissions[index], Outcome::kFailure, now) == Recorded::kCounted) {
        ++counted;
      }
    }
  });
  EXPECT_EQ(counted, kThreads * kEach);
  EXPECT_EQ(breaker.state(), CircuitState::kOpen);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).generation, 1u);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).opened, 1u);
}

TEST(CircuitBreakerRaceTest, NeverMoreProbesOutThanPermits) {
  constexpr int kPermits = 3;
  fixture::ManualClock clock;
  CircuitBreaker breaker({.failure_threshold = 1,
                          .open_duration = kOpen,
                          .half_open_permits = kPermits,
                          .success_threshold = 65535});
  breaker.Record(breaker.Admit(clock.Now()), Outcome::kFailure, clock.Now());
  clock.Advance(kOpen);
  std::atomic<int> out{0};
  std::atomic<int> most{0};
  OnThreads([&](int t) {
    for (int i = 0; i < 5'000; ++i) {
      const Admission probe = breaker.Admit(clock.Now());
      if (!probe.admitted) continue;
      const int now = out.fetch_add(1) + 1;
      int seen = most.load();
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      if (i % 16 == 0) std::this_thread::yield();  // so that others meet a full breaker
      out.fetch_sub(1);
      breaker.Record(probe, t % 2 == 0 ? Outcome::kIgnored : Outcome::kSuccess, clock.Now());
    }
  });
  EXPECT_LE(most, kPermits);
  EXPECT_EQ(breaker.state(), CircuitState::kHalfOpen);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).probes, 0u);
}

// All operations against each other, every thread with a clock of its own pace. Then,
// in peace: whatever state is left, the breaker recovers as if nothing had happened.
TEST(CircuitBreakerRaceTest, RecoversFromAnyInterleaving) {
  const TimePoint begin = fixture::ManualClock().Now();
  CircuitBreaker breaker({.failure_threshold = 2,
                          .open_duration = Duration(20),
                          .half_open_permits = 2,
                          .success_threshold = 2});
  std::atomic<Duration::rep> time{0};
  OnThreads([&](int t) {
    for (int i = 0; i < 20'000; ++i) {
      const Admission admission = breaker.Admit(begin + Duration(time.fetch_add(1)));
      if (i % 997 == 0) breaker.Reset(begin);
      if (!admission.admitted || i % 31 == 0) continue;  // some results never come
      const auto outcome = static_cast<Outcome>((i + t) % 3);
      breaker.Record(admission, outcome, begin + Duration(time.load()));
    }
  });
  TimePoint now = begin + Duration(time.load());
  for (int i = 0; i < 2; ++i) {
    now += Duration(20);
    const Admission admission = breaker.Admit(now);
    ASSERT_TRUE(admission.admitted);
    ASSERT_EQ(breaker.Record(admission, Outcome::kSuccess, now), Recorded::kCounted);
  }
  EXPECT_EQ(breaker.state(), CircuitState::kClosed);
  EXPECT_EQ(breaker.Snapshot(TimePoint{}).probes, 0u);
}

// Eight recorders; then, in peace, good calls push out of a count window what they left there.
TEST(CircuitBreakerRaceTest, WindowsLoseNoSampleAndKeepNone) {
  constexpr int kEach = 5'000;
  const TimePoint now = fixture::ManualClock().Now();
  for (const int calls : {20, 100, 0}) {
    CircuitWindowOptions window{.calls = calls};
    if (calls == 0) window = {.over = WindowOver::kTime};
    CircuitBreaker breaker({.window = window});
    breaker.MetricsOnly(now);
    const auto record = [&](Outcome outcome) { breaker.Record(breaker.Admit(now), outcome, now); };
    OnThreads([&](int t) {
      for (int i = 0; i < kEach; ++i)
        record((i + t) % 2 == 0 ? Outcome::kSuccess : Outcome::kFailure);
    });
    const WindowCounts busy = breaker.Snapshot(now).window;
    if (calls == 0) {
      EXPECT_EQ(busy, (WindowCounts{.calls = kThreads * kEach, .failures = kThreads * kEach / 2}));
      continue;
    }
    EXPECT_EQ(busy.calls, static_cast<std::uint64_t>(calls));
    for (int i = 0; i < calls; ++i) record(Outcome::kSuccess);
    EXPECT_EQ(breaker.Snapshot(now).window.failures, 0u) << calls;
  }
}

}  // namespace
}  // namespace assay
