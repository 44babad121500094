// Two benchmark executables, run in turn until every benchmark is decided.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_PROGRAM_COMPARISON_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_PROGRAM_COMPARISON_H_

#include <string>

#include "assay/core/result.h"
#include "tools/regression/compare/comparison.h"
#include "tools/regression/run/block_runner.h"

namespace assay::regression {

struct ProgramComparison {
  Comparison comparison{};
  BlockOutcome::Stop stop = BlockOutcome::Stop::kDecided;
  int blocks = 0;
};

// True for a regular file that may be executed: a side that is run, not read.
bool IsProgram(const std::string& path);

// Grade A for everything that both sides have: the time, CompareOptions::metrics, and
// exact counters as soon as there is a block. After each block a benchmark goes on as
// long as one of its metrics is undecided. A run that is cancelled or out of time gives what has
// been decided by then. An error when a side cannot be run.
Result<ProgramComparison> ComparePrograms(const std::string& base, const std::string& head,
                                          const CompareOptions& options, const BlockOptions& blocks,
                                          const BlockRunner::ProgressSink& progress);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_PROGRAM_COMPARISON_H_
