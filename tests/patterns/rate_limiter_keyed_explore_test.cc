// Keys that are forgotten while somebody uses them, in every order of a few threads.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "assay/patterns/rate_limiter/keyed_rate_limiter.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using explore::ExpectSound;
using explore::Explore;
using explore::ExploredThreads;
using explore::Scenario;
using Limiters = BasicKeyedRateLimiter<ExploredThreads>;

constexpr TimePoint kStart{std::chrono::hours(1)};

// One token a key, and none comes in time.
struct Shared {
  explicit Shared(std::int64_t most_keys)
      : limiters({.limit = {.tokens = 1, .per = std::chrono::hours(1), .burst = 1},
                  .most_keys = most_keys}) {}
  Limiters limiters;
  explore::Atomic<int> granted{0};
  explore::Atomic<int> others{0};
};

// The pointer is given up at a moment of its own, in which others may look at how many there are.
void Take(Shared& shared, const std::string& key, explore::Atomic<int>& granted) {
  auto limiter = shared.limiters.Find(key, kStart);
  if (limiter && limiter->TryTake(kStart)) granted.fetch_add(1);
  explore::Step();
  limiter.reset();
}

TEST(KeyedRateLimiterExplore, ExpiryGivesNobodyASecondToken) {
  ExpectSound(Explore(
                  [] {
                    auto shared = std::make_shared<Shared>(10);
                    const auto take = [shared] { Take(*shared, "a", shared->granted); };
                    return Scenario{{take, take, [shared] { shared->limiters.Expire(kStart); }},
                                    [shared]() -> std::string {
                                      Take(*shared, "a", shared->granted);
                                      const int granted = shared->granted.load();
                                      return granted == 1 ? ""
                                                          : "granted " + std::to_string(granted);
                                    }};
                  },
                  {.preemptions = 2}),
              500);
}

// One key at a time has room: "a" makes way for "b" only while nobody has it in hand or has taken
// of it, and the other way round.
TEST(KeyedRateLimiterExplore, MakingRoomGivesNobodyASecondToken) {
  ExpectSound(Explore(
                  [] {
                    auto shared = std::make_shared<Shared>(1);
                    const auto take = [shared] { Take(*shared, "a", shared->granted); };
                    const auto take_other = [shared] { Take(*shared, "b", shared->others); };
                    return Scenario{{take, take_other, take}, [shared]() -> std::string {
                                      const int granted = shared->granted.load();
                                      const int others = shared->others.load();
                                      const std::int64_t keys = shared->limiters.Snapshot().keys;
                                      return granted + others == 1 && keys == 1
                                                 ? ""
                                                 : std::to_string(granted) + " and " +
                                                       std::to_string(others);
                                    }};
                  },
                  {.preemptions = 2}),
              500);
}

// Found and not yet used: the bucket is full all the while, but it is in somebody's hand.
TEST(KeyedRateLimiterExplore, AKeyInHandIsNotForgotten) {
  ExpectSound(Explore([] {
                auto shared = std::make_shared<Shared>(10);
                shared->limiters.Find("a", kStart);
                const auto use = [shared] {
                  const auto limiter = shared->limiters.Find("a", kStart);
                  explore::Step();
                  if (limiter == shared->limiters.Find("a", kStart)) shared->granted.fetch_add(1);
                };
                return Scenario{{use, [shared] { shared->limiters.Expire(kStart); }},
                                [shared]() -> std::string {
                                  return shared->granted.load() == 1 ? "" : "it was another one";
                                }};
              }),
              20);
}

}  // namespace
}  // namespace assay
