// The answers that people come for, taken out of a report of assay_bench.
#ifndef ASSAY_TOOLS_REPORT_HEADLINE_H_
#define ASSAY_TOOLS_REPORT_HEADLINE_H_

#include <string>
#include <vector>

#include "tools/regression/read/document.h"

namespace assay::report {

struct HeadlineRow {
  std::string question{};
  std::string result{};                   // median (lowest to highest) over the repetitions
  std::string against{};                  // the ideal, the floor or the peer of the same run
  std::string cpu{};                      // µs of the client's CPU per request
  std::string latency{};                  // p50 / p99 in µs, medians
  std::string before{};                   // the first seed: claimed / its own suite on two cores
  std::vector<std::string> benchmarks{};  // where the row comes from
  bool missing = false;                   // the report lacks one of them
};

// Always the same rows, from the repetitions that were measured (no aggregate, none that
// failed or was skipped); a benchmark that the report does not have says so.
std::vector<HeadlineRow> Headline(const regression::Document& report);

// Which machine, code and build the report speaks of, a line each.
std::vector<std::string> Provenance(const regression::Document& report);

enum class Format { kTerminal, kMarkdown };

std::string Render(const std::vector<HeadlineRow>& rows, Format format);

}  // namespace assay::report

#endif  // ASSAY_TOOLS_REPORT_HEADLINE_H_
