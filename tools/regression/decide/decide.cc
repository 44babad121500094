#include "tools/regression/decide/decide.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "tools/regression/decide/blocks_needed.h"
#include "tools/regression/decide/finding.h"
#include "tools/regression/decide/holm.h"
#include "tools/regression/decide/looks.h"

namespace assay::regression {
namespace {

Finding Find(const Evidence& evidence, const DecideOptions& options, TailCache& tails) {
  if (!(evidence.tolerance > 0) || std::isinf(evidence.tolerance)) {
    Finding finding = ReportOnly(evidence);
    finding.decision.reason = "the tolerance is not a number above 0";
    return finding;
  }
  switch (evidence.grade) {
    case Grade::kA: return FindInBlocks(evidence, options, tails);
    case Grade::kB: return FindInProcesses(evidence, options, tails);
    case Grade::kC: return FindInOneFile(evidence, options, tails);
    case Grade::kD: break;
  }
  return ReportOnly(evidence);
}

// One side of the family: Holm over grades A and B; grade C by its guard band alone.
struct Agreement {
  std::vector<bool> shown;
  double level = 0;  // what the smallest p-value not yet rejected has to reach
};

Agreement Consent(std::span<const Finding> findings, Conclusion conclusion, double alpha) {
  std::vector<double> p;
  for (const Finding& finding : findings) {
    if (!finding.in_family) continue;
    p.push_back(conclusion == Conclusion::kRegressed ? finding.decision.p_regressed
                                                     : finding.decision.p_improved);
  }
  const std::vector<bool> rejected = HolmRejects(p, alpha);
  const auto open = std::count(rejected.begin(), rejected.end(), false);
  Agreement side;
  side.level = alpha / static_cast<double>(std::max<std::ptrdiff_t>(open, 1));
  auto next = rejected.begin();
  for (const Finding& finding : findings) {
    const bool consent = finding.in_family ? *next++ : true;
    side.shown.push_back(consent && finding.conclusion == conclusion);
  }
  return side;
}

std::string WhyOpenA(const Evidence& evidence, const Finding& finding) {
  if (!finding.decision.reason.empty()) return finding.decision.reason;
  const std::size_t blocks = evidence.blocks.size();
  const std::size_t first = std::min(kAlarmLooks.front().blocks, kIntervalLooks.front().blocks);
  if (blocks < first) {
    return std::to_string(blocks) + " of at least " + std::to_string(first) + " blocks";
  }
  if (finding.conclusion != Conclusion::kNone) return "not yet sure among so many benchmarks";
  if (blocks >= kMostBlocks)
    return "too near the tolerance, or too noisy, for any number of blocks";
  return "the interval is not yet on one side of the tolerance";
}

std::string WhyOpenB(const Finding& finding) {
  if (!finding.in_family) return finding.decision.reason;
  if (finding.conclusion != Conclusion::kNone) {
    return "not sure among so many benchmarks: give two executables or more files per side";
  }
  return "the interval is not on one side of the tolerance: give two executables or more files "
         "per side";
}

void LeaveOpen(const Evidence& evidence, const Finding& finding, Outlook outlook,
               Decision& decision) {
  if (!finding.in_family && evidence.grade != Grade::kB) return;  // C and D have their reason
  decision.reason = evidence.grade == Grade::kA ? WhyOpenA(evidence, finding) : WhyOpenB(finding);
  if (evidence.grade != Grade::kA) return;
  outlook.center = std::log1p(std::max(decision.effect, -1 + 1e-300));
  outlook.margin = std::log1p(evidence.tolerance);
  decision.more_blocks = BlocksNeeded(evidence.blocks, outlook);
}

}  // namespace

std::string_view ToString(Grade grade) noexcept {
  static constexpr std::array<std::string_view, 4> kNames{"A", "B", "C", "D"};
  const auto index = static_cast<std::size_t>(grade);
  return index < kNames.size() ? kNames[index] : "?";
}

std::string_view ToString(Verdict verdict) noexcept {
  static constexpr std::array<std::string_view, 7> kNames{
      "REGRESSED", "IMPROVED", "EQUIVALENT", "INCONCLUSIVE", "MISSING", "NEW", "NOT COMPARABLE"};
  const auto index = static_cast<std::size_t>(verdict);
  return index < kNames.size() ? kNames[index] : "?";
}

std::vector<Decision> Decide(std::span<const Evidence> evidence, const DecideOptions& options) {
  TailCache tails;
  std::vector<Finding> findings;
  findings.reserve(evidence.size());
  for (const Evidence& item : evidence) findings.push_back(Find(item, options, tails));
  const Agreement regressed = Consent(findings, Conclusion::kRegressed, options.alpha);
  const Agreement improved = Consent(findings, Conclusion::kImproved, options.alpha);

  std::vector<Decision> decisions;
  decisions.reserve(evidence.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Decision decision = findings[i].decision;
    if (regressed.shown[i]) {
      decision.verdict = Verdict::kRegressed;
    } else if (improved.shown[i]) {
      decision.verdict = Verdict::kImproved;
    } else if (findings[i].conclusion == Conclusion::kEquivalent) {
      decision.verdict = Verdict::kEquivalent;
    } else {
      const Agreement& likely = decision.effect > 0 ? regressed : improved;
      LeaveOpen(evidence[i], findings[i],
                {.alarm_level = likely.level, .interval_level = options.alpha_equal / 2}, decision);
    }
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

}  // namespace assay::regression
