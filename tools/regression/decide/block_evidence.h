// What the blocks of one benchmark prove: grade A.
//
// A block's order (ABBA or BAAB) is a fair coin, so under "head = base × e^θ, apart
// from noise that does not know which binary runs" the sign of D - θ is a fair coin
// given everything else: autocorrelation, heavy tails, modes and load included. The
// exact signed-rank test of D - θ at the looks of looks.h is therefore valid without
// a model of the noise, and inverting it in θ gives the interval: an order statistic
// of the averages of pairs (Tukey 1949; Lehmann, Annals of Mathematical Statistics
// 1963). What it relies on: where the noise itself differs between the binaries and
// is skewed, θ is the pseudo-median of D, and tests at θ /= 0 are approximate.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_BLOCK_EVIDENCE_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_BLOCK_EVIDENCE_H_

#include <cstdint>
#include <span>

#include "tools/regression/decide/rank_tails.h"

namespace assay::regression {

// The first of these that the blocks showed, for good: see WeighBlocks.
enum class Conclusion : std::uint8_t { kNone, kRegressed, kImproved, kEquivalent };

// On the scale of logarithms. Infinite bounds where nothing is known.
struct BlockEvidence {
  Conclusion conclusion = Conclusion::kNone;
  double center = 0;  // Hodges-Lehmann estimate: median of the averages of pairs
  double low = 0;
  double high = 0;
  double p_regressed = 1;  // of "centre <= margin", valid at any time
  double p_improved = 1;   // of "centre >= -margin"
  bool drifts = false;     // a later look contradicts the interval of the earlier ones
};

struct BlockLevels {
  double margin = 0;       // log(1 + tolerance)
  double alpha = 0;        // a p-value above this never counts, whatever the family
  double alpha_equal = 0;  // of the interval, half on each side
};

// Judges every look in turn. `conclusion` is set by the first p-value at or below
// alpha, or the first interval inside (-margin, margin); from then on the p-values
// of the other directions stand still, so adding blocks can confirm a verdict or
// leave it open but never turn it into another one. Standing still only raises a
// p-value, so it stays valid. A block that is not a number counts against every
// conclusion; an infinite one is a very large one.
BlockEvidence WeighBlocks(std::span<const double> blocks, const BlockLevels& levels,
                          TailCache& tails);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_BLOCK_EVIDENCE_H_
