#include "tools/regression/history/noise.h"

#include <algorithm>
#include <cmath>

#include "tools/regression/history/partition.h"

namespace assay::regression {
namespace {

constexpr double kSdPerMad = 1.4826;            // of a normal distribution
constexpr double kSdPerMeanDeviation = 1.2533;  // of the same
constexpr double kMaxCorrelation = 0.9;

}  // namespace

double Spread(const std::vector<double>& deviations) {
  std::vector<double> sizes;
  double sum = 0;
  for (const double deviation : deviations) {
    sizes.push_back(std::abs(deviation));
    sum += sizes.back();
  }
  if (sizes.empty()) return kLeastNoise;
  const double by_median = kSdPerMad * WeightedMedian(sizes, std::vector<double>(sizes.size(), 1));
  const double by_mean = kSdPerMeanDeviation * sum / static_cast<double>(sizes.size());
  return std::max(by_median > kLeastNoise ? by_median : by_mean, kLeastNoise);
}

double SpreadOfNeighbours(std::span<const double> values) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(values[i] - values[i - 1]);
  return Spread(differences) / std::sqrt(2.0);
}

double Correlation(const std::vector<double>& residuals, const std::vector<std::size_t>& starts) {
  double squares = 0;
  double products = 0;
  double pairs = 0;
  auto start = starts.begin();
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    squares += residuals[i] * residuals[i];
    const bool first = i == 0 || (start != starts.end() && i == *start);
    if (first && i > 0) ++start;
    if (first) continue;
    products += residuals[i] * residuals[i - 1];
    pairs += 1;
  }
  if (squares <= 0 || pairs < 8) return 0;
  const double n = static_cast<double>(residuals.size());
  const double raw = products / squares * n / pairs;
  // Taking a centre away from each segment costs this much (Kendall 1954).
  const double corrected = raw + (1 + 3 * std::max(raw, 0.0)) * (n - pairs) / n;
  // What pure noise shows as well is not corrected for: that would cost power.
  if (corrected < 1 / std::sqrt(n)) return 0;
  return std::min(corrected, kMaxCorrelation);
}

}  // namespace assay::regression
