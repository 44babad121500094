// A waiter of a semaphore for tests: it writes down when it was woken.
#ifndef TESTS_PATTERNS_SEMAPHORE_TEST_WAITER_H_
#define TESTS_PATTERNS_SEMAPHORE_TEST_WAITER_H_

#include <vector>

#include "assay/patterns/semaphore/waiter.h"

namespace assay {

class SemaphoreTestWaiter final : public SemaphoreWaiter {
 public:
  SemaphoreTestWaiter(int name, int permits, std::vector<int>& woken)
      : SemaphoreWaiter(permits), name_(name), woken_(woken) {}

 private:
  void Wake() noexcept override { woken_.push_back(name_); }

  const int name_;
  std::vector<int>& woken_;
};

}  // namespace assay

#endif  // TESTS_PATTERNS_SEMAPHORE_TEST_WAITER_H_
