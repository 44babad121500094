// The windows, in every order of the accesses of two or three recorders.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "assay/patterns/circuit_breaker/ring_window.h"
#include "assay/patterns/circuit_breaker/shift_window.h"
#include "assay/patterns/circuit_breaker/time_window.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using explore::ExpectSound;
using explore::Explore;
using explore::ExploredThreads;
using explore::Report;
using explore::Scenario;

constexpr auto kCurrent = [] { return true; };
constexpr CallSample kGood{};
constexpr CallSample kBad{.failed = true};
constexpr CallSample kSlow{.slow = true};

std::string Text(const WindowCounts& counts) {
  return std::to_string(counts.calls) + " calls, " + std::to_string(counts.failures) +
         " failures, " + std::to_string(counts.slow) + " slow";
}

// Each thread records its samples; afterwards `check` says what is wrong.
template <class Window>
Report Record(const std::function<std::shared_ptr<Window>()>& make,
              const std::vector<std::vector<std::function<void(Window&)>>>& threads,
              const std::function<std::string(Window&)>& check, int preemptions = 3) {
  return Explore(
      [&] {
        const std::shared_ptr<Window> window = make();
        Scenario scenario;
        for (const auto& steps : threads) {
          scenario.threads.push_back([window, &steps] {
            for (const auto& step : steps) step(*window);
          });
        }
        scenario.check = [window, &check] { return check(*window); };
        return scenario;
      },
      {.preemptions = preemptions});
}

template <class Window>
std::function<void(Window&)> Sample(CallSample sample) {
  return [=](Window& window) { window.Record(0, sample, kCurrent); };
}

template <class Window>
std::string Expect(const Window& window, const WindowCounts& expected) {
  const WindowCounts counts = window.Counts(0);
  return counts == expected ? "" : Text(counts);
}

using Shift = ShiftWindow<ExploredThreads>;
using Ring = RingWindow<ExploredThreads>;

TEST(ShiftWindowExploreTest, NoSampleIsLost) {
  const Report report = Record<Shift>(
      [] { return std::make_shared<Shift>(10, true); },
      {{Sample<Shift>(kBad), Sample<Shift>(kBad)}, {Sample<Shift>(kSlow)}, {Sample<Shift>(kGood)}},
      [](Shift& window) { return Expect(window, {.calls = 4, .failures = 2, .slow = 1}); });
  ExpectSound(report, 500);
}

TEST(RingWindowExploreTest, NoSampleIsLost) {
  const Report report = Record<Ring>(
      [] { return std::make_shared<Ring>(10); },
      {{Sample<Ring>(kBad), Sample<Ring>(kBad)}, {Sample<Ring>(kSlow), Sample<Ring>(kGood)}},
      [](Ring& window) { return Expect(window, {.calls = 4, .failures = 2, .slow = 1}); });
  ExpectSound(report, 300);
}

// Three more samples than the ring has room for, so that slots are used again while somebody may
// still be settling them. Whatever was in it, good calls push it all out again.
TEST(RingWindowExploreTest, TotalsDoNotDriftFromTheSlots) {
  const Report report = Record<Ring>(
      [] {
        auto window = std::make_shared<Ring>(2);
        window->Record(0, kBad, kCurrent);
        return window;
      },
      {{Sample<Ring>(kBad), Sample<Ring>(kGood)}, {Sample<Ring>(kSlow), Sample<Ring>(kBad)}},
      [](Ring& window) -> std::string {
        const WindowCounts before = window.Counts(0);
        if (before.calls != 2 || before.failures + before.slow > 2) return Text(before);
        window.Record(0, kGood, kCurrent);
        window.Record(0, kGood, kCurrent);
        return Expect(window, {.calls = 2});
      },
      4);
  ExpectSound(report, 3'000);
}

// A thread that is held up while it settles a slot, and another one that goes round the ring.
TEST(RingWindowExploreTest, ASlotIsNotSettledTwice) {
  const Report report = Record<Ring>(
      [] {
        auto window = std::make_shared<Ring>(2);
        window->Record(0, kBad, kCurrent);
        return window;
      },
      {{Sample<Ring>(kGood)},
       {Sample<Ring>(kGood), Sample<Ring>(kGood), Sample<Ring>(kGood), Sample<Ring>(kGood)}},
      [](Ring& window) -> std::string {
        for (int i = 0; i < 2; ++i) {
          if (const std::string wrong = Expect(window, {.calls = 2}); !wrong.empty()) return wrong;
          window.Record(0, kGood, kCurrent);
        }
        return "";
      });
  ExpectSound(report, 1'000);
}

constexpr Duration kBucket = std::chrono::seconds(1);
constexpr TimePoint kStart{std::chrono::hours(1)};
using Time = TimeWindow<ExploredThreads>;

std::function<void(Time&)> SampleAt(CallSample sample, TimePoint now) {
  return [=](Time& window) { window.Record(0, sample, now, kCurrent); };
}

// Bucket 0 is left from a round ago; both recorders turn it over, and a third is in the next.
TEST(TimeWindowExploreTest, NoSampleIsLostWhereABucketTurnsOver) {
  const TimePoint next = kStart + 4 * kBucket;
  const Report report = Record<Time>(
      [] {
        auto window = std::make_shared<Time>(4 * kBucket, 4);
        for (int i = 0; i < 3; ++i) window->Record(0, kBad, kStart, kCurrent);
        return window;
      },
      {{SampleAt(kBad, next), SampleAt(kBad, next + kBucket)},
       {SampleAt(kBad, next - Duration(1)), SampleAt(kBad, next)},
       {SampleAt(kGood, next)}},
      [next](Time& window) -> std::string {
        const WindowCounts counts = window.Counts(0, next + kBucket);
        return counts == WindowCounts{.calls = 5, .failures = 4} ? "" : Text(counts);
      });
  ExpectSound(report, 1'000);
}

// At an edge, each of two recorders looks at the window after its own sample: one of them, at
// least, sees both, whichever side of the edge its own clock was on.
TEST(TimeWindowExploreTest, AtAnEdgeSomebodySeesBothSamples) {
  const auto most = std::make_shared<std::uint64_t>();
  const auto record = [most](TimePoint now) {
    return [=](Time& window) {
      window.Record(0, kBad, now, kCurrent);
      *most = std::max(*most, window.Counts(0, now).failures);
    };
  };
  const Report report = Record<Time>(
      [most] {
        *most = 0;
        return std::make_shared<Time>(4 * kBucket, 4);
      },
      {{record(kStart - Duration(1))}, {record(kStart)}},
      [most](Time&) -> std::string { return *most == 2 ? "" : "nobody saw both"; });
  ExpectSound(report, 50);
}

// A good call and a bad one in stripes of their own words: one of the two, at least, sees both,
// so the rate is judged with all of it.
TEST(TimeWindowExploreTest, SomebodySeesTheGoodCallAndTheBadOne) {
  const auto most = std::make_shared<std::uint64_t>();
  const auto record = [most](CallSample sample, std::size_t stripe) {
    return [=](Time& window) {
      window.Record(0, sample, kStart, kCurrent, stripe);
      *most = std::max(*most, window.Counts(0, kStart).calls);
    };
  };
  const Report report = Record<Time>(
      [most] {
        *most = 0;
        return std::make_shared<Time>(2 * kBucket, 2);
      },
      {{record(kGood, 0)}, {record(kBad, 1)}},
      [most](Time&) -> std::string { return *most == 2 ? "" : "nobody saw both"; });
  ExpectSound(report, 50);
}

// The bucket turns over while others count good calls in it, by both ways and in one stripe.
TEST(TimeWindowExploreTest, NoGoodCallIsLostWhereABucketTurnsOver) {
  const TimePoint next = kStart + 2 * kBucket;
  const auto good = [](TimePoint now, std::size_t stripe) {
    return [=](Time& window) {
      if (!window.AddGood(0, now, 1, stripe)) window.Record(0, kGood, now, kCurrent, stripe);
    };
  };
  const Report report = Record<Time>(
      [=] {
        auto window = std::make_shared<Time>(2 * kBucket, 2);
        for (int i = 0; i < 3; ++i) window->Record(0, kGood, kStart, kCurrent, 0);
        return window;
      },
      {{good(next, 0), good(next, 0)}, {good(next, 0), good(next, 1)}},
      [next](Time& window) -> std::string {
        const WindowCounts counts = window.Counts(0, next);
        return counts == WindowCounts{.calls = 4} ? "" : Text(counts);
      });
  ExpectSound(report, 100);
}

// Good calls that find nothing to record, while a failure comes in and leaves again: what is left
// out is what would have been pushed out, and the failure is never lost before its time.
template <class Window>
Report GoodCallsAroundABadOne(const std::function<std::shared_ptr<Window>()>& make) {
  const auto good = [](Window& window) {
    if (!window.AllGood(0)) window.Record(0, kGood, kCurrent);
  };
  return Record<Window>(
      [&] {
        auto window = make();
        for (int i = 0; i < 3; ++i) window->Record(0, kGood, kCurrent);
        return window;
      },
      {{good, good}, {Sample<Window>(kBad), good}},
      [&](Window& window) -> std::string {
        const WindowCounts counts = window.Counts(0);
        if (counts.calls != 3 || counts.failures > 1) return Text(counts);
        // At most three good calls have come after the failure, one certainly.
        if (counts.failures == 0) return window.AllGood(0) ? "" : "not all good";
        for (int i = 0; i < 2; ++i) window.Record(0, kGood, kCurrent);
        return Expect(window, {.calls = 3});
      });
}

TEST(ShiftWindowExploreTest, GoodCallsAroundABadOne) {
  ExpectSound(GoodCallsAroundABadOne<Shift>([] { return std::make_shared<Shift>(3, false); }), 50);
}

TEST(RingWindowExploreTest, GoodCallsAroundABadOne) {
  ExpectSound(GoodCallsAroundABadOne<Ring>([] { return std::make_shared<Ring>(3); }), 50);
}

}  // namespace
}  // namespace assay
