// The metrics of a benchmark that are compared: its time, and what --metrics names.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_GATED_METRIC_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_GATED_METRIC_H_

#include <set>
#include <string>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

struct GatedMetric {
  std::string name;  // "real_time", "cpu_time" or a counter
  bool higher_is_better = false;
};

// From "NAME", where the ending of the name says which way is worse (DirectionOf in
// metric.h), or "NAME:lower" and "NAME:higher", which say it themselves. A name that
// is there twice counts once. kIo for an empty name, one whose direction
// nobody says, and one that is given both ways.
Result<std::vector<GatedMetric>> ParseMetrics(const std::vector<std::string>& words);

// The clock of the benchmark first, then `named`; each once.
std::vector<GatedMetric> MetricsOf(const std::string& benchmark,
                                   const std::vector<GatedMetric>& named);

// The names of all counters in a document.
std::set<std::string> CountersIn(const Document& document);

// A line for each of `named` that is neither a clock nor among `counters`.
std::vector<std::string> UnknownMetrics(const std::vector<GatedMetric>& named,
                                        const std::set<std::string>& counters);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_GATED_METRIC_H_
