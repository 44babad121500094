// What one benchmark shows on its own, by the rule of its grade, before Holm.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_FINDING_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_FINDING_H_

#include "tools/regression/decide/block_evidence.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/decide/rank_tails.h"

namespace assay::regression {

// Grade C: how far one file may lie from another by luck of its process alone. The
// median of 10 repetitions of the same binary differed between two files by up to
// × 1.2 at the 99th percentile of comparisons and × 1.5 at the 99.9th; × 1.6 beyond
// the tolerance keeps false REGRESSED below 0.1 % and leaves a true × 2 in reach.
inline constexpr double kGuardBand = 1.6;
inline constexpr double kFileLuck = 1.2;  // widens the interval of grade C

inline constexpr std::size_t kFewestProcesses = 5;    // a side, for grade B
inline constexpr std::size_t kFewestRepetitions = 3;  // a side, for grade C

struct Finding {
  Decision decision{};  // all but verdict, more_blocks and the reason of grades A and B
  Conclusion conclusion = Conclusion::kNone;
  bool in_family = false;  // REGRESSED and IMPROVED need Holm's consent (A and B)
};

Finding FindInBlocks(const Evidence& evidence, const DecideOptions& options, TailCache& tails);
Finding FindInProcesses(const Evidence& evidence, const DecideOptions& options, TailCache& tails);
Finding FindInOneFile(const Evidence& evidence, const DecideOptions& options, TailCache& tails);
Finding ReportOnly(const Evidence& evidence);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_FINDING_H_
