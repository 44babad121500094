// Holm's step-down method (Scandinavian Journal of Statistics 1979).
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_HOLM_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_HOLM_H_

#include <span>
#include <vector>

namespace assay::regression {

// Which hypotheses are rejected so that the chance of any false rejection is at most
// `alpha`, under any dependence between the p-values. Lowering a p-value never
// takes back a rejection, so it may be applied to running minima after every block.
std::vector<bool> HolmRejects(std::span<const double> p, double alpha);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_HOLM_H_
