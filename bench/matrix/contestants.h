// Who takes part in the rows of a matrix.
#ifndef ASSAY_BENCH_MATRIX_CONTESTANTS_H_
#define ASSAY_BENCH_MATRIX_CONTESTANTS_H_

#include <vector>

#include "assay/engines/engines.h"

namespace assay::bench {

// The floor of bench/peers, and every engine that can run here.
std::vector<EngineKind> FloorAndEngines();

}  // namespace assay::bench

#endif  // ASSAY_BENCH_MATRIX_CONTESTANTS_H_
