// Evidence with known truth for the tests of Decide().
#ifndef ASSAY_TESTS_REGRESSION_DECIDE_EVIDENCE_H_
#define ASSAY_TESTS_REGRESSION_DECIDE_EVIDENCE_H_

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "assay/core/hash.h"
#include "tools/regression/decide/decide.h"

namespace assay::regression {

// n values evenly spread over center ± spread, by draw.
inline std::vector<double> Around(double center, double spread, std::size_t n, std::uint64_t key) {
  std::vector<double> values;
  for (std::uint64_t i = 0; i < n; ++i) {
    values.push_back(center + spread * (2 * UnitInterval(Draw(9, "decide", key, i)) - 1));
  }
  return values;
}

inline Evidence Blocks(double center, double spread, std::size_t n, std::uint64_t key = 1) {
  Evidence evidence;
  evidence.grade = Grade::kA;
  evidence.blocks = Around(center, spread, n, key);
  return evidence;
}

inline Evidence Values(Grade grade, std::vector<double> base, std::vector<double> head) {
  Evidence evidence;
  evidence.grade = grade;
  evidence.base = std::move(base);
  evidence.head = std::move(head);
  return evidence;
}

// n values a side, 1 % around 100 and around 100 × ratio.
inline Evidence Sides(Grade grade, double ratio, std::size_t n) {
  return Values(grade, Around(100, 1, n, 1), Around(100 * ratio, ratio, n, 2));
}

inline Decision Only(const Evidence& evidence, const DecideOptions& options = {}) {
  return Decide({&evidence, 1}, options).at(0);
}

inline void ExpectDefined(const Decision& decision) {
  EXPECT_TRUE(std::isfinite(decision.effect));
  EXPECT_FALSE(std::isnan(decision.low));
  EXPECT_FALSE(std::isnan(decision.high));
  EXPECT_LE(decision.low, decision.effect);
  EXPECT_GE(decision.high, decision.effect);
  EXPECT_GE(decision.p_regressed, 0);
  EXPECT_LE(decision.p_regressed, 1);
  EXPECT_GE(decision.p_improved, 0);
  EXPECT_LE(decision.p_improved, 1);
}

}  // namespace assay::regression

#endif  // ASSAY_TESTS_REGRESSION_DECIDE_EVIDENCE_H_
