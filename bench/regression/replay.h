// What a comparison would have said of recorded blocks, had it measured them itself.
#ifndef ASSAY_BENCH_REGRESSION_REPLAY_H_
#define ASSAY_BENCH_REGRESSION_REPLAY_H_

#include <map>
#include <string>
#include <vector>

#include "bench/regression/anchors.h"
#include "bench/regression/trace.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/run/block.h"

namespace assay::regression {

// By row: BlockValue() of each block, in the order of time.
using RowBlocks = std::map<std::string, std::vector<double>>;

// The rounds of one `extra`, each with the block values of all rows. Rows that a block lacks make
// the round end there.
struct Round {
  RowBlocks values{};                  // log(head / base) of the medians, as BlockRunner has it
  std::map<std::string, Files> first{};  // repetitions of the first launch of each side …
  std::map<std::string, Files> all{};    // … and of all launches
};
std::vector<Round> RoundsOf(const Traces& traces, double extra);

struct Replayed {
  Verdict verdict = Verdict::kInconclusive;
  int blocks = 0;  // used until it was decided
};

// Decide() after every block, with every benchmark that is decided standing still from then on and
// those still open getting the next block, until none is open or the blocks are used up: the rule
// of ComparePrograms().
std::map<std::string, Replayed> Replay(const RowBlocks& recorded, double tolerance);

// Sample standard deviation; 0 of fewer than two.
double StandardDeviation(const std::vector<double>& values);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_REPLAY_H_
