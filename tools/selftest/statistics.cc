#include "tools/selftest/statistics.h"

#include <algorithm>
#include <cmath>

#include "tools/regression/decide/two_samples.h"

namespace assay::selftest {
namespace {

constexpr double kComparePyLevel = 0.05;

double AtRank(const std::vector<double>& ascending, double p) {
  const double rank = std::ceil(p * static_cast<double>(ascending.size()));
  return ascending[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace

Percentiles PercentilesOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {.count = values.size(),
          .p50_ns = AtRank(values, 0.5),
          .p99_ns = AtRank(values, 0.99),
          .max_ns = values.back()};
}

ClockSteps StepsOf(std::span<const std::int64_t> readings_ns) {
  ClockSteps steps{.reads = readings_ns.size()};
  for (std::size_t i = 1; i < readings_ns.size(); ++i) {
    const std::int64_t step = readings_ns[i] - readings_ns[i - 1];
    if (step < 0) ++steps.backwards;
    if (step <= 0) continue;
    const auto ns = static_cast<double>(step);
    steps.smallest_ns = std::min(steps.smallest_ns.value_or(ns), ns);
  }
  return steps;
}

std::optional<double> StandardDeviation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1));
}

PairCount CountDifferentPairs(std::span<const std::vector<double>> launches) {
  regression::TailCache tails;
  PairCount count;
  for (std::size_t a = 0; a < launches.size(); ++a) {
    for (std::size_t b = a + 1; b < launches.size(); ++b) {
      if (launches[a].empty() || launches[b].empty()) continue;
      const regression::TwoSamples samples(regression::Logarithms(launches[a]),
                                           regression::Logarithms(launches[b]), tails);
      const double p = 2 * std::min(samples.PAbove(0), samples.PBelow(0));
      ++count.pairs;
      if (p < kComparePyLevel) ++count.different;
    }
  }
  return count;
}

}  // namespace assay::selftest
