#include "tools/selftest/clock_probe.h"

#include "assay/core/clock.h"

namespace assay::selftest {

std::vector<std::int64_t> ReadClock(std::size_t count) {
  std::vector<std::int64_t> readings(count);  // written once here: no page fault while reading
  const SteadyClock clock;
  for (std::int64_t& reading : readings) reading = clock.Now().time_since_epoch().count();
  return readings;
}

}  // namespace assay::selftest
