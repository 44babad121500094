// How much a series scatters beside its level. Pure; robust against single outliers.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_NOISE_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_NOISE_H_

#include <cstddef>
#include <span>
#include <vector>

namespace assay::regression {

inline constexpr double kLeastNoise = 1e-9;  // keeps an exact series from dividing by 0

// Robust SD of deviations around 0; from their mean where more than half of them are
// 0, as with a clock that is coarser than the noise. At least kLeastNoise.
double Spread(const std::vector<double>& deviations);

// SD of a series whose levels are not known yet: from neighbours' differences, which
// steps of the level hardly touch.
double SpreadOfNeighbours(std::span<const double> values);

// First-order correlation of what is left after a centre was taken from each segment;
// `starts` are the first indices of all but the first. 0 where pure noise shows as much.
double Correlation(const std::vector<double>& residuals, const std::vector<std::size_t>& starts);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_NOISE_H_
