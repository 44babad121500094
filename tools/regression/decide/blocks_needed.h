// How many more blocks an undecided benchmark of grade A will probably need.
#ifndef ASSAY_TOOLS_REGRESSION_DECIDE_BLOCKS_NEEDED_H_
#define ASSAY_TOOLS_REGRESSION_DECIDE_BLOCKS_NEEDED_H_

#include <optional>
#include <span>

namespace assay::regression {

struct Outlook {
  double center = 0;          // log(head ÷ base), estimate
  double margin = 0;          // log(1 + tolerance)
  double alarm_level = 0;     // what p must reach now: alpha ÷ the undecided of the family
  double interval_level = 0;  // for each side of the interval
};

// Blocks up to the first look that decides with a chance of about 80 % if the
// centre and the spread stay what they are; none if no look is likely to. A guess
// for planning: the normal approximation of the signed-rank test, whose efficiency
// is 3 ÷ pi. Nothing that is decided depends on it.
std::optional<int> BlocksNeeded(std::span<const double> blocks, const Outlook& outlook);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_DECIDE_BLOCKS_NEEDED_H_
