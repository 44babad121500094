// The report for people and for programs. Pure.
#ifndef ASSAY_TOOLS_SELFTEST_RENDER_H_
#define ASSAY_TOOLS_SELFTEST_RENDER_H_

#include <string>
#include <vector>

#include "tools/selftest/report.h"

namespace assay::selftest {

// "23.1 ns", "8.91 us", "1.20 ms": three digits.
std::string TimeText(double ns);

// What one can do with the A/A rows: how often compare.py's rule would have been
// wrong, and which rows find a change of Report::change in how many blocks. At most
// 100 columns each, as long as no name is longer than 60.
std::vector<std::string> SummaryLines(const Report& report);

// The last line: no false alarm, false alarms and where, or too few blocks to tell.
std::string VerdictLine(const Report& report);

// Everything, at most 100 columns wide under the same condition.
std::string RenderTerminal(const Report& report, bool colour);

// The same as JSON: "assay_selftest_schema": 1. Times in ns as their keys say,
// changes relative, null for what is not known.
std::string RenderJson(const Report& report);

}  // namespace assay::selftest

#endif  // ASSAY_TOOLS_SELFTEST_RENDER_H_
