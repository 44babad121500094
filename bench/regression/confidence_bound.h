// What so many cases out of so many show: Clopper and Pearson, Biometrika 1934.
#ifndef ASSAY_BENCH_REGRESSION_CONFIDENCE_BOUND_H_
#define ASSAY_BENCH_REGRESSION_CONFIDENCE_BOUND_H_

#include <cstddef>

namespace assay::regression {

// One-sided exact bounds for the chance of a case, at confidence 95 %, when `count` of `cases`
// independent ones were so. 0 <= count <= cases; of no cases: 0 and 1.
double LowerBoundOfShare(std::size_t count, std::size_t cases);
double UpperBoundOfShare(std::size_t count, std::size_t cases);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_CONFIDENCE_BOUND_H_
