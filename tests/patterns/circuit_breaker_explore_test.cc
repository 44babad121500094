// The races of the state word, in every order of the accesses of two or three threads.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "assay/patterns/circuit_breaker/circuit_breaker.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using explore::ExpectSound;
using explore::Explore;
using explore::ExploredThreads;
using explore::Report;
using explore::Scenario;
using Breaker = BasicCircuitBreaker<ExploredThreads>;

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr Duration kOpen = std::chrono::seconds(10);

// A breaker, what its threads were told, and how often its callback was called.
struct Shared {
  explicit Shared(CircuitBreakerOptions options) : breaker(Counting(options)) {}

  CircuitBreakerOptions Counting(CircuitBreakerOptions options) {
    options.on_transition = [this](const CircuitTransition& transition) {
      told.push_back(transition.generation);
    };
    return options;
  }
  void Open() { breaker.Record(breaker.Admit(kNow), Outcome::kFailure, kNow); }

  std::array<Admission, 3> admissions{};
  std::array<Recorded, 3> recorded{};
  std::vector<std::uint32_t> told{};
  Breaker breaker;
};

CircuitBreakerOptions OneFailure() {
  return {.failure_threshold = 1, .open_duration = kOpen, .success_threshold = 1};
}

// `prepare` and `check` run alone, `threads` against each other.
struct Race {
  CircuitBreakerOptions options = OneFailure();
  std::function<void(Shared&)> prepare = [](Shared&) {};
  std::vector<std::function<void(Shared&)>> threads{};
  std::function<std::string(Shared&)> check{};
};

Report ExploreRace(const Race& race, int preemptions = 3) {
  return Explore(
      [&] {
        auto shared = std::make_shared<Shared>(race.options);
        race.prepare(*shared);
        Scenario scenario;
        for (const auto& thread : race.threads) {
          scenario.threads.push_back([shared, &thread] { thread(*shared); });
        }
        scenario.check = [shared, &race]() -> std::string {
          const CircuitBreakerSnapshot snapshot = shared->breaker.Snapshot(kNow + 2 * kOpen);
          // One transition for each generation: as many callbacks, as many entries in the log.
          if (shared->told.size() != snapshot.generation) return "callbacks and generations differ";
          if (shared->breaker.Transitions().size() != snapshot.generation)
            return "the log has gaps";
          return race.check(*shared);
        };
        return scenario;
      },
      {.preemptions = preemptions});
}

std::function<void(Shared&)> AdmitAt(std::size_t thread, TimePoint now) {
  return [=](Shared& shared) { shared.admissions[thread] = shared.breaker.Admit(now); };
}

TEST(CircuitBreakerExploreTest, OpenToHalfOpenHasExactlyOneWinner) {
  const TimePoint due = kNow + kOpen;
  const Race race{.prepare = [](Shared& shared) { shared.Open(); },
                  .threads = {AdmitAt(0, due), AdmitAt(1, due + Duration(5)), AdmitAt(2, due)},
                  .check = [](Shared& shared) -> std::string {
                    int winners = 0;
                    for (const Admission& admission : shared.admissions) {
                      winners += admission.probe() ? 1 : 0;
                    }
                    const CircuitBreakerSnapshot snapshot = shared.breaker.Snapshot(kNow);
                    if (winners != 1) return std::to_string(winners) + " winners";
                    if (snapshot.rejected != 2) return "not all losers were counted";
                    return snapshot.probes == 1 ? "" : "a permit too few or too many";
                  }};
  ExpectSound(ExploreRace(race, 2), 500);
}

TEST(CircuitBreakerExploreTest, ALostProbeIsReplacedByExactlyOne) {
  const TimePoint lost = kNow + 2 * kOpen;
  const Race race{
      .prepare =
          [](Shared& shared) {
            shared.Open();
            shared.admissions[2] = shared.breaker.Admit(kNow + kOpen);
          },
      .threads = {AdmitAt(0, lost), AdmitAt(1, lost),
                  [](Shared& shared) {
                    shared.recorded[2] = shared.breaker.Record(shared.admissions[2],
                                                               Outcome::kFailure, kNow + 2 * kOpen);
                  }},
      .check = [](Shared& shared) -> std::string {
        const bool won = shared.admissions[0].probe() || shared.admissions[1].probe();
        const CircuitState state = shared.breaker.state();
        if (shared.admissions[0].probe() && shared.admissions[1].probe()) return "two winners";
        // Either the late failure counted and reopened, or it was replaced before that.
        if (shared.recorded[2] == Recorded::kStale) {
          return won && state == CircuitState::kHalfOpen ? "" : "stale, but nobody replaced it";
        }
        return !won && state == CircuitState::kOpen ? "" : "counted, and yet replaced";
      }};
  ExpectSound(ExploreRace(race, 2), 500);
}

TEST(CircuitBreakerExploreTest, AResultThatMeetsAResetCountsEntirelyOrNotAtAll) {
  const Race race{.prepare = [](Shared& shared) { AdmitAt(0, kNow)(shared); },
                  .threads = {[](Shared& shared) {
                                shared.recorded[0] = shared.breaker.Record(shared.admissions[0],
                                                                           Outcome::kFailure, kNow);
                              },
                              [](Shared& shared) { shared.breaker.Reset(kNow); }},
                  .check = [](Shared& shared) -> std::string {
                    const CircuitBreakerSnapshot snapshot = shared.breaker.Snapshot(kNow);
                    if (snapshot.state != CircuitState::kClosed) return "the reset was undone";
                    const bool counted = shared.recorded[0] == Recorded::kCounted;
                    return snapshot.generation == (counted ? 2u : 1u) ? "" : "half a result";
                  }};
  ExpectSound(ExploreRace(race), 10);
}

TEST(CircuitBreakerExploreTest, AProbesResultCannotEndForcedOpen) {
  for (const Outcome outcome : {Outcome::kSuccess, Outcome::kFailure, Outcome::kIgnored}) {
    const Race race{.prepare =
                        [](Shared& shared) {
                          shared.Open();
                          AdmitAt(0, kNow + kOpen)(shared);
                        },
                    .threads = {[outcome](Shared& shared) {
                                  shared.breaker.Record(shared.admissions[0], outcome,
                                                        kNow + kOpen);
                                },
                                [](Shared& shared) { shared.breaker.ForceOpen(kNow + kOpen); },
                                AdmitAt(1, kNow + kOpen)},
                    .check = [](Shared& shared) -> std::string {
                      const CircuitBreakerSnapshot snapshot = shared.breaker.Snapshot(kNow);
                      if (snapshot.state != CircuitState::kForcedOpen) return "not forced open";
                      return snapshot.probes == 0 ? "" : "a permit survived";
                    }};
    ExpectSound(ExploreRace(race, 2), 100);
  }
}

// The probe fails and somebody asks with an older time: the open time must run from the failure.
TEST(CircuitBreakerExploreTest, ReopeningIsForTheWholeOpenTime) {
  const TimePoint end = kNow + kOpen + std::chrono::seconds(4);
  const Race race{
      .prepare =
          [](Shared& shared) {
            shared.Open();
            AdmitAt(0, kNow + kOpen)(shared);
          },
      .threads = {[end](Shared& shared) {
                    shared.breaker.Record(shared.admissions[0], Outcome::kFailure, end);
                  },
                  AdmitAt(1, end + kOpen - Duration(1)), AdmitAt(2, kNow + kOpen + Duration(1))},
      .check = [end](Shared& shared) -> std::string {
        if (shared.breaker.state() == CircuitState::kHalfOpen) return "";
        const Admission refused = shared.breaker.Admit(end + kOpen - Duration(1));
        return refused.admitted ? "open for too short" : "";
      }};
  ExpectSound(ExploreRace(race, 2), 500);
}

CircuitBreakerOptions Windowed(WindowOver over) {
  CircuitBreakerOptions options = OneFailure();
  options.window = CircuitWindowOptions{
      .over = over, .calls = 10, .buckets = 1, .minimum_calls = 3, .failure_rate = 0.6};
  return options;
}

// The calls that reach the threshold together: whoever is last sees it, and only one opens.
TEST(CircuitBreakerExploreTest, AWindowOpensOnceWhateverTheOrder) {
  for (const WindowOver over : {WindowOver::kCalls, WindowOver::kTime}) {
    const auto record = [](std::size_t thread, Outcome outcome) {
      return
          [=](Shared& shared) { shared.breaker.Record(shared.admissions[thread], outcome, kNow); };
    };
    const Race race{.options = Windowed(over),
                    .prepare =
                        [](Shared& shared) {
                          for (std::size_t i = 0; i < 3; ++i) AdmitAt(i, kNow)(shared);
                        },
                    .threads = {record(0, Outcome::kFailure), record(1, Outcome::kFailure),
                                record(2, Outcome::kSuccess)},
                    .check = [](Shared& shared) -> std::string {
                      const CircuitBreakerSnapshot snapshot = shared.breaker.Snapshot(kNow);
                      if (snapshot.state != CircuitState::kOpen) return "nobody opened it";
                      return snapshot.opened == 1 ? "" : "opened twice";
                    }};
    ExpectSound(ExploreRace(race, 2), 200);
  }
}

// A stray sample of the time before the reset must not be found after it.
TEST(CircuitBreakerExploreTest, NoSampleCrossesAReset) {
  for (const WindowOver over : {WindowOver::kCalls, WindowOver::kTime}) {
    const Race race{
        .options = Windowed(over),
        .prepare = [](Shared& shared) { AdmitAt(0, kNow)(shared); },
        .threads = {[](Shared& shared) {
                      shared.breaker.Record(shared.admissions[0], Outcome::kFailure, kNow);
                    },
                    [](Shared& shared) {
                      shared.breaker.Reset(kNow);
                      shared.breaker.Record(shared.breaker.Admit(kNow), Outcome::kSuccess, kNow);
                    }},
        .check = [](Shared& shared) -> std::string {
          const WindowCounts window = shared.breaker.Snapshot(kNow).window;
          return window == WindowCounts{.calls = 1}
                     ? ""
                     : std::to_string(window.calls) + " calls, " + std::to_string(window.failures) +
                           " failures";
        }};
    ExpectSound(ExploreRace(race), 50);
  }
}

}  // namespace
}  // namespace assay
