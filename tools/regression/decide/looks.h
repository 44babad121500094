// When grade A looks at its blocks, and which share of alpha each look may spend.
//
// The shares of a schedule add up to at most 1, so by Bonferroni's inequality a
// test that rejects when p <= share × alpha at any of its looks errs with chance at
// most alpha, whatever the dependence between looks and whenever one stops. The
// same test in one number is the running minimum of p ÷ share, an anytime-valid
// p-value. (Alpha spending: Lan and DeMets, Biometrika 1983.)
//
// Bonferroni is nearly free when few looks carry the weight. Chosen by
// bench/regression/monte_carlo.cc: against a threshold of 0.001 (0.05 among 50
// benchmarks) a single look at 32 blocks finds 96.6 % of +5 % changes (tolerance
// 3 %, normal noise of 2 %); kAlarmLooks finds 95 % and large changes at 14 blocks.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_LOOKS_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_LOOKS_H_

#include <array>
#include <cstddef>

namespace assay::regression {

struct Look {
  std::size_t blocks;
  double share;
};

// For REGRESSED and IMPROVED, whose thresholds are small: few looks. n blocks that
// all agree give p = 2^-n, so 9 blocks can convict one benchmark alone at 0.05, 14
// blocks one of a hundred, 32 blocks one of ten million.
inline constexpr std::array<Look, 10> kAlarmLooks{{{9, 0.04},
                                                   {14, 0.125},
                                                   {23, 0.09},
                                                   {32, 0.68},
                                                   {48, 0.02},
                                                   {64, 0.015},
                                                   {96, 0.01},
                                                   {128, 0.01},
                                                   {192, 0.005},
                                                   {256, 0.005}}};

// For the interval and so for EQUIVALENT: the usual end of a run, thus many looks.
inline constexpr std::array<Look, 13> kIntervalLooks{{{9, 0.1},
                                                      {11, 0.1},
                                                      {13, 0.1},
                                                      {15, 0.1},
                                                      {18, 0.1},
                                                      {22, 0.1},
                                                      {27, 0.1},
                                                      {32, 0.2},
                                                      {48, 0.03},
                                                      {64, 0.03},
                                                      {96, 0.02},
                                                      {128, 0.01},
                                                      {256, 0.01}}};

inline constexpr std::size_t kMostBlocks = 256;  // later blocks are not looked at

template <std::size_t n>
constexpr bool SpendsAtMostAll(const std::array<Look, n>& looks) {
  double sum = 0;
  for (const Look& look : looks) sum += look.share;
  return sum < 1 + 1e-12;
}
static_assert(SpendsAtMostAll(kAlarmLooks) && SpendsAtMostAll(kIntervalLooks));
static_assert(kAlarmLooks.back().blocks == kMostBlocks &&
              kIntervalLooks.back().blocks == kMostBlocks);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_LOOKS_H_
