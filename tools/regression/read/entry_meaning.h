// What parts of an entry mean, independent of how they were read.
#ifndef ASSAY_TOOLS_REGRESSION_READ_ENTRY_MEANING_H_
#define ASSAY_TOOLS_REGRESSION_READ_ENTRY_MEANING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::regression {

// Nanoseconds in a time_unit; nothing for one that Google Benchmark does not write.
std::optional<double> NanosecondsIn(std::string_view unit);

// The aggregate that the end of `name` tells of ("mean" of "BM_x_mean"); empty when none.
std::string_view AggregateOf(std::string_view name);

// N of the last "/threads:N" of a run name, as it stands there; 1 without one.
int ThreadsOf(std::string_view run_name);

// Puts counters in the order of their names and keeps the first of each name; how
// many were left out.
std::size_t SortCounters(std::vector<std::pair<std::string, double>>& counters);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_ENTRY_MEANING_H_
