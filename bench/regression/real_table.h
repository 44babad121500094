// The tables of regression_real_traces.
#ifndef ASSAY_BENCH_REGRESSION_REAL_TABLE_H_
#define ASSAY_BENCH_REGRESSION_REAL_TABLE_H_

#include "bench/regression/trace.h"

namespace assay::regression {

// What assay says of the traces beside what is required; false where a figure is not met. Kinds of
// traces that there are none of are left out.
bool PrintFigures(const Traces& traces);

// The same data by the rules of other tools.
void PrintAnchorRules(const Traces& traces);

// By row: noise, and the effect that was really there.
void PrintRows(const Traces& traces);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_REAL_TABLE_H_
