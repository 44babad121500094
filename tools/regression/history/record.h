// What the history keeps of one run of a benchmark suite.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_RECORD_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

inline constexpr int kHistorySchema = 1;

// One metric of one benchmark in one run.
struct Point {
  std::string name{};    // run_name
  std::string metric{};  // "real_time", "cpu_time" or the name of a counter
  std::string unit{};    // "ns", "1/s", "B" or empty
  bool higher_is_better = false;
  std::string problem{};  // why there is no value: "skipped: …" or "errored: …"
  double median = 0;
  double low = 0;   // 95 % interval of the median by order statistics; below six values
  double high = 0;  // their range
  std::vector<double> values{};  // one for each repetition, in the order of the report

  friend bool operator==(const Point&, const Point&) = default;
};

struct Host {
  std::string cpu{};
  std::string num_cpus{};
  std::string name{};

  std::string Text() const;  // "NAME, 2 × CPU"
  friend bool operator==(const Host&, const Host&) = default;
};

struct Record {
  std::string commit{};
  std::int64_t sequence = 0;  // commit time in seconds, or any number that grows with commits
  Host host{};
  std::string date{};
  std::string report{};  // path of the first report
  std::vector<Point> points{};

  friend bool operator==(const Record&, const Record&) = default;
};

// `values` with their median and its interval. Not empty, no NaN.
Point MakePoint(std::vector<double> values);

// All repetitions of all `documents` together, aggregates left out: the gated clock
// of every benchmark and the counters whose direction is known. A benchmark without
// any valid repetition is kept with its problem. kInvalidRequest without documents,
// without a commit or without a benchmark.
Result<Record> MakeRecord(const std::vector<Document>& documents, const std::string& commit,
                          std::int64_t sequence);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_RECORD_H_
