#include "tools/selftest/judge.h"

#include <chrono>

#include "tools/regression/compare/metric.h"
#include "tools/regression/decide/two_samples.h"
#include "tools/selftest/sensitivity.h"
#include "tools/selftest/statistics.h"

namespace assay::selftest {
namespace {

using regression::Verdict;

// The clock that the row went by. A row that was not comparable has none.
const regression::MetricSeries& Times(const SelfComparison& comparison, const std::string& name) {
  const auto& medians = comparison.outcome.values.at(name).medians;
  return medians.at(std::string(regression::ClockOf(name)));
}

double MedianTime(const regression::MetricSeries& times) {
  std::vector<double> all = times.base;
  all.insert(all.end(), times.head.begin(), times.head.end());
  return regression::Median(all);
}

SelfRow Measured(const std::string& name, const SelfComparison& comparison) {
  SelfRow row{.name = name};
  const auto& outcome = comparison.outcome;
  if (const auto trouble = outcome.not_comparable.find(name);
      trouble != outcome.not_comparable.end()) {
    row.trouble = trouble->second;
    return row;
  }
  const regression::MetricSeries& times = Times(comparison, name);
  row.blocks = times.blocks.size();
  row.block_sd = StandardDeviation(times.blocks);
  row.median_ns = MedianTime(times);
  if (const auto launches = comparison.launches.find(name); launches != comparison.launches.end()) {
    const PairCount count = CountDifferentPairs(launches->second);
    row.pairs = count.pairs;
    row.pairs_different = count.different;
  }
  return row;
}

void AddSensitivity(const std::vector<double>& values, const SensitivityOptions& options,
                    const Report& report, SelfRow& row) {
  if (values.size() < kFewestBlocks) return;
  Sensitivity sensitivity(values, options);
  row.sensitivity_known = true;
  row.detects = sensitivity.SmallestFound(report.planned_blocks);
  row.blocks_for_change = sensitivity.BlocksFor(report.change);
}

}  // namespace

void Judge(const SelfComparison& comparison, Report& report) {
  report.blocks = comparison.outcome.blocks;
  report.block_seconds = std::chrono::duration<double>(comparison.block).count();
  report.most_blocks = kMostBlocks;
  report.rows.clear();
  std::vector<regression::Evidence> evidence;
  for (const std::string& name : comparison.names) {
    report.rows.push_back(Measured(name, comparison));
    if (!report.rows.back().trouble.empty()) continue;
    evidence.push_back({.grade = regression::Grade::kA,
                        .tolerance = report.tolerance,
                        .blocks = Times(comparison, name).blocks});
  }
  const regression::DecideOptions decide;
  const auto decisions = regression::Decide(evidence, decide);
  const SensitivityOptions sensitivity{.tolerance = report.tolerance,
                                       .alpha = decide.alpha,
                                       .alpha_equal = decide.alpha_equal,
                                       .family = evidence.size(),
                                       .power = report.power,
                                       .runs = report.simulations,
                                       .seed = report.seed};
  std::size_t next = 0;
  for (SelfRow& row : report.rows) {
    if (!row.trouble.empty()) continue;
    row.decision = decisions[next];
    AddSensitivity(evidence[next].blocks, sensitivity, report, row);
    ++next;
  }
}

std::vector<std::string> FalseAlarms(const Report& report) {
  std::vector<std::string> names;
  for (const SelfRow& row : report.rows) {
    const bool wrong =
        row.decision.verdict == Verdict::kRegressed || row.decision.verdict == Verdict::kImproved;
    if (wrong) names.push_back(row.name);
  }
  return names;
}

}  // namespace assay::selftest
