#include <utility>

#include "tools/regression/render/render.h"
#include "tools/table/table.h"

namespace assay::regression {
namespace {

constexpr std::size_t kColumns = 100;

// A row's cells in the order of the titles in TableOf().
std::vector<std::string> CellsOf(const Row& row) {
  std::vector<std::string> cells = {NameText(row), std::string(ToString(row.decision.verdict))};
  cells.push_back(SideText(row, row.base));
  cells.push_back(SideText(row, row.head));
  cells.push_back(ChangeText(row));
  const bool measured = !cells.back().empty();
  cells.push_back(IntervalText(row));
  cells.emplace_back(measured ? ToString(row.grade) : "");
  cells.push_back(MoreBlocksText(row));
  return cells;
}

table::Table TableOf(const std::vector<Row>& rows, bool with_blocks) {
  std::vector<table::Column> columns = {{"benchmark"},
                                        {"verdict"},
                                        {"base", table::Align::kRight},
                                        {"head", table::Align::kRight},
                                        {"change", table::Align::kRight},
                                        {"95 % interval", table::Align::kRight},
                                        {"grade"}};
  if (with_blocks) columns.push_back({"to be decided"});
  table::Table table(std::move(columns));
  for (const Row& row : rows) table.Add(CellsOf(row));
  table.DropEmptyColumns();  // room for the names
  return table;
}

// With the blocks that rows still need where no name gets shorter for it.
table::Table TableOf(const std::vector<Row>& rows) {
  table::Table wide = TableOf(rows, true);
  return wide.Width() <= kColumns ? wide : TableOf(rows, false);
}

const char* ColourOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRegressed: return "\x1b[31m";
    case Verdict::kImproved: return "\x1b[32m";
    case Verdict::kEquivalent: return "\x1b[2m";
    case Verdict::kInconclusive:
    case Verdict::kMissing:
    case Verdict::kNotComparable: return "\x1b[33m";
    case Verdict::kNew: return "";
  }
  return "";
}

}  // namespace

std::string RenderTerminal(const Comparison& comparison, bool colour) {
  const std::vector<Row> rows = WorstFirst(comparison.rows);
  const std::vector<std::string> lines = TableOf(rows).Lines(kColumns);
  std::string text = lines[0] + "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const char* paint = colour ? ColourOf(rows[i].decision.verdict) : "";
    text += paint + lines[i + 1] + (*paint != '\0' ? "\x1b[0m" : "") + "\n";
  }
  text += "\n";
  for (const std::string& line : SummaryLines(comparison)) text += line + "\n";
  for (const std::string& line : comparison.conditions.refusals)
    text += "not comparable: " + line + "\n";
  for (const std::string& line : comparison.conditions.warnings) text += "warning: " + line + "\n";
  return text;
}

}  // namespace assay::regression
