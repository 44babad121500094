// Real threads on one limiter, for ThreadSanitizer and for what the explorer cannot see.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "assay/patterns/rate_limiter/rate_limiter.h"

namespace assay {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr int kSteps = 20'000;

// Each with a clock of its own, which runs ahead of the other or behind it.
std::int64_t TakeForASecond(RateLimiter& limiter) {
  std::int64_t granted = 0;
  for (int step = 0; step <= kSteps; ++step) {
    if (limiter.TryTake(kStart + step * Duration(seconds(1)) / kSteps)) ++granted;
  }
  return granted;
}

TEST(RateLimiterThreads, TogetherGetTheBurstAndTheRate) {
  RateLimiter limiter({.tokens = 1'000, .per = seconds(1), .burst = 50});
  std::vector<std::int64_t> granted(2);
  {
    std::vector<std::jthread> threads;
    for (std::int64_t& mine : granted) {
      threads.emplace_back([&] { mine = TakeForASecond(limiter); });
    }
  }
  EXPECT_EQ(granted[0] + granted[1], 1'050);
  EXPECT_EQ(limiter.Snapshot(kStart).granted, 1'050u);
}

TEST(RateLimiterThreads, ChangesAndRefundsMeanwhileMintNothing) {
  RateLimiter limiter({.tokens = 1, .per = seconds(1'000), .burst = 500});
  std::int64_t granted = 0;
  {
    const std::jthread changes([&] {
      for (int i = 0; i < kSteps; ++i) {
        limiter.Change({.tokens = 1, .per = seconds(1'000 + i % 7), .burst = 500}, kStart);
      }
    });
    const std::jthread gives_back([&] {
      for (int i = 0; i < kSteps; ++i) {
        limiter.Cancel(limiter.Reserve(kStart, 3, Duration(0)));
      }
    });
    for (int i = 0; i < kSteps; ++i) granted += limiter.TryTake(kStart) ? 1 : 0;
  }
  EXPECT_LE(granted, 500);
  EXPECT_LE(granted + limiter.Snapshot(kStart).available, 500);
}

}  // namespace
}  // namespace assay
