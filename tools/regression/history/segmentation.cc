#include "tools/regression/history/segmentation.h"

#include <algorithm>
#include <cmath>

#include "tools/regression/history/partition.h"

namespace assay::regression {
namespace {

// Likelihood ratio that 95 % of the places of a change stay within:
// (1 - exp(-x ÷ 2))² = 0.95.
constexpr double kPlaceQuantile = 7.35;

}  // namespace

void Segmentation::Merge(std::size_t split) {
  starts_.erase(starts_.begin() + static_cast<std::ptrdiff_t>(split));
}

double Segmentation::Centre(std::size_t segment) const {
  const std::size_t begin = Begin(segment);
  const std::size_t size = End(segment) - begin;
  return WeightedMedian(std::span(values_).subspan(begin, size),
                        std::span(weights_).subspan(begin, size));
}

double Segmentation::Effect(std::size_t split) const {
  return std::expm1(Centre(split + 1) - Centre(split));
}

std::vector<double> Segmentation::Residuals() const {
  std::vector<double> residuals(values_.size());
  for (std::size_t segment = 0; segment <= starts_.size(); ++segment) {
    const double centre = Centre(segment);
    for (std::size_t i = Begin(segment); i < End(segment); ++i) residuals[i] = values_[i] - centre;
  }
  return residuals;
}

void Segmentation::Relocate(std::span<const double> tamed) {
  for (std::size_t split = 0; split < starts_.size(); ++split) {
    const std::size_t begin = Begin(split);
    const std::size_t end = End(split + 1);
    double whole = 0;
    double whole_weight = 0;
    for (std::size_t i = begin; i < end; ++i) {
      whole += weights_[i] * tamed[i];
      whole_weight += weights_[i];
    }
    double left = 0;
    double weight = 0;
    double best = -1;
    for (std::size_t i = begin; i + shortest_ < end; ++i) {
      left += weights_[i] * tamed[i];
      weight += weights_[i];
      if (i + 1 < begin + shortest_) continue;
      const double apart = left / weight - (whole - left) / (whole_weight - weight);
      const double explained = apart * apart * weight * (whole_weight - weight);
      if (explained <= best) continue;
      best = explained;
      starts_[split] = i + 1;
    }
  }
}

bool Segmentation::Lasts(std::size_t split) const {
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
  return std::min(before, after) >= shortest_;
}

// Splits whose likelihood is near that of the best one.
std::pair<std::size_t, std::size_t> Segmentation::PlaceOf(std::size_t split,
                                                          std::span<const double> tamed,
                                                          double precision) const {
  const double old_level = Centre(split);
  const double new_level = Centre(split + 1);
  const auto cost_of_moving = [&](std::size_t i) {  // from the old level to the new one
    const double to_old = tamed[i] - old_level;
    const double to_new = tamed[i] - new_level;
    return weights_[i] * precision * (to_old * to_old - to_new * to_new);
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

}  // namespace assay::regression
