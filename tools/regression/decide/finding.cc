#include "tools/regression/decide/finding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// head ÷ base - 1. A finite logarithm stays a finite ratio, so that a change from
// zero, which has no ratio, still prints and sorts as a very large one.
double Relative(double log_ratio) {
  constexpr double kLargest = 700;
  return std::isinf(log_ratio) ? (log_ratio > 0 ? kInfinity : -1.0)
                               : std::expm1(std::min(log_ratio, kLargest));
}

void SetInterval(Decision& decision, double center, double low, double high) {
  decision.effect = Relative(center);
  decision.low = Relative(std::min(low, center));
  decision.high = Relative(std::max(high, center));
}

Finding Unusable(std::string reason) {
  Finding finding;
  finding.decision.low = -1;
  finding.decision.high = kInfinity;
  finding.decision.reason = std::move(reason);
  return finding;
}

constexpr const char* kRaiseC =
    "one file per side rarely proves anything: give two executables or five files per side";

}  // namespace

Finding FindInBlocks(const Evidence& evidence, const DecideOptions& options, TailCache& tails) {
  const BlockEvidence weighed = WeighBlocks(evidence.blocks,
                                            {.margin = std::log1p(evidence.tolerance),
                                             .alpha = options.alpha,
                                             .alpha_equal = options.alpha_equal},
                                            tails);
  Finding finding{.conclusion = weighed.conclusion, .in_family = true};
  // After a drift the estimate from all blocks may leave what earlier looks allowed.
  const double center = std::clamp(weighed.center, weighed.low, weighed.high);
  SetInterval(finding.decision, center, weighed.low, weighed.high);
  finding.decision.p_regressed = weighed.p_regressed;
  finding.decision.p_improved = weighed.p_improved;
  if (weighed.drifts) finding.decision.reason = "the difference changed during the run";
  return finding;
}

Finding FindInProcesses(const Evidence& evidence, const DecideOptions& options, TailCache& tails) {
  if (!Usable(evidence.base) || !Usable(evidence.head)) {
    return Unusable("a value is negative, infinite or not a number");
  }
  if (std::min(evidence.base.size(), evidence.head.size()) < kFewestProcesses) {
    return Unusable("fewer than five values per side: give five files per side");
  }
  const double margin = std::log1p(evidence.tolerance);
  const TwoSamples samples(Logarithms(evidence.base), Logarithms(evidence.head), tails);
  const double low = samples.LowerBound(options.alpha_equal / 2);
  const double high = samples.UpperBound(options.alpha_equal / 2);
  Finding finding{.in_family = true};
  SetInterval(finding.decision, samples.center(), low, high);
  finding.decision.p_regressed = samples.PAbove(margin);
  finding.decision.p_improved = samples.PBelow(-margin);
  if (finding.decision.p_regressed <= options.alpha) {
    finding.conclusion = Conclusion::kRegressed;
  } else if (finding.decision.p_improved <= options.alpha) {
    finding.conclusion = Conclusion::kImproved;
  } else if (low > -margin && high < margin) {
    finding.conclusion = Conclusion::kEquivalent;
  }
  return finding;
}

// Repetitions say how stable one process was, not how processes differ. So they may
// veto (they must separate) but the guard band decides; p-values stay at 1.
Finding FindInOneFile(const Evidence& evidence, const DecideOptions& options, TailCache& tails) {
  if (std::min(evidence.base.size(), evidence.head.size()) < kFewestRepetitions) {
    return ReportOnly(evidence);
  }
  if (!Usable(evidence.base) || !Usable(evidence.head)) {
    return Unusable("a value is negative, infinite or not a number");
  }
  const std::vector<double> base = Logarithms(evidence.base);
  const std::vector<double> head = Logarithms(evidence.head);
  const TwoSamples samples(base, head, tails);
  const double center = Median(head) - Median(base);
  const double luck = std::log(options.alpha_equal < 0.01 ? kGuardBand : kFileLuck);
  Finding finding;
  SetInterval(finding.decision, center, samples.LowerBound(options.alpha_equal / 2) - luck,
              samples.UpperBound(options.alpha_equal / 2) + luck);
  const double guard = std::log1p(evidence.tolerance) + std::log(kGuardBand);
  if (center > guard && samples.PAbove(0) <= options.alpha) {
    finding.conclusion = Conclusion::kRegressed;
  } else if (center < -guard && samples.PBelow(0) <= options.alpha) {
    finding.conclusion = Conclusion::kImproved;
  }
  finding.decision.reason = kRaiseC;
  return finding;
}

Finding ReportOnly(const Evidence& evidence) {
  if (evidence.base.empty() || evidence.head.empty()) return Unusable("no values on one side");
  if (!Usable(evidence.base) || !Usable(evidence.head)) {
    return Unusable("a value is negative, infinite or not a number");
  }
  Finding finding = Unusable(
      "single values or aggregates prove nothing: give two executables or "
      "five files per side");
  finding.decision.effect =
      Relative(Median(Logarithms(evidence.head)) - Median(Logarithms(evidence.base)));
  return finding;
}

}  // namespace assay::regression
