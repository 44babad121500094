// Measures the workload against itself and writes what it saw.
#ifndef ASSAY_BENCH_REGRESSION_RECORD_H_
#define ASSAY_BENCH_REGRESSION_RECORD_H_

#include <functional>
#include <string>
#include <vector>

#include "assay/core/result.h"
#include "bench/regression/trace.h"

namespace assay::regression {

struct RecordPlan {
  struct Rounds {
    double extra = 0;  // of the head
    int rounds = 0;
  };
  std::string workload{};  // path of regression_workload
  TraceHeader header{};
  std::vector<Rounds> rounds{};
  int blocks = 32;  // a round; none ends early, so that every rule sees all of them
  int reports = 0;  // each from one launch with ten repetitions, without extra work
  int reports_twice_as_slow = 0;
};

// Everything in `plan`, in order: the kinds of rounds in turn, so that each sees the whole length
// of the recording, then the reports. `write` gets a line as soon as it is complete and says
// whether that succeeded; `progress` one line of text now and then.
Result<Traces> Record(const RecordPlan& plan,
                      const std::function<Result<Done>(const std::string& line)>& write,
                      const std::function<void(const std::string& text)>& progress);

}  // namespace assay::regression

#endif  // ASSAY_BENCH_REGRESSION_RECORD_H_
