// What a series of paired differences says about something that is far smaller than their
// spread. Pure.
#ifndef ASSAY_BENCH_RESILIENCE_OVERHEAD_H_
#define ASSAY_BENCH_RESILIENCE_OVERHEAD_H_

#include <cstddef>
#include <vector>

namespace assay::bench {

struct Overhead {
  double median = 0;
  double q1 = 0, q3 = 0;     // quartiles: how far single pairs lie apart
  double low = 0, high = 0;  // of the median, with 95 % confidence

  // Whether the confidence interval leaves zero out.
  bool seen() const noexcept { return low > 0 || high < 0; }
};

// Whatever the distribution of the differences (independent of each other). Fewer than six can give
// no such interval: it is as wide as it gets then, and nothing is seen. Of none, all is 0.
Overhead OverheadOf(const std::vector<double>& differences);

// The largest k such that the k-th smallest and the k-th largest of `count` values enclose the
// median of their distribution with at least 95 %; 0 if there is none.
std::size_t MedianRank(std::size_t count);

}  // namespace assay::bench

#endif  // ASSAY_BENCH_RESILIENCE_OVERHEAD_H_
