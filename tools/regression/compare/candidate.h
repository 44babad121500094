// One metric of one benchmark on its way to a verdict: the same for reports and for
// executables.
//
// Metrics are compared as ratios. A zero has none: two zeros are equal, zero on one
// side only is a change beyond any tolerance ("errors 0, then 5"), except for a clock,
// where it means that nothing was measured. A negative value is NOT COMPARABLE.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_CANDIDATE_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_CANDIDATE_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/regression/compare/comparison.h"

namespace assay::regression {

struct Candidate {
  Row row{};
  std::optional<Evidence> evidence{};  // for Decide(), as costs; nothing: the row is final
  bool higher_is_better = false;       // the decision has to be turned round for the row
};

// A row for what is no question of numbers: missing, new, not comparable.
Row SettledRow(const std::string& benchmark, const std::string& metric, Verdict verdict,
               std::string reason);
// The same for the clock that a benchmark of this name is judged by.
Row SettledTimeRow(const std::string& benchmark, Verdict verdict, std::string reason);

// `measured` has the values of both sides and, for grade A, the blocks, all of the
// metric itself; NaN stands for a launch without it. A metric that one side lacks is
// MISSING or NEW, or for the clock of a benchmark NOT COMPARABLE; nothing when both
// sides lack a counter.
std::optional<Candidate> CandidateOf(const std::string& benchmark, const GatedMetric& metric,
                                     Evidence measured);

// Decides all that have evidence as one family. Afterwards each row's effect and
// interval are of the metric itself: a rate that fell is REGRESSED with an effect below 0.
std::vector<Row> DecideRows(std::vector<Candidate> candidates, const DecideOptions& options);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_CANDIDATE_H_
