// Reports in memory for the tests of comparisons.
#ifndef ASSAY_TESTS_REGRESSION_COMPARISON_REPORTS_H_
#define ASSAY_TESTS_REGRESSION_COMPARISON_REPORTS_H_

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tools/regression/compare/comparison.h"

namespace assay::regression {

inline Entry Iteration(const std::string& name, double ns) {
  Entry entry;
  entry.run_name = name;
  entry.real_time_ns = 10 * ns;
  entry.cpu_time_ns = ns;
  return entry;
}

// A report with `repetitions` of each name at that time.
inline Document Report(const std::vector<std::pair<std::string, double>>& times,
                       int repetitions = 10) {
  Document document;
  document.path = "r.json";
  document.context = {{"host_name", "h"}, {"num_cpus", "2"}, {"library_build_type", "debug"}};
  for (const auto& [name, ns] : times) {
    for (int i = 0; i < repetitions; ++i) {
      document.entries.push_back(Iteration(name, ns * (1 + 0.001 * i)));
    }
  }
  return document;
}

// The first row of the benchmark, or that of the metric.
inline const Row& RowOf(const Comparison& comparison, const std::string& name,
                        const std::string& metric = "") {
  for (const Row& row : comparison.rows) {
    if (row.benchmark == name && (metric.empty() || row.metric == metric)) return row;
  }
  throw std::runtime_error("no row " + name + " " + metric);
}

// The verdict of that row, "no row" where there is none.
inline std::string VerdictOf(const Comparison& comparison, const std::string& name,
                             const std::string& metric) {
  for (const Row& row : comparison.rows) {
    if (row.benchmark == name && row.metric == metric) {
      return std::string(ToString(row.decision.verdict));
    }
  }
  return "no row";
}

}  // namespace assay::regression

#endif  // ASSAY_TESTS_REGRESSION_COMPARISON_REPORTS_H_
