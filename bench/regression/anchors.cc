#include "bench/regression/anchors.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "tools/regression/decide/decide.h"
#include "tools/regression/decide/rank_tails.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double RankP(const Files& files) {  // two-sided
  static TailCache tails;
  const TwoSamples samples(Logarithms(files.base), Logarithms(files.head), tails);
  return 2 * std::min(samples.PAbove(0), samples.PBelow(0));
}

bool CompareDiffers(const Files& files) { return RankP(files) < 0.05; }

bool CompareRegressed(const Files& files) {  // compare.py: U test, p < 0.05, and slower
  return RankP(files) < 0.05 && Median(files.head) > Median(files.base);
}

bool AsvRegressed(const Files& files) {
  return RankP(files) < 0.002 && Median(files.head) > 1.1 * Median(files.base);
}

bool RatioRegressed(const Files& files) { return Mean(files.head) > 1.05 * Mean(files.base); }

// The variance of the mean.
double SquaredError(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  const double mean = Mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / (n - 1) / n;
}

// Like criterion: t statistic against its own distribution under pooling (here
// Student's), interval beyond ±1 %.
bool CriterionLikeRegressed(const Files& files) {
  const boost::math::students_t student(
      static_cast<double>(files.base.size() + files.head.size() - 2));
  const double quantile = boost::math::quantile(student, 0.975);
  const double error = std::sqrt(SquaredError(files.base) + SquaredError(files.head));
  const double difference = Mean(files.head) - Mean(files.base);
  return difference > quantile * error && difference - quantile * error > 0.01 * Mean(files.base);
}

bool AssayRegressed(const Files& files) {
  std::vector<Evidence> evidence(1);
  evidence[0].grade = Grade::kC;
  evidence[0].base = files.base;
  evidence[0].head = files.head;
  return Decide(evidence, {})[0].verdict == Verdict::kRegressed;
}

constexpr std::array kRules{
    AnchorRule{"compare.py: U test p < 0.05", CompareDiffers},
    AnchorRule{"compare.py: U test p < 0.05, slower", CompareRegressed},
    AnchorRule{"criterion-like: t p < 0.05, beyond 1 %", CriterionLikeRegressed},
    AnchorRule{"asv: U test p < 0.002, ratio > 1.1", AsvRegressed},
    AnchorRule{"plain ratio of means > 1.05", RatioRegressed},
    AnchorRule{"assay, grade C", AssayRegressed}};

}  // namespace

std::span<const AnchorRule> AnchorRules() { return kRules; }

}  // namespace assay::regression
