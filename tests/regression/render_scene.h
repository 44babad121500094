// A comparison with a row of each kind: the scene of the render tests.
#ifndef ASSAY_TESTS_REGRESSION_RENDER_SCENE_H_
#define ASSAY_TESTS_REGRESSION_RENDER_SCENE_H_

#include <string>

#include "tools/regression/render/render.h"

namespace assay::regression::render_scene {

inline Row MakeRow(const std::string& name, Verdict verdict, double base, double head) {
  Row row{.benchmark = name, .metric = "cpu_time", .grade = Grade::kA, .tolerance = 0.03};
  row.base = base;
  row.head = head;
  row.decision.verdict = verdict;
  row.decision.effect = base > 0 ? head / base - 1 : 0;
  row.decision.low = row.decision.effect - 0.01;
  row.decision.high = row.decision.effect + 0.01;
  return row;
}

inline Comparison Example() {
  Comparison comparison;
  comparison.rows = {MakeRow("equal", Verdict::kEquivalent, 100, 100),
                     MakeRow("worse", Verdict::kRegressed, 100, 120),
                     MakeRow("worst", Verdict::kRegressed, 1e6, 3e6),
                     MakeRow("unclear", Verdict::kInconclusive, 1000, 1040),
                     MakeRow("gone", Verdict::kMissing, 0, 0)};
  comparison.rows[3].decision.more_blocks = 12;
  comparison.conditions.warnings = {"load was high"};
  Summarize(comparison);
  return comparison;
}

}  // namespace assay::regression::render_scene

#endif  // ASSAY_TESTS_REGRESSION_RENDER_SCENE_H_
