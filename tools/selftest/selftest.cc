#include "tools/selftest/selftest.h"

#include <algorithm>

#include "tools/selftest/clock_probe.h"
#include "tools/selftest/floor_probe.h"
#include "tools/selftest/judge.h"
#include "tools/selftest/machine.h"
#include "tools/selftest/statistics.h"
#include "tools/selftest/wakeup_probe.h"

namespace assay::selftest {
namespace {

using namespace std::chrono_literals;

// What is worth finding: a little more than what is tolerated. 5 % at 3 %.
constexpr double kBeyondTolerance = 0.02;

Result<std::vector<Wakeup>> MeasureWakeups(int count) {
  auto usual = SleepDelays({.count = count});
  if (!usual) return std::move(usual).error();
  auto precise = SleepDelays({.count = count, .slack = 1ns});
  if (!precise) return std::move(precise).error();
  return std::vector<Wakeup>{
      {"sleep, default timer slack", PercentilesOf(std::move(*usual))},
      {"sleep, timer slack 1 ns", PercentilesOf(std::move(*precise))},
      {"from thread to thread", PercentilesOf(HandoverDelays(count, 100us))}};
}

}  // namespace

Result<Report> RunSelftest(const regression::BenchmarkProgram& program,
                           const SelftestOptions& options, const Progress& progress) {
  Report report{.seed = options.comparison.seed,
                .tolerance = options.tolerance,
                .change = options.tolerance + kBeyondTolerance,
                .repetitions = options.comparison.repetitions};
  report.warnings = WarningsFor(ReadMachine());  // before this process adds to the load

  if (progress) progress("clock and floor");
  report.clock = StepsOf(ReadClock(static_cast<std::size_t>(options.clock_reads)));
  report.floor = MeasureFloor(options.floor_batches, options.floor_operations);
  report.clock_read_ns = std::ranges::find(report.floor, kClockRead, &FloorRow::name)->median_ns;

  if (progress) progress("wake-ups");
  auto wakeups = MeasureWakeups(options.wakeups);
  if (!wakeups) return std::move(wakeups).error();
  report.wakeups = std::move(*wakeups);

  const auto comparison = CompareWithItself(program, options.comparison, progress);
  if (!comparison) return comparison.error();
  if (progress) progress("simulating slow-downs");
  Judge(*comparison, report);
  return report;
}

}  // namespace assay::selftest
