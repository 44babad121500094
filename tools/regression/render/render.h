// A comparison for people and machines. Pure: text in memory, no files.
#ifndef ASSAY_TOOLS_REGRESSION_RENDER_RENDER_H_
#define ASSAY_TOOLS_REGRESSION_RENDER_RENDER_H_

#include <string>
#include <vector>

#include "tools/regression/compare/comparison.h"

namespace assay::regression {

// The benchmark, with the metric in brackets where that is no time.
std::string NameText(const Row& row);

// "12.3 ns", "4.56 ms"; a counter's value without a unit.
std::string ValueText(const Row& row, double value);

// The same for one side of a row; empty where that side has no such value.
std::string SideText(const Row& row, double value);

// EffectText() of the row; empty where a side has no value.
std::string ChangeText(const Row& row);

// "+3.2 %", "-50.0 %", "× 2.40" from + 100 % on; "from 0" for a change from zero.
std::string EffectText(double effect);

// The interval for the effect, "+1.2 … +3.4 %" or "+80.0 % … × 2.40"; empty when the row
// has none or it has no end.
std::string IntervalText(const Row& row);

// "≈ 12 more blocks" where that would probably decide; else empty.
std::string MoreBlocksText(const Row& row);

// Worst first: REGRESSED, NOT COMPARABLE, MISSING, INCONCLUSIVE, IMPROVED,
// EQUIVALENT, NEW; within a verdict the largest effect first, whatever its sign.
std::vector<Row> WorstFirst(std::vector<Row> rows);

// "2 REGRESSED, 1 INCONCLUSIVE, 40 EQUIVALENT", the geometric mean, and what would
// raise the grade, a line each.
std::vector<std::string> SummaryLines(const Comparison& comparison);

// A table of at most 100 columns, the summary and the warnings. How many blocks more a
// row needs is in it where no name gets shorter for it. `colour` adds ANSI
// escapes; red means REGRESSED and nothing else.
std::string RenderTerminal(const Comparison& comparison, bool colour);

// For a pull request: summary, a table of what needs a look, the rest folded away.
std::string RenderMarkdown(const Comparison& comparison);

// Versioned; see tools/regression/render/schema.md.
std::string RenderJson(const Comparison& comparison);

// One test case for each row: a failure for REGRESSED, MISSING and NOT COMPARABLE,
// skipped for INCONCLUSIVE.
std::string RenderJunit(const Comparison& comparison);

// GitHub's workflow commands: an error for each REGRESSED, a warning for each
// MISSING, NOT COMPARABLE and INCONCLUSIVE; at most ten of each kind.
std::string RenderGithub(const Comparison& comparison);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_RENDER_RENDER_H_
