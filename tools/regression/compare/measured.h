// The reports of one side, sorted by benchmark.
#ifndef ASSAY_TOOLS_REGRESSION_COMPARE_MEASURED_H_
#define ASSAY_TOOLS_REGRESSION_COMPARE_MEASURED_H_

#include <cstddef>
#include <regex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/regression/decide/decide.h"
#include "tools/regression/read/document.h"

namespace assay::regression {

// All entries of one benchmark, document by document. Points into the documents.
struct Measured {
  std::vector<std::vector<const Entry*>> documents{};  // repetitions
  const Entry* aggregate = nullptr;                    // for reports that have nothing else
  const Entry* trouble = nullptr;                      // failed or skipped

  const Entry& Any() const;
};

struct MeasuredSide {
  std::vector<const std::string*> order{};  // run names as they first appear
  std::unordered_map<std::string_view, Measured> by_name{};
};

// Of the names in which `filter` is found; all without a filter.
MeasuredSide Collect(const std::vector<Document>& documents, const std::regex* filter);

// By how many processes and repetitions there are on both sides: B, C or D.
Grade GradeOf(const Measured& base, const Measured& head);

// A value for each repetition of all documents.
std::vector<double> Repetitions(const Measured& measured, std::string_view metric);

// What is compared: for grade B a value for each document (the median of its
// repetitions), for the others one for each repetition, or else that of the aggregate.
std::vector<double> Values(const Measured& measured, std::string_view metric, Grade grade);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_COMPARE_MEASURED_H_
