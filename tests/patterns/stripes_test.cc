#include "assay/patterns/stripes.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

std::size_t StripeOfANewThread() {
  std::size_t stripe = kStripes;
  std::jthread([&] { stripe = ThisStripe(); }).join();
  return stripe;
}

TEST(ThisStripe, IsKeptByItsThread) {
  const std::size_t mine = ThisStripe();
  EXPECT_LT(mine, kStripes);
  (void)StripeOfANewThread();
  EXPECT_EQ(ThisStripe(), mine);
}

TEST(ThisStripe, AnotherThreadGetsTheNextOne) {
  const std::size_t first = StripeOfANewThread();
  std::set<std::size_t> all{first};
  for (std::size_t i = 1; i < kStripes; ++i) all.insert(StripeOfANewThread());
  EXPECT_EQ(all.size(), kStripes);
  EXPECT_EQ(*all.rbegin(), kStripes - 1);
  EXPECT_EQ(StripeOfANewThread(), first) << "there are no more";
}

TEST(StripedCounter, AddsUpAllStripes) {
  StripedCounter<> counter;
  EXPECT_EQ(counter.Sum(), 0u);
  for (std::size_t stripe = 0; stripe < kStripes; ++stripe) {
    for (std::size_t i = 0; i <= stripe; ++i) counter.Add(stripe);
  }
  EXPECT_EQ(counter.Sum(), kStripes * (kStripes + 1) / 2);
  counter.Add();  // of this thread
  EXPECT_EQ(counter.Sum(), kStripes * (kStripes + 1) / 2 + 1);
}

TEST(StripedCounter, NoTwoStripesShareACacheLine) {
  EXPECT_EQ(alignof(StripedCounter<>), 64u);
  EXPECT_EQ(sizeof(StripedCounter<>), 64u * kStripes);
}

TEST(StripedCounter, LosesNothingWithMoreThreadsThanStripes) {
  StripedCounter<> counter;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kStripes + 2; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 1'000; ++n) counter.Add();
      });
    }
  }
  EXPECT_EQ(counter.Sum(), 1'000u * (kStripes + 2));
}

// A sum is never more than what has been added, and never less than what had been before.
TEST(StripedCounter, CountsExactlyInEveryOrderOfThreads) {
  const explore::Report report = explore::Explore([] {
    struct Shared {
      StripedCounter<explore::ExploredThreads> counter{};
      std::uint64_t first = 0, second = 0;
    };
    auto shared = std::make_shared<Shared>();
    const auto adds = [shared] { shared->counter.Add(1); };
    explore::Scenario scenario;
    scenario.threads = {adds, adds, [shared] {
                          shared->first = shared->counter.Sum();
                          shared->second = shared->counter.Sum();
                        }};
    scenario.check = [shared]() -> std::string {
      if (shared->counter.Sum() != 2) return "lost";
      return shared->first <= shared->second && shared->second <= 2 ? "" : "goes back";
    };
    return scenario;
  });
  EXPECT_EQ(report.failure, "");
  EXPECT_TRUE(report.complete);
  EXPECT_GE(report.schedules, 12);
}

}  // namespace
}  // namespace assay
