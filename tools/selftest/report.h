// Everything that `assay selftest` measured and concluded, as plain data.
//
// Times are nanoseconds, changes are relative (0.05 is +5 %).
#ifndef ASSAY_TOOLS_SELFTEST_REPORT_H_
#define ASSAY_TOOLS_SELFTEST_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/regression/decide/decide.h"

namespace assay::selftest {

struct ClockSteps {
  std::size_t reads = 0;
  std::optional<double> smallest_ns{};  // of the steps forward; none if the clock stood still
  std::size_t backwards = 0;
};

struct Percentiles {
  std::size_t count = 0;
  double p50_ns = 0;
  double p99_ns = 0;
  double max_ns = 0;
};

struct Wakeup {
  std::string name;
  Percentiles late{};  // after the moment that was asked for
};

// The time of one operation: lowest and median of some batches.
struct FloorRow {
  std::string name;
  double lowest_ns = 0;
  double median_ns = 0;
};

// One benchmark compared with itself.
struct SelfRow {
  std::string name;
  std::string trouble{};  // why it could not be measured; then nothing else counts
  double median_ns = 0;   // over all launches
  std::size_t blocks = 0;
  std::optional<double> block_sd{};  // of log(head / base); none of fewer than two blocks
  regression::Decision decision{};
  std::size_t pairs = 0;            // of launches, and …
  std::size_t pairs_different = 0;  // … those that a rank-sum test tells apart at 0.05
  std::optional<double> detects{};  // smallest slow-down found reliably; none: no such, or …
  std::optional<int> blocks_for_change{};  // blocks that find Report::change reliably; none: …
  bool sensitivity_known = false;          // … too few blocks to tell, when this is false
};

struct Report {
  std::uint64_t seed = 1;
  double tolerance = 0.03;
  double change = 0.05;      // that blocks_for_change is about
  int planned_blocks = 32;   // that SelfRow::detects is about
  int simulations = 400;     // of runs, for each answer about sensitivity
  double power = 0.95;       // what "reliably" means
  int most_blocks = 0;       // no more were tried for blocks_for_change
  int repetitions = 0;       // of each launch behind the pairs
  int blocks = 0;            // measured
  double block_seconds = 0;  // of one block with all rows
  ClockSteps clock{};
  double clock_read_ns = 0;
  std::vector<Wakeup> wakeups{};
  std::vector<FloorRow> floor{};
  std::vector<SelfRow> rows{};
  std::vector<std::string> warnings{};  // what makes this machine a worse judge, a line each
};

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_REPORT_H_
