#include "tools/regression/history/change_point.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "tools/regression/history/partition.h"
#include "tools/regression/history/split_test.h"

namespace assay::regression {
namespace {

using Starts = std::vector<std::size_t>;

constexpr double kSdPerMad = 1.4826;  // of a normal distribution
constexpr double kLeastNoise = 1e-9;  // keeps an exact series (allocations) from dividing by 0
constexpr double kClip = 3;           // noise SDs that an outlier may be away
constexpr double kFullAlpha = 100;    // points
constexpr double kMaxCorrelation = 0.9;
// Likelihood ratio that 95 % of the places of a change stay within:
// (1 - exp(-x ÷ 2))² = 0.95.
constexpr double kPlaceQuantile = 7.35;

double MedianOf(std::vector<double> values) {
  return WeightedMedian(values, std::vector<double>(values.size(), 1.0));
}

// Robust SD of deviations around 0; their mean where more than half of them are 0,
// as with a clock that is coarser than the noise.
double Spread(const std::vector<double>& deviations) {
  std::vector<double> sizes;
  double sum = 0;
  for (const double deviation : deviations) {
    sizes.push_back(std::abs(deviation));
    sum += sizes.back();
  }
  if (sizes.empty()) return kLeastNoise;
  const double by_median = kSdPerMad * MedianOf(sizes);
  const double by_mean = 1.2533 * sum / static_cast<double>(sizes.size());
  return std::max(by_median > kLeastNoise ? by_median : by_mean, kLeastNoise);
}

// From neighbours' differences, which steps of the level hardly touch.
double NoiseBeforePartition(std::span<const double> values) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(values[i] - values[i - 1]);
  return Spread(differences) / std::sqrt(2.0);
}

class Finder {
 public:
  Finder(std::span<const double> values, std::span<const double> weights,
         const ChangePointOptions& options)
      : values_(values.begin(), values.end()),
        weights_(weights.begin(), weights.end()),
        options_(options),
        alpha_(options.alpha * std::min(1.0, static_cast<double>(values.size()) / kFullAlpha)) {
    // Sums of values near 0 keep their digits.
    origin_ = values_.empty() ? 0 : MedianOf(values_);
    for (double& value : values_) value -= origin_;
  }

  Changes Find() {
    if (values_.empty()) return {};
    const double penalty = options_.penalty * NoiseBeforePartition(values_) *
                           std::log(static_cast<double>(values_.size()));
    starts_ = Partition(values_, weights_, penalty, options_.shortest);
    TameNoise();
    Relocate();
    TameNoise();
    DropShortLived();
    while (DropWeakest()) {
    }
    Relocate();
    DropShortLived();
    return Describe();
  }

 private:
  std::size_t Begin(std::size_t segment) const { return segment == 0 ? 0 : starts_[segment - 1]; }
  std::size_t End(std::size_t segment) const {
    return segment == starts_.size() ? values_.size() : starts_[segment];
  }
  double Centre(std::size_t segment) const {
    const std::size_t begin = Begin(segment);
    const std::size_t size = End(segment) - begin;
    return WeightedMedian(std::span(values_).subspan(begin, size),
                          std::span(weights_).subspan(begin, size));
  }
  double Effect(std::size_t split) const { return std::expm1(Centre(split + 1) - Centre(split)); }

  std::vector<double> Residuals() const {
    std::vector<double> residuals(values_.size());
    for (std::size_t segment = 0; segment <= starts_.size(); ++segment) {
      const double centre = Centre(segment);
      for (std::size_t i = Begin(segment); i < End(segment); ++i)
        residuals[i] = values_[i] - centre;
    }
    return residuals;
  }

  // Learns SD and correlation from what the candidates leave unexplained, and pulls
  // outliers in: a single one must neither carry a split nor hide one.
  void TameNoise() {
    auto residuals = Residuals();
    noise_ = Spread(residuals);
    tamed_ = values_;
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      const double near = std::clamp(residuals[i], -kClip * noise_, kClip * noise_);
      tamed_[i] += near - residuals[i];
      residuals[i] = near;
    }
    correlation_ = Correlation(residuals);
  }

  double Correlation(const std::vector<double>& residuals) const {
    double squares = 0;
    double products = 0;
    double pairs = 0;
    for (std::size_t segment = 0; segment <= starts_.size(); ++segment) {
      for (std::size_t i = Begin(segment); i < End(segment); ++i) {
        squares += residuals[i] * residuals[i];
        if (i == Begin(segment)) continue;
        products += residuals[i] * residuals[i - 1];
        pairs += 1;
      }
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

  // Moves each split to where squares are least between its neighbours: medians find
  // outliers no reason to cut, but place a small step worse than means do.
  void Relocate() {
    for (std::size_t split = 0; split < starts_.size(); ++split) {
      const std::size_t begin = Begin(split);
      const std::size_t end = End(split + 1);
      double whole = 0;
      double whole_weight = 0;
      for (std::size_t i = begin; i < end; ++i) {
        whole += weights_[i] * tamed_[i];
        whole_weight += weights_[i];
      }
      double left = 0;
      double weight = 0;
      double best = -1;
      for (std::size_t i = begin; i + options_.shortest < end; ++i) {
        left += weights_[i] * tamed_[i];
        weight += weights_[i];
        if (i + 1 < begin + options_.shortest) continue;
        const double apart = left / weight - (whole - left) / (whole_weight - weight);
        const double explained = apart * apart * weight * (whole_weight - weight);
        if (explained <= best) continue;
        best = explained;
        starts_[split] = i + 1;
      }
    }
  }

  double TestOf(std::size_t split) {
    const auto window = std::pair(Begin(split), End(split + 1));
    const auto known = p_of_window_.find(window);
    if (known != p_of_window_.end()) return known->second;
    std::vector<double> fresh;
    std::vector<double> weights;
    for (std::size_t i = window.first; i < window.second; ++i) {
      if (correlation_ > 0 && i == window.first) continue;
      fresh.push_back(tamed_[i] - (correlation_ > 0 ? correlation_ * tamed_[i - 1] : 0));
      weights.push_back(weights_[i]);
    }
    SplitTestOptions test;
    test.shortest = options_.shortest - (correlation_ > 0 ? 1 : 0);
    test.seed = options_.seed;
    // Twice as fine as what Holm's method will ask of the first split.
    test.permutations =
        static_cast<int>(std::min(1e6, 2 * static_cast<double>(starts_.size()) / alpha_));
    const double p = TestForSplit(fresh, weights, test);
    p_of_window_.emplace(window, p);
    return p;
  }

  // Whether enough points of either level are nearer to it than to the other: the
  // median of three is the outliers' own when two of the three are outliers.
  bool Lasts(std::size_t split) const {
    const double middle = (Centre(split) + Centre(split + 1)) / 2;
    const bool up = Centre(split + 1) > Centre(split);
    std::size_t before = 0;
    std::size_t after = 0;
    for (std::size_t i = Begin(split); i < starts_[split]; ++i) {
      before += (values_[i] > middle) != up ? 1 : 0;
    }
    for (std::size_t i = starts_[split]; i < End(split + 1); ++i) {
      after += (values_[i] > middle) == up ? 1 : 0;
    }
    return std::min(before, after) >= options_.shortest;
  }

  // Merges away the stretches that are only outliers, which the noise then has again.
  void DropShortLived() {
    const auto before = starts_.size();
    for (std::size_t split = 0; split < starts_.size();) {
      if (Lasts(split)) {
        ++split;
      } else {
        starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(split));
      }
    }
    if (starts_.size() == before) return;
    TameNoise();
    p_of_window_.clear();
  }

  // Merges the split that Holm's method accepts last, if it does not accept it.
  bool DropWeakest() {
    if (starts_.empty()) return false;
    std::vector<std::pair<double, std::size_t>> ordered;
    for (std::size_t split = 0; split < starts_.size(); ++split) {
      const bool tiny = std::abs(Effect(split)) < options_.min_effect;
      ordered.emplace_back(tiny ? 2.0 : TestOf(split), split);
    }
    std::sort(ordered.begin(), ordered.end());
    bool all_stand = true;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      const double share = alpha_ / static_cast<double>(ordered.size() - i);
      all_stand = all_stand && ordered[i].first <= share;
    }
    if (all_stand) return false;
    starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(ordered.back().second));
    return true;
  }

  // The splits whose likelihood is near that of the best one.
  std::pair<std::size_t, std::size_t> PlaceOf(std::size_t split) const {
    const double old_level = Centre(split);
    const double new_level = Centre(split + 1);
    const double per_point = (1 - correlation_) / (1 + correlation_) / (noise_ * noise_);
    const auto cost_of_moving = [&](std::size_t i) {  // from the old level to the new one
      const double to_old = tamed_[i] - old_level;
      const double to_new = tamed_[i] - new_level;
      return weights_[i] * per_point * (to_old * to_old - to_new * to_new);
    };
    const std::size_t here = starts_[split];
    std::size_t first = here;
    double cost = 0;
    for (std::size_t i = here; i-- > Begin(split) + 1;) {
      cost -= cost_of_moving(i);
      if (cost <= kPlaceQuantile) first = i;
    }
    std::size_t last = here;
    cost = 0;
    for (std::size_t i = here; i + 1 < End(split + 1); ++i) {
      cost += cost_of_moving(i);
      if (cost <= kPlaceQuantile) last = i + 1;
    }
    return {first - 1, last};
  }

  Changes Describe() {
    Changes changes;
    noise_ = Spread(Residuals());
    changes.noise = noise_;
    changes.correlation = correlation_;
    for (std::size_t segment = 0; segment <= starts_.size(); ++segment) {
      changes.segments.push_back({Begin(segment), End(segment), Centre(segment) + origin_});
    }
    for (std::size_t split = 0; split < starts_.size(); ++split) {
      const auto [last_good, first_bad] = PlaceOf(split);
      changes.points.push_back(
          {starts_[split], Effect(split), TestOf(split), last_good, first_bad});
    }
    return changes;
  }

  std::vector<double> values_;
  std::vector<double> weights_;
  ChangePointOptions options_;
  double alpha_;  // of the whole series
  double origin_ = 0;
  double noise_ = kLeastNoise;
  double correlation_ = 0;
  std::vector<double> tamed_;
  Starts starts_;
  std::map<std::pair<std::size_t, std::size_t>, double> p_of_window_;
};

void Refuse(const std::string& what) { throw std::invalid_argument("FindChanges: " + what); }

void Check(std::span<const double> values, std::span<const double> weights,
           const ChangePointOptions& options) {
  if (!(options.alpha > 0 && options.alpha < 1)) Refuse("alpha must be in (0, 1)");
  if (!(options.penalty > 0)) Refuse("penalty must be positive");
  if (options.shortest < 2) Refuse("shortest must be at least 2");
  if (!weights.empty() && weights.size() != values.size()) {
    Refuse(std::to_string(weights.size()) + " weights for " + std::to_string(values.size()) +
           " values; one each or none are accepted");
  }
  for (const double value : values) {
    if (!std::isfinite(value)) Refuse("values must be finite");
  }
  for (const double weight : weights) {
    if (!(weight > 0) || !std::isfinite(weight)) Refuse("weights must be positive and finite");
  }
}

}  // namespace

Changes FindChanges(std::span<const double> log_values, std::span<const double> weights,
                    const ChangePointOptions& options) {
  Check(log_values, weights, options);
  const std::vector<double> equal(weights.empty() ? log_values.size() : 0, 1.0);
  if (weights.empty()) weights = equal;
  const std::size_t skipped = log_values.size() - std::min(log_values.size(), kMaxPoints);
  auto changes = Finder(log_values.subspan(skipped), weights.subspan(skipped), options).Find();
  for (auto& segment : changes.segments) {
    segment.begin += skipped;
    segment.end += skipped;
  }
  for (auto& point : changes.points) {
    point.index += skipped;
    point.last_good += skipped;
    point.first_bad += skipped;
  }
  return changes;
}

}  // namespace assay::regression
