// Runs a few short threads through every order of their accesses to shared memory.
//
// The threads take turns, each on a stack of its own: only one runs at a time, and at each access
// of an explored atomic or mutex (tests/explore/explored_threads.h) it may have to let another one
// go first. Explore() runs the scenario again and again, depth first, until all such orders have
// been seen (CHESS: Musuvathi et al., OSDI 2008). To keep their number small, a thread is
// interrupted only `preemptions` times in all; where it ends or blocks, changing to another one is
// free. Nearly all known races need two interruptions or fewer.
//
// What it does not find: effects of weak memory orders, since all accesses are seen in one order.
#ifndef ASSAY_TESTS_EXPLORE_SCHEDULE_H_
#define ASSAY_TESTS_EXPLORE_SCHEDULE_H_

#include <functional>
#include <string>
#include <vector>

namespace assay::explore {

struct Options {
  int preemptions = 3;
  long most_schedules = 1'000'000;
  int most_steps = 10'000;  // in one schedule, of all threads; more is taken for a loop without end
};

// One run: threads that share what they capture, and what has to hold when all have ended.
struct Scenario {
  std::vector<std::function<void()>> threads{};  // must not throw
  std::function<std::string()> check{};          // what is wrong, or nothing
};

struct Report {
  long schedules = 0;
  bool complete = false;  // all orders were seen
  // Of the first schedule that failed, else empty: what was wrong, and the threads in their turns.
  std::string failure{};
};

// `make` is called for each run anew and has to build the same each time. A run fails where
// check() says so, or where the threads wait for each other for ever; exploring ends there.
Report Explore(const std::function<Scenario()>& make, const Options& options = {});

// --- for explored atomics and mutexes ---

// The calling thread is about to touch shared memory: others may go first. Without effect outside
// of a run.
void Step();

// The calling thread cannot go on until somebody calls Unblock() with the same `on`.
void Block(const void* on);
void Unblock(const void* on);

// An explored choice: false in one run, true in another, if there are preemptions left.
bool Choose();

}  // namespace assay::explore

#endif  // ASSAY_TESTS_EXPLORE_SCHEDULE_H_
