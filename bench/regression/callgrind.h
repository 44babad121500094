// Instructions per iteration, from what callgrind counted in two runs.
#ifndef ASSAY_BENCH_REGRESSION_CALLGRIND_H_
#define ASSAY_BENCH_REGRESSION_CALLGRIND_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::regression {

// The instructions in one dump of callgrind, from its line "totals: N"; nothing in other text.
std::optional<std::uint64_t> CallgrindTotal(std::string_view dump);

// Of one row: its instructions in a run of n iterations and in one of 2n, for either side.
struct InstructionCounts {
  std::uint64_t base_once = 0;
  std::uint64_t base_twice = 0;
  std::uint64_t head_once = 0;
  std::uint64_t head_twice = 0;
};

// head ÷ base - 1 by iteration: what both runs of a side do but once cancels. Nothing when a side
// has no instruction more in its longer run.
std::optional<double> InstructionRise(const InstructionCounts& counts);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_CALLGRIND_H_
