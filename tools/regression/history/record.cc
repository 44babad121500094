#include "tools/regression/history/record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "tools/regression/compare/metric.h"

namespace assay::regression {
namespace {

using Name = std::pair<std::string, std::string>;  // benchmark and metric

std::string UnitOf(std::string_view metric) {
  if (metric == "real_time" || metric == "cpu_time") return "ns";
  if (metric == "rps" || metric.ends_with("_per_second")) return "1/s";
  if (metric == "max_bytes_used" || metric == "total_allocated_bytes" ||
      metric == "net_heap_growth") {
    return "B";
  }
  return "";
}

Host HostOf(const Document& document) {
  Host host;
  // The library names no CPU; a suite may have added it. Its clock is what else there is.
  if (const auto cpu = document.Fact("cpu")) {
    host.cpu = *cpu;
  } else if (const auto mhz = document.Fact("mhz_per_cpu")) {
    host.cpu = *mhz + " MHz";
  }
  host.num_cpus = document.Fact("num_cpus").value_or("");
  host.name = document.Fact("host_name").value_or("");
  return host;
}

// Ranks of the order statistics, from 0, whose interval covers the median at 95 %.
std::pair<std::size_t, std::size_t> MedianRanks(std::size_t n) {
  double tail = 0;
  double log_choose = 0;
  const double size = static_cast<double>(n);
  std::size_t rank = 0;
  for (std::size_t k = 0; 2 * k < n; ++k) {
    tail += std::exp(log_choose - size * std::log(2.0));
    if (2 * tail > 0.05) break;
    rank = k;
    log_choose += std::log((size - static_cast<double>(k)) / (static_cast<double>(k) + 1));
  }
  return {rank, n - 1 - rank};
}

// The points of a record in the order in which their benchmarks appear.
class Collector {
 public:
  void Take(const Entry& entry) {
    const std::string clock(ClockOf(entry.run_name));
    if (entry.status != Entry::Status::kOk) {
      const bool skipped = entry.status == Entry::Status::kSkipped;
      Find({entry.run_name, clock}).problem = (skipped ? "skipped: " : "errored: ") + entry.message;
      return;
    }
    Add({entry.run_name, clock}, clock == "real_time" ? entry.real_time_ns : entry.cpu_time_ns);
    for (const auto& [counter, value] : entry.counters) {
      if (DirectionOf(counter) != Direction::kUnknown) Add({entry.run_name, counter}, value);
    }
  }

  std::vector<Point> Points() {
    std::vector<Point> points;
    for (const Name& name : order_) {
      Found& found = found_.at(name);
      Point point = found.values.empty() ? Point{} : MakePoint(std::move(found.values));
      point.name = name.first;
      point.metric = name.second;
      point.unit = UnitOf(name.second);
      point.higher_is_better = DirectionOf(name.second) == Direction::kHigherIsBetter;
      // One failed repetition does not take the others' values away.
      if (point.values.empty()) point.problem = found.problem;
      points.push_back(std::move(point));
    }
    return points;
  }

 private:
  struct Found {
    std::vector<double> values{};
    std::string problem{};
  };

  Found& Find(const Name& name) {
    const auto [at, fresh] = found_.try_emplace(name);
    if (fresh) order_.push_back(name);
    return at->second;
  }

  void Add(const Name& name, double value) {
    Found& found = Find(name);
    if (std::isfinite(value)) {
      found.values.push_back(value);
    } else {
      found.problem = "errored: the value is no number";
    }
  }

  std::map<Name, Found> found_;
  std::vector<Name> order_;
};

}  // namespace

std::string Host::Text() const {
  return (name.empty() ? "unknown host" : name) + ", " + (num_cpus.empty() ? "?" : num_cpus) +
         " × " + (cpu.empty() ? "unknown CPU" : cpu);
}

Point MakePoint(std::vector<double> values) {
  Point point;
  point.values = std::move(values);
  auto sorted = point.values;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  point.median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  const auto [low, high] = MedianRanks(n);
  point.low = sorted[low];
  point.high = sorted[high];
  return point;
}

Result<Record> MakeRecord(const std::vector<Document>& documents, const std::string& commit,
                          std::int64_t sequence) {
  if (documents.empty()) return Error{ErrorCode::kInvalidRequest, "history: no report to add"};
  if (commit.empty()) {
    return Error{ErrorCode::kInvalidRequest,
                 "history: a commit must be named for " + documents.front().path};
  }
  Collector collector;
  for (const Document& document : documents) {
    for (const Entry& entry : document.entries) {
      if (entry.kind == Entry::Kind::kIteration) collector.Take(entry);
    }
  }
  Record record;
  record.commit = commit;
  record.sequence = sequence;
  record.host = HostOf(documents.front());
  record.date = documents.front().Fact("date").value_or("");
  record.report = documents.front().path;
  record.points = collector.Points();
  if (record.points.empty()) {
    return Error{ErrorCode::kInvalidRequest, record.report +
                                                 ": no benchmark with repetitions of its own; a "
                                                 "report of aggregates only is not accepted"};
  }
  return record;
}

}  // namespace assay::regression
