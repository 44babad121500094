// Time as the whole suite sees it: one monotonic time line in nanoseconds.
//
// Code that decides takes `now` as an argument. Code that acts takes a clock as
// a template parameter, SteadyClock unless a test passes ManualClock
// (fixtures/assay/fixture/fakes), so no test has to sleep. Wall time appears in
// one place only, the time stamp of a RequestResult.
//
// Thread safety: everything here may be called from any thread.
#ifndef ASSAY_CORE_CLOCK_H_
#define ASSAY_CORE_CLOCK_H_

#include <chrono>
#include <concepts>
#include <ctime>

namespace assay {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

// Anything whose Now() never goes back.
template <class T>
concept ClockSource = requires(const T& clock) {
  { clock.Now() } -> std::same_as<TimePoint>;
};

// The operating system's monotonic clock; one read costs about 25 ns.
struct SteadyClock {
  TimePoint Now() const noexcept { return std::chrono::steady_clock::now(); }
};

// CPU time that `clock` has counted: CLOCK_THREAD_CPUTIME_ID is the calling
// thread, pthread_getcpuclockid() names any other one. 0 for a clock that no
// longer exists.
inline Duration CpuTime(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) noexcept {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return Duration::zero();
  return std::chrono::seconds(time.tv_sec) + Duration(time.tv_nsec);
}

}  // namespace assay

#endif  // ASSAY_CORE_CLOCK_H_
