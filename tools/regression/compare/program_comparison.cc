#include "tools/regression/compare/program_comparison.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "tools/regression/compare/metric.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

struct Decided {
  std::vector<std::string> names;
  std::vector<Decision> decisions;
};

Decided DecideBlocks(const BlockValues& values, const CompareOptions& options) {
  Decided decided;
  std::vector<Evidence> evidence;
  for (const auto& [name, blocks] : values) {
    decided.names.push_back(name);
    evidence.push_back({.grade = options.report_only ? Grade::kD : Grade::kA,
                        .tolerance = ToleranceFor(name, options),
                        .blocks = blocks});
  }
  decided.decisions = Decide(evidence, options.decide);
  return decided;
}

// What goes on after a block, and for how long probably.
MoreBlocks Undecided(const BlockValues& values, const CompareOptions& options) {
  const Decided decided = DecideBlocks(values, options);
  MoreBlocks more;
  for (std::size_t i = 0; i < decided.names.size(); ++i) {
    const Decision& decision = decided.decisions[i];
    if (decision.verdict != Verdict::kInconclusive) continue;
    more.benchmarks.insert(decided.names[i]);
    more.blocks = std::max(more.blocks.value_or(0), decision.more_blocks.value_or(1));
  }
  return more;
}

Row RowOf(const std::string& name, Verdict verdict, std::string reason) {
  Row row{.benchmark = name, .metric = std::string(ClockOf(name))};
  row.decision.verdict = verdict;
  row.decision.reason = std::move(reason);
  return row;
}

Comparison FromOutcome(const BlockOutcome& outcome, const CompareOptions& options) {
  Comparison comparison;
  if (outcome.base && outcome.head) {
    comparison.conditions = CheckConditions({*outcome.base}, {*outcome.head});
  }
  for (const std::string& note : outcome.notes) comparison.conditions.warnings.push_back(note);

  const Decided decided = DecideBlocks(outcome.values, options);
  for (std::size_t i = 0; i < decided.names.size(); ++i) {
    const std::string& name = decided.names[i];
    if (outcome.not_comparable.contains(name)) continue;
    Row row = RowOf(name, Verdict::kInconclusive, {});
    row.grade = Grade::kA;
    row.tolerance = ToleranceFor(name, options);
    row.decision = decided.decisions[i];
    if (const auto times = outcome.times.find(name); times != outcome.times.end()) {
      row.base = Median(times->second.base_ns);
      row.head = Median(times->second.head_ns);
    }
    comparison.rows.push_back(std::move(row));
  }
  for (const auto& [name, why] : outcome.not_comparable) {
    comparison.rows.push_back(RowOf(name, Verdict::kNotComparable, why));
  }
  for (const std::string& name : outcome.missing) {
    comparison.rows.push_back(RowOf(name, Verdict::kMissing, "only on the base side"));
  }
  for (const std::string& name : outcome.fresh) {
    comparison.rows.push_back(RowOf(name, Verdict::kNew, "only on the head side"));
  }
  Summarize(comparison);
  return comparison;
}

}  // namespace

bool IsProgram(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

Result<ProgramComparison> ComparePrograms(const std::string& base, const std::string& head,
                                          const CompareOptions& options, const BlockOptions& blocks,
                                          const BlockRunner::ProgressSink& progress) {
  BlockRunner runner(BenchmarkProgram(base), BenchmarkProgram(head), blocks);
  auto outcome = runner.RunBlocks(
      [&](const BlockValues& values) { return Undecided(values, options); }, progress);
  if (!outcome) return std::move(outcome).error();
  return ProgramComparison{.comparison = FromOutcome(*outcome, options),
                           .stop = outcome->stop,
                           .blocks = outcome->blocks};
}

}  // namespace assay::regression
