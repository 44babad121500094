// The tables of regression_monte_carlo, a file each, and what they share.
#ifndef ASSAY_BENCH_REGRESSION_MONTE_CARLO_H_
#define ASSAY_BENCH_REGRESSION_MONTE_CARLO_H_

#include <vector>

#include "bench/regression/noise.h"
#include "tools/regression/decide/decide.h"

namespace assay::regression {

inline constexpr int kFamily = 50;  // benchmarks; one of them differs, which is the hardest case
inline constexpr double kAlpha = 0.05;

// What one comparison comes to.
struct Outcome {
  Verdict verdict = Verdict::kInconclusive;
  int blocks = kBlocks;
};

// The middle of the values, which are reordered.
int MiddleOf(std::vector<int>& values);

// A number of blocks, or ">32". Valid until the next call.
const char* BlocksText(int blocks);

void PrintEngines(int trials);       // engine_table.cc
void PrintRequirements(int trials);  // required_table.cc
void PrintAnchors(int comparisons);  // file_tables.cc
void PrintGradeB(int trials);
void PrintCost();  // required_table.cc

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_MONTE_CARLO_H_
