#include "tools/regression/compare/program_comparison.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "tools/regression/compare/candidate.h"
#include "tools/regression/compare/exact.h"
#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

// The series of a metric, with NaN for the blocks that were without it.
MetricSeries SeriesOf(const BenchmarkBlocks& benchmark, const std::string& metric) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto found = benchmark.medians.find(metric);
  MetricSeries series = found == benchmark.medians.end() ? MetricSeries() : found->second;
  series.blocks.resize(benchmark.blocks, kNone);
  series.base.resize(2 * benchmark.blocks, kNone);
  series.head.resize(2 * benchmark.blocks, kNone);
  return series;
}

// Nothing where some launch had no count, or another one.
std::optional<Row> ExactRowOf(const std::string& name, const BenchmarkBlocks& benchmark,
                              const std::string& counter, const CompareOptions& options) {
  const auto found = benchmark.counts.find(counter);
  if (found == benchmark.counts.end()) return std::nullopt;
  const MetricSeries& series = found->second;
  if (series.blocks.size() < benchmark.blocks) return std::nullopt;
  return ExactRow(name, counter, series.base, series.head, "launch", options);
}

// The rows of one benchmark: the time first.
std::vector<Candidate> CandidatesOf(const std::string& name, const BenchmarkBlocks& benchmark,
                                    const CompareOptions& options) {
  std::vector<Candidate> candidates;
  const std::vector<GatedMetric> metrics = MetricsOf(name, options.metrics);
  for (const GatedMetric& metric : metrics) {
    MetricSeries series = SeriesOf(benchmark, metric.name);
    auto candidate = CandidateOf(name, metric,
                                 {.grade = options.report_only ? Grade::kD : Grade::kA,
                                  .tolerance = ToleranceFor(name, options),
                                  .blocks = std::move(series.blocks),
                                  .base = std::move(series.base),
                                  .head = std::move(series.head)});
    if (candidate) candidates.push_back(std::move(*candidate));
  }
  for (const std::string_view word : ExactCounters()) {
    const std::string counter(word);
    auto row = ExactRowOf(name, benchmark, counter, options);
    if (!row) continue;
    const auto same = std::ranges::find_if(
        candidates, [&](const Candidate& other) { return other.row.metric == counter; });
    if (same == candidates.end()) {
      candidates.push_back({.row = std::move(*row)});
    } else {
      *same = {.row = std::move(*row)};
    }
  }
  return candidates;
}

std::vector<Row> RowsOf(const BlockValues& values, const CompareOptions& options) {
  std::vector<Candidate> candidates;
  for (const auto& [name, benchmark] : values) {
    std::ranges::move(CandidatesOf(name, benchmark, options), std::back_inserter(candidates));
  }
  return DecideRows(std::move(candidates), options.decide);
}

// What goes on after a block, and for how long probably: every benchmark of which
// some metric is undecided.
MoreBlocks Undecided(const BlockValues& values, const CompareOptions& options) {
  MoreBlocks more;
  for (const Row& row : RowsOf(values, options)) {
    if (row.decision.verdict != Verdict::kInconclusive) continue;
    more.benchmarks.insert(row.benchmark);
    more.blocks = std::max(more.blocks.value_or(0), row.decision.more_blocks.value_or(1));
  }
  return more;
}

std::vector<std::string> WarningsOf(const BlockOutcome& outcome, const CompareOptions& options) {
  std::vector<std::string> warnings = outcome.notes;
  std::set<std::string> counters;
  for (const auto* report : {&outcome.base, &outcome.head}) {
    if (report->has_value()) counters.merge(CountersIn(**report));
  }
  // What a log gives back comes without a report.
  for (const auto& [name, benchmark] : outcome.values) {
    for (const auto& [metric, series] : benchmark.medians) counters.insert(metric);
  }
  std::erase_if(counters, IsClock);
  if (outcome.blocks > 0) {
    std::ranges::move(UnknownMetrics(options.metrics, counters), std::back_inserter(warnings));
  }
  return warnings;
}

Comparison FromOutcome(const BlockOutcome& outcome, const CompareOptions& options) {
  Comparison comparison;
  if (outcome.base && outcome.head) {
    comparison.conditions = CheckConditions({*outcome.base}, {*outcome.head});
  }
  std::ranges::move(WarningsOf(outcome, options),
                    std::back_inserter(comparison.conditions.warnings));
  comparison.rows = RowsOf(outcome.values, options);
  for (const auto& [name, why] : outcome.not_comparable) {
    comparison.rows.push_back(SettledTimeRow(name, Verdict::kNotComparable, why));
  }
  for (const std::string& name : outcome.missing) {
    comparison.rows.push_back(SettledTimeRow(name, Verdict::kMissing, "only on the base side"));
  }
  for (const std::string& name : outcome.fresh) {
    comparison.rows.push_back(SettledTimeRow(name, Verdict::kNew, "only on the head side"));
  }
  Summarize(comparison);
  return comparison;
}

BlockOptions Recording(BlockOptions blocks, const CompareOptions& options) {
  for (const GatedMetric& metric : options.metrics) {
    if (!IsClock(metric.name)) blocks.metrics.medians.push_back(metric.name);
  }
  for (const std::string_view counter : ExactCounters()) {
    blocks.metrics.counts.emplace_back(counter);
  }
  return blocks;
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
  BlockRunner runner(BenchmarkProgram(base), BenchmarkProgram(head), Recording(blocks, options));
  auto outcome = runner.RunBlocks(
      [&](const BlockValues& values) { return Undecided(values, options); }, progress);
  if (!outcome) return std::move(outcome).error();
  return ProgramComparison{.comparison = FromOutcome(*outcome, options),
                           .stop = outcome->stop,
                           .blocks = outcome->blocks};
}

}  // namespace assay::regression
