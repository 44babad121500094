// What was measured, so that it can be judged again: recorded once, replayed at will.
//
// A file of JSON lines: one that says how it was recorded, then one for each block or report.
//   {"assay_traces":1,"seed":"7","min_time_s":0.001,"repetitions":3,"report_min_time_s":0.02,
//    "cpu":null,"load":true}
//   {"extra":0.1,"round":0,"order":"ABBA","ns":{"sine":[[2371,2370,2375],[…],[…],[…]]}}
//   {"extra":0,"report":4,"ns":{"sine":[2371,2370,…]}}
// `ns` has the CPU time of every repetition; of a block in each of its four launches, in the order
// of time. Numbers come back bit by bit.
#ifndef ASSAY_BENCH_REGRESSION_TRACE_H_
#define ASSAY_BENCH_REGRESSION_TRACE_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"
#include "tools/regression/run/block.h"

namespace assay::regression {

using Repetitions = std::vector<double>;  // ns per iteration

struct TraceHeader {
  std::uint64_t seed = 1;
  double min_time_s = 0.001;
  int repetitions = 3;              // in a launch of a block
  double report_min_time_s = 0.02;  // with ten repetitions
  std::optional<int> cpu{};
  bool load = true;
};

struct TraceBlock {
  double extra = 0;  // how much more work the head did
  int round = 0;     // blocks of one round are one comparison, in the order of the file
  BlockOrder order = BlockOrder::kAbba;
  std::map<std::string, std::array<Repetitions, 4>> ns{};
};

struct TraceReport {
  double extra = 0;
  int report = 0;
  std::map<std::string, Repetitions> ns{};
};

struct Traces {
  TraceHeader header{};
  std::vector<TraceBlock> blocks{};
  std::vector<TraceReport> reports{};
};

// One line each, with its line end.
std::string LineOf(const TraceHeader& header);
std::string LineOf(const TraceBlock& block);
std::string LineOf(const TraceReport& report);

// kIo with "PATH:LINE: …" for the first line that is none of these.
Result<Traces> ParseTraces(const std::string& path, std::string_view text);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_TRACE_H_
