// Cuts a series into stretches of constant level, by absolute deviation.
//
// Optimal partitioning (Jackson et al., IEEE Signal Processing Letters 2005) of the
// L1 Potts functional, the robust cost that asv uses: an outlier pulls with its
// distance, never with its square. Exact; O(n²) time, O(n) memory.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_PARTITION_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_PARTITION_H_

#include <cstddef>
#include <span>
#include <vector>

namespace assay::regression {

// The first index of every stretch but the first, ascending, of the partition that
// minimises sum of weight × |value - median of its stretch| + penalty × stretches,
// with no stretch shorter than `shortest` ≥ 1. `weights` are positive, one for each
// value. Fewer than 2 × shortest values are one stretch.
std::vector<std::size_t> Partition(std::span<const double> values, std::span<const double> weights,
                                   double penalty, std::size_t shortest);

// The value with half of the weight on either side, the lower one of two; 0 of none.
double WeightedMedian(std::span<const double> values, std::span<const double> weights);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_PARTITION_H_
