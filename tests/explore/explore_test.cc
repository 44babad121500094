// The explorer itself: it sees all orders, and finds the races that it is there for.
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <set>

#include "tests/explore/explored_threads.h"

namespace assay::explore {
namespace {

struct Counter {
  Atomic<int> value{0};
  Mutex mutex{};
};

// Each thread adds one.
Report Add(void (*add)(Counter&), int threads, const Options& options = {}) {
  return Explore(
      [&] {
        auto counter = std::make_shared<Counter>();
        Scenario scenario;
        for (int i = 0; i < threads; ++i) {
          scenario.threads.push_back([counter, add] { add(*counter); });
        }
        scenario.check = [counter, threads]() -> std::string {
          return counter->value.load() == threads ? "" : "an addition was lost";
        };
        return scenario;
      },
      options);
}

void LoadAndStore(Counter& counter) { counter.value.store(counter.value.load() + 1); }

void ExchangeOnce(Counter& counter) {
  int seen = counter.value.load();
  counter.value.compare_exchange_weak(seen, seen + 1);
}

TEST(Explore, FindsTheAdditionThatTwoSeparateAccessesLose) {
  const Report report = Add(LoadAndStore, 2);
  EXPECT_FALSE(report.complete);
  EXPECT_EQ(report.failure, "an addition was lost; threads in their turns: 0 1 0");
}

TEST(Explore, NeedsAnInterruptionForThat) {
  const Report report = Add(LoadAndStore, 2, {.preemptions = 0});
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.schedules, 2);  // either one first
}

TEST(Explore, FindsNothingWhereOneAccessDoesIt) {
  const Report report = Add([](Counter& counter) { counter.value.fetch_add(1); }, 3);
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GT(report.schedules, 6);
}

TEST(Explore, FindsNothingWhereAMutexIsHeld) {
  const Report report = Add(
      [](Counter& counter) {
        const std::lock_guard lock(counter.mutex);
        LoadAndStore(counter);
      },
      2);
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GT(report.schedules, 10);
}

// With one thread nobody else can be the cause.
TEST(Explore, AWeakExchangeFailsWithoutCauseToo) {
  EXPECT_EQ(Add(ExchangeOnce, 1).failure, "an addition was lost; threads in their turns: 0");
  const Report strong = Add(
      [](Counter& counter) {
        int seen = 0;
        counter.value.compare_exchange_strong(seen, 1);
      },
      1);
  EXPECT_EQ(strong.failure, "");
  EXPECT_EQ(strong.schedules, 1);
}

TEST(Explore, FindsTwoMutexesInOppositeOrder) {
  const Report report = Explore([] {
    auto mutexes = std::make_shared<std::pair<Mutex, Mutex>>();
    const auto both = [mutexes](Mutex& first, Mutex& second) {
      const std::lock_guard outer(first);
      const std::lock_guard inner(second);
    };
    return Scenario{{[=] { both(mutexes->first, mutexes->second); },
                     [=] { both(mutexes->second, mutexes->first); }},
                    [] { return ""; }};
  });
  EXPECT_EQ(report.failure.substr(0, 31), "the threads wait for each other");
}

TEST(Explore, GivesUpOnALoopWithoutEnd) {
  const Report report = Explore(
      [] {
        auto flag = std::make_shared<Atomic<bool>>(false);
        return Scenario{{[flag] {
                          while (!flag->load()) {
                          }
                        }},
                        [] { return ""; }};
      },
      {.most_steps = 100});
  EXPECT_EQ(report.failure, "the threads go round in circles; threads in their turns: 0");
}

// Two threads of two accesses each: C(4, 2) orders.
TEST(Explore, SeesEveryOrder) {
  std::set<std::string> orders;
  const Report report = Explore(
      [&] {
        auto counter = std::make_shared<Counter>();
        auto order = std::make_shared<std::string>();
        const auto twice = [=](char name) {
          for (int i = 0; i < 2; ++i) {
            counter->value.fetch_add(1);
            order->push_back(name);
          }
        };
        return Scenario{{[=] { twice('a'); }, [=] { twice('b'); }}, [&orders, order] {
                          orders.insert(*order);
                          return "";
                        }};
      },
      {.preemptions = 4});
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(orders, (std::set<std::string>{"aabb", "abab", "abba", "baab", "baba", "bbaa"}));
}

TEST(Explore, StopsAtTheMostSchedules) {
  const Report report =
      Add([](Counter& counter) { counter.value.fetch_add(1); }, 3, {.most_schedules = 5});
  EXPECT_EQ(report.schedules, 5);
  EXPECT_FALSE(report.complete);
}

TEST(Explore, OutsideOfARunAtomicsAreJustValues) {
  Atomic<int> value{7};
  Mutex mutex;
  const std::lock_guard lock(mutex);
  EXPECT_EQ(value.fetch_or(8), 7);
  EXPECT_EQ(value.fetch_and(3), 15);
  EXPECT_EQ(value.exchange(4), 3);
  EXPECT_EQ(value.fetch_sub(1), 4);
  EXPECT_EQ(value.load(), 3);
  EXPECT_FALSE(mutex.try_lock());
}

}  // namespace
}  // namespace assay::explore
