// A Google Benchmark JSON report, as far as the headline table needs it.
#ifndef ASSAY_TOOLS_REPORT_REPORT_FILE_H_
#define ASSAY_TOOLS_REPORT_REPORT_FILE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assay/core/result.h"

namespace assay::report {

// One repetition of one benchmark; aggregates (mean, median, …) are left out.
struct Run {
  std::string name;                        // run_name: the same for all repetitions
  double real_time_ns = 0;                 // per iteration
  std::map<std::string, double> counters;  // every number of the entry that is not bookkeeping
  std::string error;                       // why it was skipped; empty for a valid run
};

struct Report {
  std::map<std::string, std::string> context;  // numbers and booleans as their JSON text
  std::vector<Run> runs;                       // in the order of the file

  // The value of `counter` ("real_time_ns" too) in every valid run of `name`.
  std::vector<double> Values(std::string_view name, std::string_view counter) const;
};

// kIo names `path` and what is wrong with it, with the byte where JSON ends being JSON.
Result<Report> ReadReport(const std::string& path);
Result<Report> ParseReport(const std::string& path, std::string_view text);

}  // namespace assay::report

#endif  // ASSAY_TOOLS_REPORT_REPORT_FILE_H_
