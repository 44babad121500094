// Reads the steady clock. What the readings mean, statistics.h says.
#ifndef ASSAY_TOOLS_SELFTEST_CLOCK_PROBE_H_
#define ASSAY_TOOLS_SELFTEST_CLOCK_PROBE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace assay::selftest {

// `count` readings in nanoseconds, one straight after the other.
std::vector<std::int64_t> ReadClock(std::size_t count);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_CLOCK_PROBE_H_
