// The budget in every order of a few threads: no token is granted twice, none is lost.
#include <gtest/gtest.h>

#include <memory>

#include "assay/fixture/fakes/manual_clock.h"
#include "assay/patterns/retry/call.h"
#include "assay/patterns/retry_budget.h"
#include "tests/explore/expect.h"
#include "tests/explore/explored_threads.h"

namespace assay {
namespace {

using explore::ExpectSound;
using explore::Explore;
using explore::ExploredThreads;
using explore::Scenario;
using Budget = BasicRetryBudget<ExploredThreads>;
using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};

struct Shared {
  template <class Options>
  explicit Shared(const Options& options) : budget(options) {}

  void Withdraw(TimePoint now = kStart) {
    if (budget.Withdraw(now)) granted.fetch_add(1);
  }

  Budget budget;
  explore::Atomic<int> granted{0};
};

TEST(RetryBudgetExplore, TheLastTokenGoesToOne) {
  ExpectSound(Explore(
                  [] {
                    auto shared = std::make_shared<Shared>(TokenBudgetOptions{.max_tokens = 2});
                    const auto withdraw = [shared] { shared->Withdraw(); };
                    return Scenario{{withdraw, withdraw, withdraw}, [shared]() -> std::string {
                                      return shared->granted.load() == 1 ? "" : "not granted once";
                                    }};
                  },
                  {.preemptions = 2}),
              100);
}

TEST(RetryBudgetExplore, ADepositAndAWithdrawalLoseNothing) {
  ExpectSound(
      Explore([] {
        auto shared =
            std::make_shared<Shared>(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 1});
        shared->Withdraw();  // 9 of 10
        return Scenario{
            {[shared] { shared->Withdraw(); }, [shared] { shared->budget.Deposit(kStart); }},
            [shared]() -> std::string {
              const auto left = shared->budget.Snapshot(kStart).available;
              return left == 4 ? "" : std::to_string(left) + " are left";
            }};
      }),
      10);
}

TEST(RetryBudgetExplore, TheWindowTurnsOverOnce) {
  ExpectSound(Explore(
                  [] {
                    auto shared = std::make_shared<Shared>(
                        RatioBudgetOptions{.ratio = 1, .floor = 0, .window = seconds(10)});
                    shared->budget.Deposit(kStart);
                    const TimePoint next = kStart + seconds(5);
                    return Scenario{{[shared, next] { shared->Withdraw(next); },
                                     [shared, next] { shared->budget.Deposit(next); },
                                     [shared] { shared->Withdraw(kStart); }},
                                    [shared, next]() -> std::string {
                                      const auto left = shared->budget.Snapshot(next).available;
                                      return left + shared->granted.load() == 2
                                                 ? ""
                                                 : std::to_string(left) + " are left";
                                    }};
                  },
                  {.preemptions = 2}),
              100);
}

// A call that finds no hope before its wait, and a success at this very moment: every retry is paid
// for once, and what is paid for is tried.
TEST(RetryBudgetExplore, ADepositMeetsACallThatWantsToWait) {
  struct Calling : Shared {
    using Shared::Shared;
    BasicRetry<ExploredThreads> retry{{.seed = 1}, &budget};
    fixture::ManualClock clock{};
    int tries = 0;
  };
  ExpectSound(
      Explore([] {
        auto shared =
            std::make_shared<Calling>(TokenBudgetOptions{.max_tokens = 4, .token_ratio = 1});
        shared->Withdraw();
        shared->Withdraw();  // 2 of 4: no hope, but for a success
        const auto call = [shared] {
          const auto fn = [&](const Try&) -> Result<int> {
            if (++shared->tries == 2) return 42;
            return Error{ErrorCode::kTimeout, ""};
          };
          static_cast<void>(Call(shared->retry, shared->clock, {.repeatable = true}, fn));
        };
        return Scenario{{call, [shared] { shared->budget.Deposit(kStart); }},
                        [shared]() -> std::string {
                          const auto paid = shared->budget.Snapshot(kStart).granted - 2;
                          const auto retries = shared->retry.Snapshot().retries;
                          if (paid != retries) return std::to_string(paid) + " paid";
                          return shared->tries == static_cast<int>(retries) + 1 ? "" : "tries";
                        }};
      }),
      10);
}

}  // namespace
}  // namespace assay
