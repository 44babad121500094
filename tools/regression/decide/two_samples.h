// What two unpaired samples prove: grades B and C.
//
// The exact rank-sum test of the shift θ between the logarithms, and its inversion:
// an order statistic of the differences of all pairs (Mann and Whitney 1947; Hodges
// and Lehmann, Annals of Mathematical Statistics 1963). A permutation test at every
// sample size, of little less power than Welch's t under normal noise (0.955 of its
// efficiency) and more under heavy tails. It assumes values independent of each
// other and equally spread on both sides; where the spreads differ, the level of a
// test at a shift is approximate.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_TWO_SAMPLES_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_TWO_SAMPLES_H_

#include <span>
#include <vector>

#include "tools/regression/decide/rank_tails.h"

namespace assay::regression {

// False if any value is negative, infinite or not a number.
bool Usable(std::span<const double> values);

// The middle one; the mean of the two middle ones; 0 of none.
double Median(std::vector<double> values);

// Logarithms, with 0 as something below any other: two zeros are equal, one zero is
// a change beyond measure. At most 500 values are kept, evenly over the sample.
std::vector<double> Logarithms(std::span<const double> values);

// The differences head - base of all pairs of logarithms. Neither side is empty.
class TwoSamples {
 public:
  TwoSamples(std::span<const double> log_base, std::span<const double> log_head, TailCache& tails);

  double center() const;                  // Hodges-Lehmann: the median difference
  double PAbove(double margin) const;     // of "shift <= margin"
  double PBelow(double margin) const;     // of "shift >= margin"
  double LowerBound(double level) const;  // -infinity where there are too few values
  double UpperBound(double level) const;

 private:
  std::vector<double> differences_;  // ascending
  const std::vector<double>& tail_;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_TWO_SAMPLES_H_
