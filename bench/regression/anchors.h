// The rules of other tools for two reports with repetitions, beside ours.
#ifndef ASSAY_BENCH_REGRESSION_ANCHORS_H_
#define ASSAY_BENCH_REGRESSION_ANCHORS_H_

#include <span>
#include <vector>

namespace assay::regression {

// Of one benchmark: the times of all repetitions, each > 0, at least two a side.
struct Files {
  std::vector<double> base{};
  std::vector<double> head{};
};

struct AnchorRule {
  const char* name;
  bool (*regressed)(const Files&);
};

// compare.py (either way, and slower), criterion, asv, a plain ratio, and last our grade C.
std::span<const AnchorRule> AnchorRules();

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_ANCHORS_H_
