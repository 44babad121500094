// Runs a benchmark program against itself: first some plain launches with
// repetitions, as compare.py would be given, then randomised interleaved blocks. All
// rows go through all blocks, decided or not. What it means, judge.h says.
#ifndef ASSAY_TOOLS_SELFTEST_SELF_COMPARISON_H_
#define ASSAY_TOOLS_SELFTEST_SELF_COMPARISON_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/result.h"
#include "tools/regression/run/block_runner.h"

namespace assay::selftest {

struct SelfComparisonOptions {
  std::uint64_t seed = 1;
  Duration budget = std::chrono::seconds(40);  // two launches and one block always run
  double min_time_s = 0.004;                   // of a repetition
  int launches = 8;                            // at the most, in a quarter of the budget
  int repetitions = 9;                         // of each: what compare.py asks for
  int max_blocks = 32;
  int block_repetitions = 3;
  std::string filter = ".";
  std::function<TimePoint()> now = [] { return SteadyClock().Now(); };
};

struct SelfComparison {
  std::vector<std::string> names{};  // in the program's order
  // By row: the repetitions of each plain launch, on the row's clock.
  std::map<std::string, std::vector<std::vector<double>>> launches{};
  regression::BlockOutcome outcome{};
  Duration block{};  // how long one took, on average
};

// A line for people now and then; may be empty.
using Progress = std::function<void(const std::string&)>;

// How many launches or blocks there will be: `least` (at least 1) whatever the time,
// then more as long as the next one, as long as those before, ends within the budget.
struct Pace {
  int least = 1;
  int most = 1;
  Duration budget{};
};
bool MayBegin(const Pace& pace, int done, Duration elapsed);

// kIo or kTimeout with the phase, "A/A launches: …" or "A/A blocks: …", when the
// program cannot be run or no row of it can be measured.
Result<SelfComparison> CompareWithItself(const regression::BenchmarkProgram& program,
                                         const SelfComparisonOptions& options,
                                         const Progress& progress);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_SELF_COMPARISON_H_
