#include "tools/regression/compare/exact.h"

#include <cmath>

#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

// A difference from zero has no ratio; Decision::effect says what stands for it.
double EffectOf(double base, double head) {
  if (base == head) return 0;
  if (base == 0) return head > 0 ? std::expm1(700.0) : -1;
  return (head - base) / std::fabs(base);  // net_heap_growth may be negative
}

}  // namespace

std::optional<Row> ExactRow(const std::string& benchmark, const std::string& counter,
                            std::span<const double> base, std::span<const double> head,
                            const std::string& where, const CompareOptions& options) {
  if (!IsExact(counter)) return std::nullopt;
  const auto before = ExactCount(base), after = ExactCount(head);
  if (!before || !after) return std::nullopt;
  Row row{.benchmark = benchmark, .metric = counter, .grade = Grade::kA};
  row.base = *before;
  row.head = *after;
  row.decision.effect = EffectOf(row.base, row.head);
  row.decision.low = row.decision.high = row.decision.effect;
  if (options.report_only) {
    row.grade = Grade::kD;
    row.decision.reason = "report only";
    return row;
  }
  row.decision.verdict = row.head > row.base   ? Verdict::kRegressed
                         : row.head < row.base ? Verdict::kImproved
                                               : Verdict::kEquivalent;
  row.decision.reason = "exact: the same in every " + where;
  return row;
}

}  // namespace assay::regression
