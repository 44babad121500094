// What the smallest operations cost here: below these nothing can be measured.
#ifndef ASSAY_TOOLS_SELFTEST_FLOOR_PROBE_H_
#define ASSAY_TOOLS_SELFTEST_FLOOR_PROBE_H_

#include <vector>

#include "tools/selftest/report.h"

namespace assay::selftest {

inline constexpr const char* kClockRead = "clock read";  // the name of its row

// An empty system call, an uncontended atomic addition, a clock read, an uncontended
// mutex: each timed over `batches` batches of `operations`, both at least 1.
std::vector<FloorRow> MeasureFloor(int batches, int operations);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_FLOOR_PROBE_H_
