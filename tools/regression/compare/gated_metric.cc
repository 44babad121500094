#include "tools/regression/compare/gated_metric.h"

#include <algorithm>

#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

Error Refused(const std::string& what) {
  return {ErrorCode::kIo,
          "--metrics: " + what +
              "; accepted: NAME, NAME:lower or NAME:higher (which way is better), separated by "
              "commas"};
}

// Takes ":lower" or ":higher" off; other colons belong to the name.
Direction TakeDirection(std::string& word) {
  for (const auto& [ending, direction] :
       {std::pair(std::string_view(":lower"), Direction::kLowerIsBetter),
        std::pair(std::string_view(":higher"), Direction::kHigherIsBetter)}) {
    if (!word.ends_with(ending)) continue;
    word.resize(word.size() - ending.size());
    return direction;
  }
  return DirectionOf(word);
}

}  // namespace

Result<std::vector<GatedMetric>> ParseMetrics(const std::vector<std::string>& words) {
  std::vector<GatedMetric> metrics;
  for (std::string name : words) {
    const Direction direction = TakeDirection(name);
    if (name.empty()) return Refused("a name is empty");
    if (direction == Direction::kUnknown) {
      return Refused("the name '" + name + "' does not say whether lower or higher is better");
    }
    const bool higher = direction == Direction::kHigherIsBetter;
    const auto same = std::ranges::find(metrics, name, &GatedMetric::name);
    if (same == metrics.end()) {
      metrics.push_back({.name = name, .higher_is_better = higher});
    } else if (same->higher_is_better != higher) {
      return Refused("'" + name + "' is given both ways");
    }
  }
  return metrics;
}

std::vector<GatedMetric> MetricsOf(const std::string& benchmark,
                                   const std::vector<GatedMetric>& named) {
  std::vector<GatedMetric> metrics = {{.name = std::string(ClockOf(benchmark))}};
  std::ranges::copy_if(named, std::back_inserter(metrics), [&](const GatedMetric& metric) {
    return metric.name != ClockOf(benchmark);
  });
  return metrics;
}

std::set<std::string> CountersIn(const Document& document) {
  std::set<std::string> names;
  for (const Entry& entry : document.entries) {
    for (const auto& [name, value] : entry.counters) names.insert(name);
  }
  return names;
}

std::vector<std::string> UnknownMetrics(const std::vector<GatedMetric>& named,
                                        const std::set<std::string>& counters) {
  std::string known;
  for (const std::string& name : counters) known += (known.empty() ? "" : ", ") + name;
  std::vector<std::string> lines;
  for (const GatedMetric& metric : named) {
    if (counters.contains(metric.name) || IsClock(metric.name)) continue;
    lines.push_back("--metrics: no benchmark has '" + metric.name +
                    "'; counters there are: " + (known.empty() ? "none" : known));
  }
  return lines;
}

}  // namespace assay::regression
