// Two sides of reports, matched benchmark by benchmark and decided.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_COMPARISON_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_COMPARISON_H_

#include <map>
#include <string>
#include <vector>

#include "tools/regression/compare/conditions.h"
#include "tools/regression/compare/gated_metric.h"
#include "tools/regression/decide/decide.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

struct CompareOptions {
  DecideOptions decide{};
  double tolerance = 0.03;
  // What is compared besides the time of each benchmark, a row each.
  std::vector<GatedMetric> metrics{};
  // By regular expression on the run name, for all metrics of the benchmark; the first
  // that matches wins.
  std::vector<std::pair<std::string, double>> tolerances{};
  // Only run names in which this regular expression is found; empty: all.
  std::string filter{};
  bool report_only = false;     // decide nothing: every row is grade D
  bool any_conditions = false;  // compare even where CheckConditions() refuses
};

struct Row {
  std::string benchmark;
  std::string metric;  // "real_time", "cpu_time" or a counter
  Grade grade = Grade::kD;
  double tolerance = 0;
  double base = 0;  // medians, times in ns; zero where a side has none
  double head = 0;
  Decision decision{};
};

struct Comparison {
  std::vector<Row> rows{};  // in the order of the base side, new ones last
  Conditions conditions{};
  double geometric_mean = 0;  // head ÷ base - 1 of the gated clocks, over `matched` benchmarks
  int matched = 0;
  std::map<Verdict, int> counts{};
};

// Grade B with five documents or more on each side, C with repetitions, else D.
// The time of each benchmark is compared by the clock that its name says, and so are
// CompareOptions::metrics (candidate.h: one family, MISSING or NEW where one side lacks
// it, a warning where all do); exact counters are compared exactly where they are
// constant on both sides (exact.h).
// What only the head has is NEW, but NOT COMPARABLE where a report of the base ends early.
// std::regex_error for an expression that is none.
Comparison CompareDocuments(const std::vector<Document>& base, const std::vector<Document>& head,
                            const CompareOptions& options);

// The tolerance that applies to a benchmark.
double ToleranceFor(const std::string& benchmark, const CompareOptions& options);

// Fills in counts and the geometric mean from the rows.
void Summarize(Comparison& comparison);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_COMPARISON_H_
