// From an A/A comparison to rows of the report. Pure.
#ifndef ASSAY_TOOLS_SELFTEST_JUDGE_H_
#define ASSAY_TOOLS_SELFTEST_JUDGE_H_

#include <vector>

#include "tools/selftest/report.h"
#include "tools/selftest/self_comparison.h"

namespace assay::selftest {

// Fills everything that follows from the comparison: rows in the program's order,
// blocks, block_seconds. Takes seed, tolerance, change, planned_blocks, power and simulations
// from
// `report`. The family of the decisions, and of what is said about sensitivity, are
// the rows that could be measured.
void Judge(const SelfComparison& comparison, Report& report);

// The rows whose verdict is REGRESSED or IMPROVED: both sides were the same program.
std::vector<std::string> FalseAlarms(const Report& report);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_JUDGE_H_
