// How late a thread comes back that waited for a time or for another thread.
//
// All delays are nanoseconds and never negative. Both functions block until they are
// done, and leave the calling thread's timer slack alone.
#ifndef ASSAY_TOOLS_SELFTEST_WAKEUP_PROBE_H_
#define ASSAY_TOOLS_SELFTEST_WAKEUP_PROBE_H_

#include <optional>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/result.h"

namespace assay::selftest {

struct SleepPlan {
  int count = 300;
  Duration ahead = std::chrono::microseconds(200);  // of the moment to wake up at
  std::optional<Duration> slack{};                  // the kernel's default when none
};

// How much later than asked for each sleep to an absolute time ended. kIo when the
// kernel refuses the slack or the sleep.
Result<std::vector<double>> SleepDelays(const SleepPlan& plan);

// From the moment before a thread wakes another one, which sleeps in
// std::atomic::wait (a futex), to the moment at which that one runs. `pause` before
// each is time for it to fall asleep.
std::vector<double> HandoverDelays(int count, Duration pause);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_WAKEUP_PROBE_H_
