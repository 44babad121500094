// What one Google Benchmark report says, whatever version wrote it.
//
// Values. Times are in nanoseconds per iteration, whatever the report's time_unit;
// nothing has been converted from one library version's meaning to another's.
#ifndef ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_H_
#define ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace assay::regression {

// One element of `benchmarks`.
struct Entry {
  enum class Kind : std::uint8_t { kIteration, kAggregate, kBigO, kRms };
  enum class Status : std::uint8_t { kOk, kErrored, kSkipped };

  Kind kind = Kind::kIteration;
  Status status = Status::kOk;
  int repetition_index = 0;
  int threads = 1;
  std::int64_t iterations = 0;  // of an aggregate: the repetitions behind it
  // NaN when the report has none. Of a percentage aggregate (cv): the plain ratio. Of
  // BigO: the coefficients. Of RMS: the ratio in real_time_ns, nothing in the other.
  // Of an entry that failed or was skipped: without meaning, usually 0.
  double real_time_ns = 0;
  double cpu_time_ns = 0;
  std::string run_name;        // the same for all repetitions and aggregates
  std::string aggregate_name;  // "mean", "median", "stddev", "cv", …
  std::string big_o;           // "N", "lgN", …
  std::string label;
  std::string message;  // why it was skipped or failed
  // Everything else that is a number: user counters, rates and the memory fields
  // (allocs_per_iter, max_bytes_used, total_allocated_bytes, net_heap_growth).
  // NaN and infinities are kept as such. In the order of their names, each once.
  std::vector<std::pair<std::string, double>> counters;
};

struct Document {
  std::string path;
  std::map<std::string, std::string> context;  // scalars as text; the rest as its JSON text
  std::vector<Entry> entries;                  // in the order of the file
  bool truncated = false;  // it ends early or is damaged; what came before is here
  // What was unusual and how it was read, one line each: "LINE:COLUMN: what (N times)".
  std::vector<std::string> notes;

  // A context value, nothing when the report does not say.
  std::optional<std::string> Fact(const std::string& key) const {
    const auto found = context.find(key);
    if (found == context.end()) return std::nullopt;
    return found->second;
  }
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_DOCUMENT_H_
