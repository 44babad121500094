#include "tools/regression/decide/two_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::regression {
namespace {

constexpr std::size_t kMostValues = 500;
constexpr double kLogOfZero = -800;  // below the logarithm of the smallest double, -745
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> AllDifferences(std::span<const double> base, std::span<const double> head) {
  std::vector<double> differences;
  differences.reserve(base.size() * head.size());
  for (const double h : head) {
    for (const double b : base) differences.push_back(h - b);
  }
  std::sort(differences.begin(), differences.end());
  return differences;
}

}  // namespace

bool Usable(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(),
                     [](double value) { return std::isfinite(value) && value >= 0; });
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : values[half - 1] / 2 + values[half] / 2;
}

std::vector<double> Logarithms(std::span<const double> values) {
  const std::size_t kept = std::min(values.size(), kMostValues);
  std::vector<double> logarithms;
  logarithms.reserve(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const double value = values[i * values.size() / kept];
    logarithms.push_back(value > 0 ? std::log(value) : kLogOfZero);
  }
  return logarithms;
}

TwoSamples::TwoSamples(std::span<const double> log_base, std::span<const double> log_head,
                       TailCache& tails)
    : differences_(AllDifferences(log_base, log_head)),
      tail_(tails.RankSum(log_base.size(), log_head.size())) {}

double TwoSamples::center() const {
  const std::size_t half = differences_.size() / 2;
  return differences_.size() % 2 == 1 ? differences_[half]
                                      : (differences_[half - 1] + differences_[half]) / 2;
}

// A difference equal to the margin counts against rejection, both ways.
double TwoSamples::PAbove(double margin) const {
  const auto above = std::upper_bound(differences_.begin(), differences_.end(), margin);
  return tail_[static_cast<std::size_t>(differences_.end() - above)];
}

double TwoSamples::PBelow(double margin) const {
  const auto reached = std::lower_bound(differences_.begin(), differences_.end(), margin);
  return tail_[static_cast<std::size_t>(reached - differences_.begin())];
}

double TwoSamples::LowerBound(double level) const {
  const std::size_t needed = CriticalCount(tail_, level);
  if (needed == 0 || needed > differences_.size()) return -kInfinity;
  return differences_[differences_.size() - needed];
}

double TwoSamples::UpperBound(double level) const {
  const std::size_t needed = CriticalCount(tail_, level);
  if (needed == 0 || needed > differences_.size()) return kInfinity;
  return differences_[needed - 1];
}

}  // namespace assay::regression
