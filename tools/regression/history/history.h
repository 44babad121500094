// The commands of `assay history`, without a command line.
//
// Each returns what to print and how to exit: 0; 2 for a question that the history
// has no answer to; 3 for a file that cannot be read or written. Bisect has git's
// own codes.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_HISTORY_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/regression/read/document.h"

namespace assay::regression {

struct CommandResult {
  std::string text{};
  int exit_code = 0;
};

struct AddRequest {
  std::string history{};  // path of the JSON lines
  std::string commit{};
  std::int64_t sequence = 0;  // commit time in seconds: git log -1 --format=%ct
};
CommandResult AddToHistory(const AddRequest& request, const std::vector<Document>& documents);

struct ShowRequest {
  std::string history{};
  std::string name{};    // the name of a benchmark; for a list, any part of it
  std::string metric{};  // empty: the clock that the benchmark is gated by
  std::size_t width = 100;
  std::size_t rows = 20;  // newest points in the table; 0 for all
  bool ascii = false;
};
// A line for each series: points, newest value, newest change.
CommandResult ListSeries(const ShowRequest& request);
// Plot, changes (which commit, how much, how sure, how to bisect) and points, for
// every host that measured it.
CommandResult ShowSeries(const ShowRequest& request);

struct BisectRequest {
  std::string name{};
  std::string metric{};               // empty: the gated clock
  std::optional<double> threshold{};  // between good and bad, in the metric's unit
  std::vector<Document> baseline{};   // without a threshold: its median × (1 + tolerance)
  double tolerance = 0.03;
};
inline constexpr int kBisectGood = 0;
inline constexpr int kBisectBad = 1;
inline constexpr int kBisectSkip = 125;
// Decides the commit that `documents` measured: good or bad when the interval of its
// median is on one side of the threshold, skip when it is on both, when the benchmark
// is not there or failed, and when there is nothing to compare with.
CommandResult Bisect(const BisectRequest& request, const std::vector<Document>& documents);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_HISTORY_H_
