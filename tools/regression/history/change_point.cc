#include "tools/regression/history/change_point.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "tools/regression/history/noise.h"
#include "tools/regression/history/partition.h"
#include "tools/regression/history/segmentation.h"
#include "tools/regression/history/split_test.h"

namespace assay::regression {
namespace {

constexpr double kClip = 3;         // noise SDs that an outlier may be away
constexpr double kFullAlpha = 100;  // points

std::vector<double> Without(double origin, std::span<const double> values) {
  std::vector<double> rest(values.begin(), values.end());
  for (double& value : rest) value -= origin;
  return rest;
}

class Finder {
 public:
  Finder(std::span<const double> values, std::span<const double> weights,
         const ChangePointOptions& options)
      : options_(options),
        alpha_(options.alpha * std::min(1.0, static_cast<double>(values.size()) / kFullAlpha)),
        // Sums of values near 0 keep their digits.
        origin_(WeightedMedian(values, std::vector<double>(values.size(), 1.0))),
        cut_(Without(origin_, values), {weights.begin(), weights.end()}, options.shortest) {}

  Changes Find() {
    const std::vector<double>& values = cut_.values();
    if (values.empty()) return {};
    const double penalty = options_.penalty * SpreadOfNeighbours(values) *
                           std::log(static_cast<double>(values.size()));
    cut_.Cut(Partition(values, cut_.weights(), penalty, options_.shortest));
    TameNoise();
    cut_.Relocate(tamed_);
    TameNoise();
    DropShortLived();
    while (DropWeakest()) {
    }
    cut_.Relocate(tamed_);
    DropShortLived();
    return Describe();
  }

 private:
  // Learns SD and correlation from what the candidates leave unexplained, and pulls
  // outliers in: a single one must neither carry a split nor hide one.
  void TameNoise() {
    auto residuals = cut_.Residuals();
    noise_ = Spread(residuals);
    tamed_ = cut_.values();
    for (std::size_t i = 0; i < residuals.size(); ++i) {
      const double near = std::clamp(residuals[i], -kClip * noise_, kClip * noise_);
      tamed_[i] += near - residuals[i];
      residuals[i] = near;
    }
    correlation_ = Correlation(residuals, cut_.starts());
  }

  double TestOf(std::size_t split) {
    const auto window = std::pair(cut_.Begin(split), cut_.End(split + 1));
    const auto known = p_of_window_.find(window);
    if (known != p_of_window_.end()) return known->second;
    std::vector<double> fresh;
    std::vector<double> weights;
    for (std::size_t i = window.first; i < window.second; ++i) {
      if (correlation_ > 0 && i == window.first) continue;
      fresh.push_back(tamed_[i] - (correlation_ > 0 ? correlation_ * tamed_[i - 1] : 0));
      weights.push_back(cut_.weights()[i]);
    }
    SplitTestOptions test;
    test.shortest = options_.shortest - (correlation_ > 0 ? 1 : 0);
    test.seed = options_.seed;
    // Twice as fine as what Holm's method will ask of the first split.
    test.permutations =
        static_cast<int>(std::min(1e6, 2 * static_cast<double>(cut_.splits()) / alpha_));
    const double p = TestForSplit(fresh, weights, test);
    p_of_window_.emplace(window, p);
    return p;
  }

  // Merges away the stretches that are only outliers, which the noise then has again.
  void DropShortLived() {
    const std::size_t before = cut_.splits();
    for (std::size_t split = 0; split < cut_.splits();) {
      if (cut_.Lasts(split)) {
        ++split;
      } else {
        cut_.Merge(split);
      }
    }
    if (cut_.splits() == before) return;
    TameNoise();
    p_of_window_.clear();
  }

  // Merges the split that Holm's method accepts last, if it does not accept it.
  bool DropWeakest() {
    if (cut_.splits() == 0) return false;
    std::vector<std::pair<double, std::size_t>> ordered;
    for (std::size_t split = 0; split < cut_.splits(); ++split) {
      const bool tiny = std::abs(cut_.Effect(split)) < options_.min_effect;
      ordered.emplace_back(tiny ? 2.0 : TestOf(split), split);
    }
    std::sort(ordered.begin(), ordered.end());
    bool all_stand = true;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
      const double share = alpha_ / static_cast<double>(ordered.size() - i);
      all_stand = all_stand && ordered[i].first <= share;
    }
    if (all_stand) return false;
    cut_.Merge(ordered.back().second);
    return true;
  }

  Changes Describe() {
    Changes changes;
    noise_ = Spread(cut_.Residuals());
    changes.noise = noise_;
    changes.correlation = correlation_;
    for (std::size_t segment = 0; segment <= cut_.splits(); ++segment) {
      changes.segments.push_back(
          {cut_.Begin(segment), cut_.End(segment), cut_.Centre(segment) + origin_});
    }
    const double precision = (1 - correlation_) / (1 + correlation_) / (noise_ * noise_);
    for (std::size_t split = 0; split < cut_.splits(); ++split) {
      const auto [last_good, first_bad] = cut_.PlaceOf(split, tamed_, precision);
      changes.points.push_back(
          {cut_.starts()[split], cut_.Effect(split), TestOf(split), last_good, first_bad});
    }
    return changes;
  }

  ChangePointOptions options_;
  double alpha_;  // of the whole series
  double origin_;
  Segmentation cut_;
  double noise_ = kLeastNoise;
  double correlation_ = 0;
  std::vector<double> tamed_;
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
