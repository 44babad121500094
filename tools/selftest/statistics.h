// Small statistics of the self-test. Pure.
#ifndef ASSAY_TOOLS_SELFTEST_STATISTICS_H_
#define ASSAY_TOOLS_SELFTEST_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/selftest/report.h"

namespace assay::selftest {

// By nearest rank: the smallest value that at least the share `p` of all do not
// exceed. All zero without values.
Percentiles PercentilesOf(std::vector<double> values);

// From successive readings of one clock.
ClockSteps StepsOf(std::span<const std::int64_t> readings_ns);

// The estimate from a sample (n - 1); none of fewer than two values.
std::optional<double> StandardDeviation(std::span<const double> values);

struct PairCount {
  std::size_t pairs = 0;
  std::size_t different = 0;
};

// Among all pairs of launches those that the rule of Google Benchmark's compare.py
// calls different: two-sided rank-sum test over the repetitions (here the exact one),
// p < 0.05. Launches without a repetition make no pair.
PairCount CountDifferentPairs(std::span<const std::vector<double>> launches);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_STATISTICS_H_
