// The whole self-test: every probe, the A/A comparison and what follows from them.
#ifndef ASSAY_TOOLS_SELFTEST_SELFTEST_H_
#define ASSAY_TOOLS_SELFTEST_SELFTEST_H_

#include "assay/core/result.h"
#include "tools/selftest/report.h"
#include "tools/selftest/self_comparison.h"

namespace assay::selftest {

struct SelftestOptions {
  double tolerance = 0.03;
  SelfComparisonOptions comparison{};
  int wakeups = 300;  // of each kind
  int clock_reads = 200'000;
  int floor_batches = 25;       // of each operation, …
  int floor_operations = 5000;  // … that long
};

// `program` is what is compared with itself. The error names the phase: wake-ups, A/A
// launches or A/A blocks. Takes a second or two beyond the budget of the comparison.
Result<Report> RunSelftest(const regression::BenchmarkProgram& program,
                           const SelftestOptions& options, const Progress& progress);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_SELFTEST_H_
