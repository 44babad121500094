#include <algorithm>

#include "tools/regression/render/render.h"
#include "tools/table/table.h"

namespace assay::regression {
namespace {

using table::EscapedForMarkdown;

// A comment on a pull request is limited to 65,536 characters.
constexpr std::size_t kRowsShown = 200;

table::Table EmptyTable() {
  return table::Table({{"benchmark"},
                       {"verdict"},
                       {"base", table::Align::kRight},
                       {"head", table::Align::kRight},
                       {"change", table::Align::kRight},
                       {"95 % interval", table::Align::kRight},
                       {"grade"},
                       {"to be decided"}});
}

// A row's cells in the order of the titles above.
std::vector<std::string> CellsOf(const Row& row) {
  return {NameText(row),
          std::string(ToString(row.decision.verdict)),
          SideText(row, row.base),
          SideText(row, row.head),
          ChangeText(row),
          IntervalText(row),
          std::string(ToString(row.grade)),
          MoreBlocksText(row)};
}

bool NeedsALook(const Row& row) {
  return row.decision.verdict != Verdict::kEquivalent && row.decision.verdict != Verdict::kNew;
}

}  // namespace

std::string RenderMarkdown(const Comparison& comparison) {
  const std::vector<Row> rows = WorstFirst(comparison.rows);
  std::string text = "## Benchmark comparison\n\n";
  for (const std::string& line : SummaryLines(comparison))
    text += "- " + EscapedForMarkdown(line) + "\n";
  for (const std::string& line : comparison.conditions.refusals) {
    text += "- not comparable: " + EscapedForMarkdown(line) + "\n";
  }
  table::Table shown = EmptyTable(), folded = EmptyTable();
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsShown); ++i) {
    (NeedsALook(rows[i]) ? shown : folded).Add(CellsOf(rows[i]));
  }
  if (!shown.empty()) text += "\n" + shown.Markdown();
  if (!folded.empty()) {
    text += "\n<details><summary>Equivalent and new</summary>\n\n" + folded.Markdown() +
            "\n</details>\n";
  }
  if (rows.size() > kRowsShown) {
    text +=
        "\n" + std::to_string(rows.size() - kRowsShown) + " more rows are in the JSON report.\n";
  }
  if (!comparison.conditions.warnings.empty()) {
    text += "\n<details><summary>Warnings</summary>\n\n";
    for (const std::string& line : comparison.conditions.warnings)
      text += "- " + EscapedForMarkdown(line) + "\n";
    text += "\n</details>\n";
  }
  return text;
}

}  // namespace assay::regression
