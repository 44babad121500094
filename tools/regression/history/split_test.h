// Is there a change of level anywhere in this stretch? The place is not given:
// looking for the best one is part of what is tested.
//
// Permutation test of the largest between-group sum of squares over all splits. The
// permuted stretch is searched in the same way as the observed one, so the search is
// paid for, and no distribution is assumed beyond exchangeability (Otava's t-test
// after a search is not calibrated for it). Stopping at the h-th exceedance: Besag
// and Clifford, Biometrika 1991; p stays valid.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_SPLIT_TEST_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_SPLIT_TEST_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace assay::regression {

struct SplitTestOptions {
  std::size_t shortest = 3;  // values on either side of a split, ≥ 1
  int permutations = 9999;   // the smallest p is 1 ÷ (this + 1)
  std::uint64_t seed = 1;
};

// p of "no change"; 1 when there is no room for a split. The same for the same
// arguments, in any thread and on any platform.
double TestForSplit(std::span<const double> values, std::span<const double> weights,
                    const SplitTestOptions& options);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_SPLIT_TEST_H_
