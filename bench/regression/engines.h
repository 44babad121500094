// Candidates for the engine of tools/regression/decide: each an anytime-valid p-value of "the
// centre is not above the margin" after every block.
#ifndef ASSAY_BENCH_REGRESSION_ENGINES_H_
#define ASSAY_BENCH_REGRESSION_ENGINES_H_

#include <array>
#include <span>

#include "bench/regression/noise.h"

namespace assay::regression {

using Path = std::array<double, kBlocks>;
using Engine = Path (*)(const Blocks&, double margin);

struct NamedEngine {
  const char* name;
  Engine alarm;
  Engine interval;
};

// The last one is in use.
std::span<const NamedEngine> Engines();

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_ENGINES_H_
