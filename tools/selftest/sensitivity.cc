#include "tools/selftest/sensitivity.h"

#include <algorithm>
#include <cmath>

#include "assay/core/hash.h"
#include "tools/regression/decide/block_evidence.h"
#include "tools/regression/decide/looks.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::selftest {

Sensitivity::Sensitivity(std::span<const double> blocks, const SensitivityOptions& options)
    : noise_(blocks.begin(), blocks.end()), options_(options) {
  const double center = regression::Median(noise_);
  for (double& value : noise_) value -= center;
}

bool Sensitivity::FoundInRun(int run, double shift, int blocks) {
  std::vector<double> values;
  for (int block = 0; block < blocks; ++block) {
    // The same draws for every shift: the search then walks along one curve.
    const std::uint64_t draw = Draw(options_.seed, "sensitivity", static_cast<std::uint64_t>(run),
                                    static_cast<std::uint64_t>(block));
    const double noise = noise_[(draw >> 1) % noise_.size()];
    values.push_back(shift + ((draw & 1) == 0 ? noise : -noise));
  }
  const regression::BlockEvidence evidence =
      regression::WeighBlocks(values,
                              {.margin = std::log1p(options_.tolerance),
                               .alpha = options_.alpha,
                               .alpha_equal = options_.alpha_equal},
                              tails_);
  return evidence.conclusion == regression::Conclusion::kRegressed &&
         evidence.p_regressed <= options_.alpha / static_cast<double>(options_.family);
}

bool Sensitivity::Finds(double change, int blocks) {
  const double may_miss = (1 - options_.power) * options_.runs;
  int missed = 0;
  for (int run = 0; run < options_.runs; ++run) {
    if (FoundInRun(run, std::log1p(change), blocks)) continue;
    if (++missed > may_miss) return false;
  }
  return true;
}

std::optional<double> Sensitivity::SmallestFound(int blocks) {
  constexpr double kPrecision = 0.0005;
  double missed = options_.tolerance;  // no more than alpha of these are found
  double found = options_.tolerance + 0.01;
  // Upwards from what is missed: a miss is seen after few runs, a find takes all.
  while (!Finds(found, blocks)) {
    if (found >= kLargestChange) return std::nullopt;
    missed = found;
    found = std::min(options_.tolerance + 2 * (found - options_.tolerance), kLargestChange);
  }
  while (found - missed > kPrecision) {
    const double middle = (missed + found) / 2;
    (Finds(middle, blocks) ? found : missed) = middle;
  }
  return found;
}

std::optional<int> Sensitivity::BlocksFor(double change) {
  for (const regression::Look& look : regression::kAlarmLooks) {
    const int blocks = static_cast<int>(look.blocks);
    if (blocks > kMostBlocks) break;
    if (Finds(change, blocks)) return blocks;
  }
  return std::nullopt;
}

}  // namespace assay::selftest
