// Retried calls with a budget: who pays, who fills it, and when it ends the tries.
#include <gtest/gtest.h>

#include "tests/patterns/retry_scene.h"

namespace assay {
namespace {

using namespace retry_scene;

class RetryCallBudget : public RetryScene {};

TEST_F(RetryCallBudget, ABudgetEndsIt) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 4, .token_ratio = 1});
  Retry retry(Every(seconds(5), 100), &budget);
  Flaky call(clock_);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).error(), TimedOut(3));
  EXPECT_EQ(clock_.Now(), start_ + seconds(10));  // without hope there is no wait
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.retries = 2, .no_budget = 1}));
  EXPECT_EQ(budget.Snapshot(start_), (RetryBudgetSnapshot{.granted = 2, .refused = 1}));
}

TEST_F(RetryCallBudget, ABudgetThatIsSpentDuringTheWaitEndsItToo) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 2, .token_ratio = 1});
  RetryOptions options = Every(seconds(5), 100);
  options.before_wait = [&](const RetryWait&) { EXPECT_TRUE(budget.Withdraw(start_)); };
  Retry retry(options, &budget);
  Flaky call(clock_);
  EXPECT_EQ(Call(retry, clock_, kRepeatable, call).error(), TimedOut(1));
  EXPECT_EQ(retry.Snapshot(), (RetrySnapshot{.no_budget = 1}));
}

TEST_F(RetryCallBudget, SuccessesFillTheBudgetAndFailuresDoNot) {
  for (const bool by_time : {false, true}) {
    RetryBudget budget = by_time
                             ? RetryBudget(RatioBudgetOptions{.ratio = 1, .floor = 0})
                             : RetryBudget(TokenBudgetOptions{.max_tokens = 2, .token_ratio = 1});
    while (budget.Withdraw(start_)) {
    }
    Retry retry(Every(seconds(5)), &budget);
    const auto call = [&](const Result<int>& result) {
      EXPECT_EQ(Call(retry, clock_, {}, [&](const Try&) { return result; }).ok(), result.ok());
    };
    for (int i = 0; i < 5; ++i) call(Error{ErrorCode::kTlsFailed, ""});
    for (int i = 0; i < 5; ++i) call(Error{ErrorCode::kTimeout, ""});
    EXPECT_FALSE(budget.Allows(clock_.Now()));
    call(42);
    call(42);
    EXPECT_TRUE(budget.Allows(clock_.Now()));
    EXPECT_FALSE(budget.Allows(clock_.Now() + seconds(100)) && by_time);
  }
}

// A success is one success, however many layers with the same budget it goes through.
TEST_F(RetryCallBudget, OneOfTwoThatShareABudgetFillsIt) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 10, .token_ratio = 1});
  while (budget.Withdraw(start_)) {
  }
  RetryOptions within = Every(seconds(5));
  within.fills_budget = false;
  Retry outer(Every(seconds(5)), &budget), inner(within, &budget);
  const auto answer = [](const Try&) -> Result<int> { return 42; };
  const auto call = [&](const Try&) { return Call(inner, clock_, kRepeatable, answer); };
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(Call(outer, clock_, kRepeatable, call).ok());
  EXPECT_EQ(budget.Snapshot(start_).available, 1) << "4 were left, and 2 came";
  Flaky flaky(clock_, 1);
  EXPECT_TRUE(Call(inner, clock_, kRepeatable, flaky).ok());
  EXPECT_EQ(budget.Snapshot(start_).granted, 6u) << "it pays for its retries all the same";
  EXPECT_EQ(inner.Snapshot().recovered, 1u);
}

// However many calls fail: retries stay within half of the tokens and what successes earned.
TEST_F(RetryCallBudget, RetriesStayWithinTheBudget) {
  RetryBudget budget(TokenBudgetOptions{.max_tokens = 20, .token_ratio = 0.1});
  Retry retry(Every(milliseconds(1), 5), &budget);
  for (int i = 0; i < 1'000; ++i) {
    Flaky call(clock_, i % 3 == 0 ? 0 : 100);
    static_cast<void>(Call(retry, clock_, kRepeatable, call));
  }
  const RetrySnapshot snapshot = retry.Snapshot();
  EXPECT_LE(snapshot.retries, 10u + 34u);
  EXPECT_GE(snapshot.retries, 10u);
  EXPECT_EQ(snapshot.retries, budget.Snapshot(start_).granted);
}

}  // namespace
}  // namespace assay
