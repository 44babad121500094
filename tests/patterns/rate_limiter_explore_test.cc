// The rate limiter in every order of a few threads.
#include <gtest/gtest.h>

#include <memory>

#include "assay/patterns/rate_limiter/rate_limiter.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using explore::ExpectSound;
using explore::Explore;
using explore::ExploredThreads;
using explore::Scenario;
using Limiter = BasicRateLimiter<ExploredThreads>;
using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};

struct Shared {
  explicit Shared(std::int64_t burst) : limiter({.tokens = 1, .per = seconds(1), .burst = burst}) {}
  Limiter limiter;
  explore::Atomic<int> granted{0};
  Reservation held{};
};

void Take(Shared& shared, TimePoint now, std::int64_t tokens = 1) {
  if (shared.limiter.TryTake(now, tokens)) shared.granted.fetch_add(1);
}

TEST(RateLimiterExplore, TheLastTokenGoesToOne) {
  ExpectSound(Explore(
                  [] {
                    auto shared = std::make_shared<Shared>(1);
                    const auto take = [shared] { Take(*shared, kStart); };
                    return Scenario{{take, take, take}, [shared]() -> std::string {
                                      return shared->granted.load() == 1 ? "" : "not granted once";
                                    }};
                  },
                  {.preemptions = 2}),
              100);
}

// Two readings of the clock, a second apart: one token was there, one has come since. The late one
// may have both of them, the early one is refused then.
TEST(RateLimiterExplore, AnOldNowNeverMintsTokens) {
  ExpectSound(
      Explore([] {
        auto shared = std::make_shared<Shared>(1);
        return Scenario{
            {[shared] { Take(*shared, kStart); }, [shared] { Take(*shared, kStart + seconds(1)); }},
            [shared]() -> std::string {
              const int granted = shared->granted.load();
              if (granted < 1 || granted > 2) return "granted " + std::to_string(granted);
              // At the later time nothing can be left, whoever was first.
              return shared->limiter.TryTake(kStart + seconds(1)) ? "a token came of nothing" : "";
            }};
      }),
      20);
}

TEST(RateLimiterExplore, ARefundAndAReservationAtTheSameTimeLoseNothingAndMintNothing) {
  ExpectSound(Explore([] {
                auto shared = std::make_shared<Shared>(3);
                shared->held = shared->limiter.Reserve(kStart, 2, Duration(0));
                return Scenario{{[shared] { shared->limiter.Cancel(shared->held); },
                                 [shared] { Take(*shared, kStart); }},
                                [shared]() -> std::string {
                                  // Reserved before the refund, one of the two stays with the
                                  // newcomer.
                                  const std::int64_t left =
                                      shared->limiter.Snapshot(kStart).available;
                                  return shared->granted.load() == 1 && (left == 0 || left == 2)
                                             ? ""
                                             : "left " + std::to_string(left);
                                }};
              }),
              20);
}

TEST(RateLimiterExplore, WhoDecidedByTheOldRulesDecidesAgain) {
  ExpectSound(Explore([] {
                auto shared = std::make_shared<Shared>(2);
                return Scenario{{[shared] { Take(*shared, kStart, 2); },
                                 [shared] {
                                   shared->limiter.Change(
                                       {.tokens = 1'000, .per = seconds(1), .burst = 1}, kStart);
                                 }},
                                [shared]() -> std::string {
                                  // Before the change there were two tokens; after it two are too
                                  // many.
                                  const std::int64_t left =
                                      shared->limiter.Snapshot(kStart).available;
                                  const std::int64_t expected = shared->granted.load() == 1 ? 0 : 1;
                                  return left == expected ? "" : "left " + std::to_string(left);
                                }};
              }),
              20);
}

TEST(RateLimiterExplore, TwoChangesComeOneAfterTheOther) {
  ExpectSound(
      Explore(
          [] {
            auto shared = std::make_shared<Shared>(8);
            const auto change = [shared](std::int64_t burst) {
              shared->limiter.Change({.tokens = 1, .per = seconds(60), .burst = burst}, kStart);
            };
            return Scenario{{[change] { change(3); }, [change] { change(5); }},
                            [shared]() -> std::string {
                              const std::int64_t left = shared->limiter.Snapshot(kStart).available;
                              // 3 twice over: the second change leaves what the first did.
                              const bool last_is_5 = shared->limiter.burst() == 5;
                              return left == 3 && (last_is_5 || shared->limiter.burst() == 3)
                                         ? ""
                                         : "left " + std::to_string(left);
                            }};
          },
          {.preemptions = 2}),
      50);
}

}  // namespace
}  // namespace assay
