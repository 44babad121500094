#include "bench/resilience/overhead.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/fixture/spread.h"

namespace assay::bench {

std::size_t MedianRank(std::size_t count) {
  // How many values lie below the median is binomial with 1/2. Logarithms, because 2^-count is not
  // a double for long.
  const auto n = static_cast<double>(count);
  double log_term = -n * std::log(2.0), below = 0;  // of no value below it
  for (std::size_t k = 0;; ++k) {
    below += std::exp(log_term);
    if (below > 0.025) return k;
    const auto of = static_cast<double>(k);
    log_term += std::log((n - of) / (of + 1));
  }
}

Overhead OverheadOf(const std::vector<double>& differences) {
  if (differences.empty()) return {};
  std::vector<double> sorted = differences;
  std::ranges::sort(sorted);
  Overhead overhead{
      .median = Quantile(sorted, 0.5), .q1 = Quantile(sorted, 0.25), .q3 = Quantile(sorted, 0.75)};
  const std::size_t rank = MedianRank(sorted.size());
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  overhead.low = rank == 0 ? -kInfinity : sorted[rank - 1];
  overhead.high = rank == 0 ? kInfinity : sorted[sorted.size() - rank];
  return overhead;
}

}  // namespace assay::bench
