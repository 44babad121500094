#include "tools/regression/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>
#include <unordered_map>

#include "tools/regression/compare/metric.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

constexpr std::size_t kProcessesForGradeB = 5;

// All entries of one benchmark on one side, document by document.
struct Measured {
  std::vector<std::vector<const Entry*>> documents;
  const Entry* aggregate = nullptr;  // for reports that have nothing else
  const Entry* trouble = nullptr;    // failed or skipped

  const Entry* Any() const {
    for (const auto& entries : documents) {
      if (!entries.empty()) return entries.front();
    }
    return aggregate != nullptr ? aggregate : trouble;
  }
};

struct Side {
  std::vector<const std::string*> order;  // run names as they first appear
  std::unordered_map<std::string_view, Measured> by_name;
};

bool IsCentre(const Entry& entry) {
  return entry.kind == Entry::Kind::kAggregate &&
         (entry.aggregate_name == "median" || entry.aggregate_name == "mean");
}

Side Collect(const std::vector<Document>& documents, const std::regex* filter) {
  Side side;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    for (const Entry& entry : documents[i].entries) {
      if (entry.kind != Entry::Kind::kIteration && !IsCentre(entry)) continue;
      auto found = side.by_name.find(entry.run_name);
      if (found == side.by_name.end()) {
        if (filter != nullptr && !std::regex_search(entry.run_name, *filter)) continue;
        found = side.by_name.try_emplace(entry.run_name).first;
        found->second.documents.resize(documents.size());
        side.order.push_back(&entry.run_name);
      }
      Measured& measured = found->second;
      if (entry.status != Entry::Status::kOk) {
        measured.trouble = &entry;
      } else if (entry.kind == Entry::Kind::kIteration) {
        measured.documents[i].push_back(&entry);
      } else if (measured.aggregate == nullptr || entry.aggregate_name == "median") {
        measured.aggregate = &entry;
      }
    }
  }
  return side;
}

// One value for each document (its median), or for each repetition of all documents.
std::vector<double> Values(const Measured& measured, std::string_view metric, bool per_document) {
  std::vector<double> values;
  for (const auto& entries : measured.documents) {
    std::vector<double> repetitions;
    for (const Entry* entry : entries) {
      if (const auto value = ValueOf(*entry, metric)) repetitions.push_back(*value);
    }
    if (repetitions.empty()) continue;
    if (per_document) {
      values.push_back(Median(std::move(repetitions)));
    } else {
      values.insert(values.end(), repetitions.begin(), repetitions.end());
    }
  }
  if (values.empty() && measured.aggregate != nullptr) {
    if (const auto value = ValueOf(*measured.aggregate, metric)) values.push_back(*value);
  }
  return values;
}

std::size_t DocumentsWith(const Measured& measured) {
  return static_cast<std::size_t>(std::ranges::count_if(
      measured.documents, [](const auto& entries) { return !entries.empty(); }));
}

Grade GradeOf(const Measured& base, const Measured& head) {
  if (std::min(DocumentsWith(base), DocumentsWith(head)) >= kProcessesForGradeB) return Grade::kB;
  const auto repetitions = [](const Measured& side) {
    std::size_t count = 0;
    for (const auto& entries : side.documents) count += entries.size();
    return count;
  };
  return std::min(repetitions(base), repetitions(head)) >= 2 ? Grade::kC : Grade::kD;
}

Row Undecided(const Entry& entry, Verdict verdict, std::string reason) {
  Row row{.benchmark = entry.run_name, .metric = std::string(ClockOf(entry.run_name))};
  row.decision.verdict = verdict;
  row.decision.reason = std::move(reason);
  return row;
}

std::string TroubleOf(const Entry& entry, const char* side) {
  return std::string(entry.status == Entry::Status::kErrored ? "failed" : "skipped") + " on the " +
         side + " side: " + entry.message;
}

// The same whole number every time. What is allocated once, before the iterations,
// leaves a small fraction that depends on their number.
bool IsExactCount(const std::vector<double>& values) {
  return std::ranges::all_of(values, [&](double value) {
    return std::fabs(value - std::round(value)) < 0.01 &&
           std::round(value) == std::round(values.front());
  });
}

// Exact where both sides are constant: then any difference is real.
void AddExactRows(const Measured& base, const Measured& head, std::vector<Row>& rows) {
  for (const auto& [counter, unused] : base.Any()->counters) {
    if (!IsExact(counter)) continue;
    const auto before = Values(base, counter, false), after = Values(head, counter, false);
    if (before.empty() || after.empty()) continue;
    if (!IsExactCount(before) || !IsExactCount(after)) continue;
    Row row{.benchmark = base.Any()->run_name, .metric = counter, .grade = Grade::kA};
    row.base = std::round(before.front());
    row.head = std::round(after.front());
    row.decision.effect = row.base != 0 ? row.head / row.base - 1 : (row.head == 0 ? 0.0 : 1.0);
    row.decision.low = row.decision.high = row.decision.effect;
    row.decision.verdict = row.head > row.base   ? Verdict::kRegressed
                           : row.head < row.base ? Verdict::kImproved
                                                 : Verdict::kEquivalent;
    row.decision.reason = "exact: the same in every repetition";
    rows.push_back(std::move(row));
  }
}

struct Match {
  Row row;
  std::optional<Evidence> evidence;  // nothing where the sides cannot be compared
};

// Empty when the two may be compared.
std::string WhyNotComparable(const Measured& base, const Measured& head,
                             const Conditions& conditions, const CompareOptions& options) {
  if (base.trouble != nullptr) return TroubleOf(*base.trouble, "base");
  if (head.trouble != nullptr) return TroubleOf(*head.trouble, "head");
  if (!conditions.refusals.empty() && !options.any_conditions) return conditions.refusals.front();
  if (conditions.thread_times_differ && base.Any()->threads > 1) {
    return "Google Benchmark before 1.9 divides the time by the threads once more than later ones";
  }
  return {};
}

Match MatchUp(const Measured& base, const Measured& head, const Conditions& conditions,
              const CompareOptions& options) {
  Match match{.row = Undecided(*base.Any(), Verdict::kNotComparable,
                               WhyNotComparable(base, head, conditions, options)),
              .evidence = std::nullopt};
  Row& row = match.row;
  row.grade = options.report_only ? Grade::kD : GradeOf(base, head);
  row.tolerance = ToleranceFor(row.benchmark, options);
  const bool per_document = row.grade == Grade::kB;
  auto base_values = Values(base, row.metric, per_document);
  auto head_values = Values(head, row.metric, per_document);
  if (!base_values.empty()) row.base = Median(base_values);
  if (!head_values.empty()) row.head = Median(head_values);
  if (row.decision.reason.empty()) {
    match.evidence = Evidence{.grade = row.grade,
                              .tolerance = row.tolerance,
                              .base = std::move(base_values),
                              .head = std::move(head_values)};
  }
  return match;
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
    const bool time = row.metric == "real_time" || row.metric == "cpu_time";
    if (!time || row.base <= 0 || row.head <= 0) continue;
    sum += std::log(row.head / row.base);
    ++comparison.matched;
  }
  comparison.geometric_mean = comparison.matched == 0 ? 0 : std::expm1(sum / comparison.matched);
}

Comparison CompareDocuments(const std::vector<Document>& base, const std::vector<Document>& head,
                            const CompareOptions& options) {
  const std::regex filter(options.filter);
  const std::regex* used = options.filter.empty() ? nullptr : &filter;
  const Side left = Collect(base, used), right = Collect(head, used);
  Comparison comparison{.conditions = CheckConditions(base, head)};

  std::vector<Evidence> evidence;
  std::vector<std::size_t> rows_of_evidence;
  std::vector<Row> exact;
  for (const std::string* name : left.order) {
    const Measured& before = left.by_name.at(*name);
    const auto found = right.by_name.find(*name);
    if (found == right.by_name.end()) {
      comparison.rows.push_back(
          Undecided(*before.Any(), Verdict::kMissing, "only on the base side"));
      continue;
    }
    Match match = MatchUp(before, found->second, comparison.conditions, options);
    if (match.evidence) {
      rows_of_evidence.push_back(comparison.rows.size());
      evidence.push_back(std::move(*match.evidence));
      AddExactRows(before, found->second, exact);
    }
    comparison.rows.push_back(std::move(match.row));
  }
  const std::vector<Decision> decisions = Decide(evidence, options.decide);
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    comparison.rows[rows_of_evidence[i]].decision = decisions[i];
  }
  std::ranges::move(exact, std::back_inserter(comparison.rows));
  for (const std::string* name : right.order) {
    if (left.by_name.contains(*name)) continue;
    comparison.rows.push_back(
        Undecided(*right.by_name.at(*name).Any(), Verdict::kNew, "only on the head side"));
  }
  Summarize(comparison);
  return comparison;
}

}  // namespace assay::regression
