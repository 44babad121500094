// Calls in coroutines that do not wait for a permit.
#include <gtest/gtest.h>

#include <coroutine>
#include <optional>
#include <stdexcept>
#include <string>

#include "assay/patterns/semaphore/call.h"
#include "tests/patterns/task.h"

namespace assay {
namespace {

using IntTask = Task<Result<int>>;

TEST(SemaphoreCallAsyncTest, ReturnsTheResultAndThePermit) {
  Semaphore semaphore({.limit = 1});
  IntTask task = CallAsync(semaphore, [&]() -> IntTask {
    EXPECT_EQ(semaphore.active(), 1);
    co_return 42;
  });
  EXPECT_EQ(semaphore.active(), 0) << "a task that has not started must hold nothing";
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(task.Get().value(), 42);
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallAsyncTest, RefusesAtOnceInsteadOfWaiting) {
  Semaphore semaphore({.limit = 1});
  const Permit held = TryPermit(semaphore);
  IntTask task = CallAsync(semaphore, []() -> IntTask { co_return 1; });
  EXPECT_TRUE(task.Run());
  EXPECT_EQ(task.Get().error(), (Error{ErrorCode::kLimitReached, "semaphore: full"}));
  EXPECT_EQ(semaphore.Snapshot().rejected, 1u);
  EXPECT_EQ(semaphore.active(), 1);
}

TEST(SemaphoreCallAsyncTest, DestroyingASuspendedTaskReturnsThePermit) {
  Semaphore semaphore({.limit = 1});
  {
    IntTask task = CallAsync(semaphore, []() -> IntTask {
      co_await std::suspend_always{};
      co_return 1;
    });
    EXPECT_FALSE(task.Run());
    EXPECT_EQ(semaphore.active(), 1);
  }
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallAsyncTest, AnExceptionReturnsThePermitAndGoesOn) {
  Semaphore semaphore({.limit = 1});
  IntTask task = CallAsync(semaphore, []() -> IntTask {
    throw std::runtime_error("boom");
    co_return 1;
  });
  EXPECT_TRUE(task.Run());
  EXPECT_THROW(task.Get().ok(), std::runtime_error);
  EXPECT_EQ(semaphore.active(), 0);
}

TEST(SemaphoreCallAsyncTest, TheTaskOwnsTheFunctionItCalls) {
  Semaphore semaphore({.limit = 1});
  std::optional<IntTask> task;
  {
    const std::string text = "long enough to live on the heap, so that a dangling read shows";
    task.emplace(
        CallAsync(semaphore, [text]() -> IntTask { co_return static_cast<int>(text.size()); }));
  }
  EXPECT_TRUE(task->Run());
  EXPECT_EQ(task->Get().value(), 62);
}

TEST(SemaphoreCallAsyncTest, ThreadsAndTasksShareOneLimit) {
  Semaphore semaphore({.limit = 1});
  IntTask inner = CallAsync(semaphore, [&]() -> IntTask {
    const Deadline expired = Deadline::After(SteadyClock().Now(), Duration::zero());
    const auto second = Call(semaphore, expired, []() -> Result<int> { return 2; });
    EXPECT_EQ(second.error().code, ErrorCode::kLimitReached);
    co_return 1;
  });
  EXPECT_TRUE(inner.Run());
  EXPECT_EQ(inner.Get().value(), 1);
}

}  // namespace
}  // namespace assay
