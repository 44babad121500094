#include "tools/regression/decide/block_evidence.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <vector>

#include "tools/regression/decide/looks.h"

namespace assay::regression {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Beyond any log ratio of doubles, and averages of it stay finite.
constexpr double kHuge = 1500;

// Evidence that the centre is large. That it is small is the same of the negated
// blocks, which makes the mirror image under a swap of base and head exact.
class UpwardEvidence {
 public:
  UpwardEvidence(std::span<const double> blocks, double sign) {
    values_.reserve(blocks.size());
    for (const double block : blocks) {
      // Not a number speaks against "large" here and against "small" in the mirror.
      values_.push_back(std::isnan(block) ? -kHuge : std::clamp(sign * block, -kHuge, kHuge));
    }
  }

  // Takes in the first `blocks` values.
  void Advance(std::size_t blocks) {
    for (; taken_ < blocks; ++taken_) {
      for (std::size_t other = 0; other <= taken_; ++other) {
        averages_.push_back((values_[other] + values_[taken_]) / 2);
      }
    }
  }

  // The signed-rank statistic is the number of averages above the margin; equality
  // (a zero, or a tie of magnitudes with opposite signs) counts against rejection.
  double P(double margin, std::span<const double> tail) const {
    const auto above = std::count_if(averages_.begin(), averages_.end(),
                                     [margin](double average) { return average > margin; });
    return tail[static_cast<std::size_t>(above)];
  }

  // Every margin below this is rejected at `level`.
  double LowerBound(double level, std::span<const double> tail) {
    const std::size_t needed = CriticalCount(tail, level);
    if (needed > averages_.size() || needed == 0) return -kInfinity;
    const auto bound = averages_.begin() + static_cast<std::ptrdiff_t>(needed - 1);
    std::nth_element(averages_.begin(), bound, averages_.end(), std::greater<>());
    return *bound <= -kHuge / 2 ? -kInfinity : *bound;
  }

  double Median() {
    const auto middle = averages_.begin() + static_cast<std::ptrdiff_t>(averages_.size() / 2);
    std::nth_element(averages_.begin(), middle, averages_.end());
    if (averages_.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(averages_.begin(), middle)) / 2;
  }

 private:
  std::vector<double> values_;
  std::vector<double> averages_;
  std::size_t taken_ = 0;
};

class Weighing {
 public:
  Weighing(std::span<const double> blocks, const BlockLevels& levels, TailCache& tails)
      : up_(blocks, 1), down_(blocks, -1), levels_(levels), tails_(tails) {
    evidence_.low = -kInfinity;
    evidence_.high = kInfinity;
  }

  void AlarmAt(const Look& look) {
    const std::vector<double>& tail = Advance(look);
    Lower(evidence_.p_regressed, up_.P(levels_.margin, tail) / look.share, Conclusion::kRegressed);
    Lower(evidence_.p_improved, down_.P(levels_.margin, tail) / look.share, Conclusion::kImproved);
  }

  void IntervalAt(const Look& look) {
    const std::vector<double>& tail = Advance(look);
    const double level = levels_.alpha_equal / 2 * look.share;
    const double low = std::max(evidence_.low, up_.LowerBound(level, tail));
    const double high = std::min(evidence_.high, -down_.LowerBound(level, tail));
    if (low > high) {
      evidence_.drifts = true;
      return;
    }
    evidence_.low = low;
    evidence_.high = high;
    if (low > -levels_.margin && high < levels_.margin) Set(Conclusion::kEquivalent);
  }

  const BlockEvidence& evidence() const { return evidence_; }

 private:
  const std::vector<double>& Advance(const Look& look) {
    up_.Advance(look.blocks);
    down_.Advance(look.blocks);
    return tails_.SignedRank(look.blocks);
  }

  void Set(Conclusion conclusion) {
    if (evidence_.conclusion == Conclusion::kNone) evidence_.conclusion = conclusion;
  }

  void Lower(double& p, double candidate, Conclusion conclusion) {
    if (evidence_.conclusion != Conclusion::kNone && evidence_.conclusion != conclusion) return;
    p = std::min(p, candidate);
    if (p <= levels_.alpha) Set(conclusion);
  }

  UpwardEvidence up_;
  UpwardEvidence down_;
  BlockLevels levels_;
  TailCache& tails_;
  BlockEvidence evidence_;
};

// Of the numbers among the blocks; 0 if there are none.
double Center(std::span<const double> blocks) {
  std::vector<double> numbers;
  std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(numbers),
               [](double block) { return !std::isnan(block); });
  if (numbers.empty()) return 0;
  UpwardEvidence all(numbers, 1);
  all.Advance(numbers.size());
  return all.Median();
}

}  // namespace

BlockEvidence WeighBlocks(std::span<const double> blocks, const BlockLevels& levels,
                          TailCache& tails) {
  blocks = blocks.first(std::min(blocks.size(), kMostBlocks));
  Weighing weighing(blocks, levels, tails);
  // Both schedules in the order of time; at the same block the alarm goes first.
  auto interval = kIntervalLooks.begin();
  for (const Look& alarm : kAlarmLooks) {
    for (; interval->blocks < alarm.blocks && interval->blocks <= blocks.size(); ++interval) {
      weighing.IntervalAt(*interval);
    }
    if (alarm.blocks > blocks.size()) break;
    weighing.AlarmAt(alarm);
  }
  if (interval != kIntervalLooks.end() && interval->blocks <= blocks.size()) {
    weighing.IntervalAt(*interval);
  }
  BlockEvidence evidence = weighing.evidence();
  evidence.center = Center(blocks);
  return evidence;
}

}  // namespace assay::regression
