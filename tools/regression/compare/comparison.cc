#include "tools/regression/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <regex>

#include "tools/regression/compare/candidate.h"
#include "tools/regression/compare/exact.h"
#include "tools/regression/compare/measured.h"
#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

// What the base lost is not new: a gate must not pass because a file was cut off.
Row OnHeadOnly(const std::string& benchmark, const std::vector<Document>& base) {
  const auto cut = std::ranges::find(base, true, &Document::truncated);
  if (cut == base.end()) return SettledTimeRow(benchmark, Verdict::kNew, "only on the head side");
  return SettledTimeRow(benchmark, Verdict::kNotComparable,
                        "only on the head side, but " + cut->path + " ends early");
}

std::string TroubleOf(const Entry& entry, const char* side) {
  return std::string(entry.status == Entry::Status::kErrored ? "failed" : "skipped") + " on the " +
         side + " side: " + entry.message;
}

// Empty when the two may be compared.
std::string WhyNotComparable(const Measured& base, const Measured& head,
                             const Conditions& conditions, const CompareOptions& options) {
  if (base.trouble != nullptr) return TroubleOf(*base.trouble, "base");
  if (head.trouble != nullptr) return TroubleOf(*head.trouble, "head");
  if (!conditions.refusals.empty() && !options.any_conditions) return conditions.refusals.front();
  if (conditions.thread_times_differ && base.Any().threads > 1) {
    return "Google Benchmark before 1.9 divides the time by the threads once more than later ones";
  }
  return {};
}

// Exact where it can be: then the statistics are not asked.
std::optional<Candidate> Exact(const Measured& base, const Measured& head,
                               const std::string& counter, const CompareOptions& options) {
  auto row = ExactRow(base.Any().run_name, counter, Repetitions(base, counter),
                      Repetitions(head, counter), "repetition", options);
  if (!row) return std::nullopt;
  return Candidate{.row = std::move(*row)};
}

// All rows of a benchmark that both sides have: the time first.
void MatchUp(const Measured& base, const Measured& head, const Conditions& conditions,
             const CompareOptions& options, std::vector<Candidate>& candidates) {
  const std::string& name = base.Any().run_name;
  const std::string why = WhyNotComparable(base, head, conditions, options);
  const Grade grade = options.report_only ? Grade::kD : GradeOf(base, head);
  const std::vector<GatedMetric> metrics = MetricsOf(name, options.metrics);
  for (const GatedMetric& metric : metrics) {
    auto candidate = Exact(base, head, metric.name, options);
    if (!candidate) {
      candidate = CandidateOf(name, metric,
                              {.grade = grade,
                               .tolerance = ToleranceFor(name, options),
                               .base = Values(base, metric.name, grade),
                               .head = Values(head, metric.name, grade)});
    }
    if (!candidate) continue;
    if (!why.empty()) {
      candidate->evidence.reset();
      candidate->row.decision = {.verdict = Verdict::kNotComparable, .reason = why};
    }
    candidates.push_back(std::move(*candidate));
  }
  if (!why.empty()) return;
  for (const std::string_view counter : ExactCounters()) {
    if (std::ranges::find(metrics, counter, &GatedMetric::name) != metrics.end()) continue;
    if (auto exact = Exact(base, head, std::string(counter), options)) {
      candidates.push_back(std::move(*exact));
    }
  }
}

}  // namespace

double ToleranceFor(const std::string& benchmark, const CompareOptions& options) {
  for (const auto& [pattern, tolerance] : options.tolerances) {
    if (std::regex_search(benchmark, std::regex(pattern))) return tolerance;
  }
  return options.tolerance;
}

void Summarize(Comparison& comparison) {
  comparison.counts.clear();
  comparison.matched = 0;
  double sum = 0;
  for (const Row& row : comparison.rows) {
    ++comparison.counts[row.decision.verdict];
    if (row.metric != ClockOf(row.benchmark) || row.base <= 0 || row.head <= 0) continue;
    sum += std::log(row.head / row.base);
    ++comparison.matched;
  }
  comparison.geometric_mean = comparison.matched == 0 ? 0 : std::expm1(sum / comparison.matched);
}

Comparison CompareDocuments(const std::vector<Document>& base, const std::vector<Document>& head,
                            const CompareOptions& options) {
  const std::regex filter(options.filter);
  const std::regex* used = options.filter.empty() ? nullptr : &filter;
  const MeasuredSide left = Collect(base, used), right = Collect(head, used);
  Comparison comparison{.conditions = CheckConditions(base, head)};

  std::vector<Candidate> candidates;
  for (const std::string* name : left.order) {
    const auto found = right.by_name.find(*name);
    if (found == right.by_name.end()) {
      candidates.push_back(
          {.row = SettledTimeRow(*name, Verdict::kMissing, "only on the base side")});
    } else {
      MatchUp(left.by_name.at(*name), found->second, comparison.conditions, options, candidates);
    }
  }
  for (const std::string* name : right.order) {
    if (!left.by_name.contains(*name)) candidates.push_back({.row = OnHeadOnly(*name, base)});
  }
  comparison.rows = DecideRows(std::move(candidates), options.decide);

  std::set<std::string> counters;
  for (const auto* side : {&base, &head}) {
    for (const Document& document : *side) counters.merge(CountersIn(document));
  }
  std::ranges::move(UnknownMetrics(options.metrics, counters),
                    std::back_inserter(comparison.conditions.warnings));
  Summarize(comparison);
  return comparison;
}

}  // namespace assay::regression
