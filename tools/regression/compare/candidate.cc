#include "tools/regression/compare/candidate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tools/regression/compare/metric.h"
#include "tools/regression/decide/two_samples.h"

namespace assay::regression {
namespace {

std::vector<double> Present(const std::vector<double>& values) {
  std::vector<double> present;
  std::ranges::copy_if(values, std::back_inserter(present),
                       [](double value) { return !std::isnan(value); });
  return present;
}

// Why the values of one side have no ratio to others, empty when they do.
std::string TroubleWith(const std::vector<double>& values, const std::string& metric,
                        const std::string& side) {
  const std::string what = metric + " on the " + side + " side ";
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); })) {
    return what + "is not in every launch";
  }
  if (std::ranges::any_of(values, [](double value) { return value < 0; })) {
    return what + "is negative, which has no ratio";
  }
  if (IsClock(metric) && std::ranges::find(values, 0.0) != values.end()) return what + "is 0";
  return {};
}

void SetSettled(Row& row, Verdict verdict, std::string reason) {
  row.decision.verdict = verdict;
  row.decision.reason = std::move(reason);
}

// Of the inverse of a metric what is known of the metric.
double Inverse(double effect) {
  return effect <= -1 ? std::numeric_limits<double>::infinity() : 1 / (1 + effect) - 1;
}

void TurnRound(Decision& decision) {
  decision.effect = Inverse(decision.effect);
  decision.low = Inverse(std::exchange(decision.high, Inverse(decision.low)));
}

}  // namespace

Row SettledRow(const std::string& benchmark, const std::string& metric, Verdict verdict,
               std::string reason) {
  Row row{.benchmark = benchmark, .metric = metric};
  SetSettled(row, verdict, std::move(reason));
  return row;
}

Row SettledTimeRow(const std::string& benchmark, Verdict verdict, std::string reason) {
  return SettledRow(benchmark, std::string(ClockOf(benchmark)), verdict, std::move(reason));
}

std::optional<Candidate> CandidateOf(const std::string& benchmark, const GatedMetric& metric,
                                     Evidence measured) {
  Candidate candidate{.higher_is_better = metric.higher_is_better};
  Row& row = candidate.row;
  row = {.benchmark = benchmark,
         .metric = metric.name,
         .grade = measured.grade,
         .tolerance = measured.tolerance};
  const std::vector<double> base = Present(measured.base), head = Present(measured.head);
  row.base = Median(base);
  row.head = Median(head);
  const bool own_clock = metric.name == ClockOf(benchmark);
  if (base.empty() && head.empty() && !own_clock) return std::nullopt;
  if (base.empty() != head.empty()) {
    const std::string only = metric.name + " is only on the " + (head.empty() ? "base" : "head");
    const Verdict one_sided = head.empty() ? Verdict::kMissing : Verdict::kNew;
    SetSettled(row, own_clock ? Verdict::kNotComparable : one_sided, only + " side");
    return candidate;
  }
  for (const auto& [values, side] :
       {std::pair(&measured.base, "base"), std::pair(&measured.head, "head")}) {
    if (std::string trouble = TroubleWith(*values, metric.name, side); !trouble.empty()) {
      SetSettled(row, Verdict::kNotComparable, std::move(trouble));
      return candidate;
    }
  }
  // The cost of a rate is its inverse: head ÷ base of that is base ÷ head of the rate.
  if (metric.higher_is_better) {
    std::swap(measured.base, measured.head);
    for (double& block : measured.blocks) block = -block;
  }
  candidate.evidence = std::move(measured);
  return candidate;
}

std::vector<Row> DecideRows(std::vector<Candidate> candidates, const DecideOptions& options) {
  std::vector<Evidence> evidence;
  for (Candidate& candidate : candidates) {
    if (candidate.evidence) evidence.push_back(std::move(*candidate.evidence));
  }
  const std::vector<Decision> decisions = Decide(evidence, options);
  auto next = decisions.begin();
  std::vector<Row> rows;
  for (Candidate& candidate : candidates) {
    if (candidate.evidence) {
      candidate.row.decision = *next++;
      if (candidate.higher_is_better) TurnRound(candidate.row.decision);
    }
    rows.push_back(std::move(candidate.row));
  }
  return rows;
}

}  // namespace assay::regression
