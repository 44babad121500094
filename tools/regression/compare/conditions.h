// Were both sides measured under the same conditions?
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_CONDITIONS_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_CONDITIONS_H_

#include <string>
#include <vector>

#include "tools/regression/read/document.h"

namespace assay::regression {

struct Conditions {
  // Why the figures must not be compared at all: another host, CPU, number of CPUs,
  // or build type of the library (two debug libraries are fine: Debian's is one).
  std::vector<std::string> refusals;
  // What differs or is unfavourable without forbidding it: library version, CPU
  // scaling, ASLR, nominal frequency, load, notes of the reader.
  std::vector<std::string> warnings;
  // Up to 1.8 the library divided wall times of threaded benchmarks by the number
  // of threads a second time, 1.9 does not: entries with threads cannot be compared.
  bool thread_times_differ = false;
};

// Documents that differ among themselves on one side are reported as well.
Conditions CheckConditions(const std::vector<Document>& base, const std::vector<Document>& head);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_CONDITIONS_H_
