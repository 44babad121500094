#include "tools/report/headline.h"
#include "tools/table/table.h"

namespace assay::report {

std::string Render(const std::vector<HeadlineRow>& rows, Format format) {
  table::Table table({{"question"},
                      {"median (low–high)"},
                      {"against"},
                      {"client CPU µs/request"},
                      {"p50 / p99 µs"},
                      {"seed"}});
  for (const HeadlineRow& row : rows) {
    table.Add({row.question, row.result, row.against, row.cpu, row.latency, row.before});
  }
  if (format == Format::kMarkdown) return table.Markdown();
  std::vector<std::string> lines = table.Lines();
  lines.insert(lines.begin() + 1, table.Rule());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace assay::report
