#include "tools/selftest/floor_probe.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "assay/core/clock.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::selftest {
namespace {

template <class Operation>
FloorRow TimeBatches(const char* name, int batches, int operations, Operation operation) {
  const SteadyClock clock;
  std::vector<double> times;
  for (int batch = 0; batch < batches; ++batch) {
    const TimePoint start = clock.Now();
    for (int i = 0; i < operations; ++i) operation();
    times.push_back(static_cast<double>((clock.Now() - start).count()) / operations);
  }
  return {.name = name,
          .lowest_ns = *std::ranges::min_element(times),
          .median_ns = regression::Median(times)};
}

}  // namespace

std::vector<FloorRow> MeasureFloor(int batches, int operations) {
  const auto time = [&](const char* name, auto operation) {
    return TimeBatches(name, batches, operations, operation);
  };
  std::atomic<long> counter{0};
  std::mutex mutex;
  // Each has an effect that the compiler may not leave out.
  return {time("system call", [] { ::syscall(SYS_getppid); }),
          time("atomic addition", [&] { counter.fetch_add(1); }),
          time(kClockRead,
               [&] {
                 counter.store(SteadyClock().Now().time_since_epoch().count(),
                               std::memory_order_relaxed);
               }),
          time("mutex", [&] { const std::scoped_lock lock(mutex); })};
}

}  // namespace assay::selftest
