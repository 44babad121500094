// How small a slow-down the block test finds, given the noise of this machine.
//
// By simulation: a run of n blocks is drawn from the block values that an A/A
// comparison gave, centred, each with a sign from a fair coin (that is what the
// random order of a block does to its noise), and shifted by the slow-down. It is
// found when regression::WeighBlocks convicts it under the threshold that Holm's
// method sets for one slower benchmark among `family`, alpha ÷ family. What it
// assumes: noise that goes on as it was during the A/A run, and blocks that do not
// depend on each other.
//
// Pure: the same values, options and seed give the same answer.
#ifndef ASSAY_TOOLS_SELFTEST_SENSITIVITY_H_
#define ASSAY_TOOLS_SELFTEST_SENSITIVITY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/regression/decide/rank_tails.h"

namespace assay::selftest {

inline constexpr std::size_t kFewestBlocks = 5;  // to know the noise of a row at all
inline constexpr int kMostBlocks = 128;          // more are not tried
inline constexpr double kLargestChange = 3;      // ×4; larger ones are not tried

struct SensitivityOptions {
  double tolerance = 0.03;  // of the comparison, > 0
  double alpha = 0.05;      // of the whole family
  double alpha_equal = 0.05;
  std::size_t family = 1;  // benchmarks in the comparison
  double power = 0.95;     // share of the runs that must find it
  int runs = 400;          // simulated for each question
  std::uint64_t seed = 1;
};

class Sensitivity {
 public:
  // `blocks`: log(head / base) of an A/A comparison, at least one.
  Sensitivity(std::span<const double> blocks, const SensitivityOptions& options);

  // Whether `blocks` blocks find a relative slow-down of `change` often enough.
  bool Finds(double change, int blocks);

  // The smallest slow-down that is found, to 0.0005 and rounded up; none up to
  // kLargestChange.
  std::optional<double> SmallestFound(int blocks);

  // The first look (regression/decide/looks.h) by which `change` is found; none up to
  // kMostBlocks.
  std::optional<int> BlocksFor(double change);

 private:
  bool FoundInRun(int run, double shift, int blocks);

  std::vector<double> noise_;
  SensitivityOptions options_;
  regression::TailCache tails_;
};

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_SENSITIVITY_H_
