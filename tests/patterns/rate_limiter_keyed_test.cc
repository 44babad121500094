#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr TimePoint kStart{hours(1)};

KeyedRateLimiterOptions OnePerSecond(std::int64_t most_keys) {
  return {.limit = {.tokens = 1, .per = seconds(1), .burst = 1}, .most_keys = most_keys};
}

bool Take(KeyedRateLimiter& limiters, const std::string& key, TimePoint now) {
  const auto limiter = limiters.Find(key, now);
  return limiter && limiter->TryTake(now);
}

TEST(KeyedRateLimiter, EveryKeyHasItsOwnTokens) {
  KeyedRateLimiter limiters(OnePerSecond(10));
  EXPECT_TRUE(Take(limiters, "a", kStart));
  EXPECT_FALSE(Take(limiters, "a", kStart));
  EXPECT_TRUE(Take(limiters, "b", kStart));
  EXPECT_FALSE(Take(limiters, "b", kStart));
  EXPECT_TRUE(Take(limiters, "a", kStart + seconds(1)));
  EXPECT_EQ(limiters.Snapshot(), (KeyedRateLimiterSnapshot{.keys = 2}));
}

TEST(KeyedRateLimiter, ANewKeyIsRefusedWhileEveryOtherIsInUse) {
  KeyedRateLimiter limiters(OnePerSecond(2));
  EXPECT_TRUE(Take(limiters, "a", kStart));
  EXPECT_TRUE(Take(limiters, "b", kStart));
  EXPECT_EQ(limiters.Find("c", kStart), nullptr);
  EXPECT_FALSE(Take(limiters, "a", kStart));  // it was not forgotten for another one
  EXPECT_EQ(limiters.Snapshot(), (KeyedRateLimiterSnapshot{.keys = 2, .refused = 1}));
}

TEST(KeyedRateLimiter, AFullBucketMakesRoomTheOneUnusedForLongestFirst) {
  KeyedRateLimiter limiters(OnePerSecond(2));
  EXPECT_TRUE(Take(limiters, "a", kStart));
  EXPECT_TRUE(Take(limiters, "b", kStart));
  EXPECT_FALSE(Take(limiters, "a", kStart));  // used later than b
  EXPECT_TRUE(Take(limiters, "c", kStart + seconds(1)));
  EXPECT_EQ(limiters.Snapshot(), (KeyedRateLimiterSnapshot{.keys = 2, .forgotten = 1}));
  EXPECT_TRUE(Take(limiters, "a", kStart + seconds(1)));
  EXPECT_EQ(limiters.Snapshot().forgotten, 1u);  // it was still there
}

TEST(KeyedRateLimiter, LooksPastThoseThatAreInUse) {
  KeyedRateLimiter limiters(OnePerSecond(3));
  ASSERT_NE(limiters.Find("unused", kStart), nullptr);
  EXPECT_TRUE(Take(limiters, "a", kStart));
  EXPECT_TRUE(Take(limiters, "b", kStart));
  ASSERT_NE(limiters.Find("unused", kStart), nullptr);  // now the latest
  EXPECT_NE(limiters.Find("c", kStart), nullptr);
  EXPECT_EQ(limiters.Snapshot(), (KeyedRateLimiterSnapshot{.keys = 3, .forgotten = 1}));
}

TEST(KeyedRateLimiter, ALookUpExaminesEightKeysForRoom) {
  for (const int in_use : {7, 8}) {
    KeyedRateLimiter limiters(OnePerSecond(in_use + 1));
    for (int i = 0; i < in_use; ++i) EXPECT_TRUE(Take(limiters, std::to_string(i), kStart));
    ASSERT_NE(limiters.Find("unused", kStart), nullptr);
    EXPECT_EQ(limiters.Find("new", kStart) != nullptr, in_use == 7);
    EXPECT_NE(limiters.Find("new", kStart), nullptr);  // the next one goes on from there
  }
}

TEST(KeyedRateLimiter, ALimiterThatSomebodyHoldsIsKept) {
  KeyedRateLimiter limiters(OnePerSecond(1));
  auto held = limiters.Find("a", kStart);
  EXPECT_EQ(limiters.Find("b", kStart), nullptr);
  EXPECT_EQ(limiters.Find("a", kStart), held);
  held.reset();
  EXPECT_NE(limiters.Find("b", kStart), nullptr);
}

TEST(KeyedRateLimiter, ExpireForgetsAllThatAreFull) {
  KeyedRateLimiter limiters(OnePerSecond(100));
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(Take(limiters, std::to_string(i), kStart));
  EXPECT_TRUE(Take(limiters, "late", kStart + seconds(1)));
  limiters.Expire(kStart + seconds(1));
  EXPECT_EQ(limiters.Snapshot(), (KeyedRateLimiterSnapshot{.keys = 1, .forgotten = 50}));
  EXPECT_FALSE(Take(limiters, "late", kStart + seconds(1)));
}

// However many keys come by, no key gets more than its rate, and memory stays bounded.
TEST(KeyedRateLimiter, ForgettingGivesNobodyMore) {
  KeyedRateLimiter limiters(OnePerSecond(5));
  std::vector<int> granted(20);
  for (int second = 0; second < 100; ++second) {
    for (std::size_t i = 0; i < granted.size(); ++i) {
      const std::size_t key = (i + 7 * static_cast<std::size_t>(second)) % granted.size();
      if (Take(limiters, std::to_string(key), kStart + seconds(second))) ++granted[key];
    }
    ASSERT_LE(limiters.Snapshot().keys, 5);
  }
  for (const int count : granted) EXPECT_LE(count, 100);
  EXPECT_GT(limiters.Snapshot().forgotten, 100u);
}

TEST(KeyedRateLimiter, ThreadsShareIt) {
  KeyedRateLimiter limiters(
      {.limit = {.tokens = 1, .per = hours(1), .burst = 100}, .most_keys = 3});
  std::vector<std::thread> threads;
  std::vector<int> granted(2);
  for (std::size_t i = 0; i < granted.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int call = 0; call < 300; ++call) {
        if (Take(limiters, std::to_string(call % 3), kStart)) ++granted[i];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(granted[0] + granted[1], 300);
}

}  // namespace
}  // namespace assay
