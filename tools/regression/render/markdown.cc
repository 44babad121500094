#include "tools/regression/render/render.h"

namespace assay::regression {
namespace {

constexpr std::size_t kRowsShown =
    200;  // a comment on a pull request is limited to 65,536 characters

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '<') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

std::string Header() {
  return "| benchmark | verdict | base | head | change | interval | grade |\n"
         "| --- | --- | ---: | ---: | ---: | --- | --- |\n";
}

std::string LineOf(const Row& row) {
  const bool measured = row.base > 0 && row.head > 0;
  const Decision& decision = row.decision;
  const std::string interval = measured && decision.low <= decision.high && row.grade != Grade::kD
                                   ? EffectText(decision.low) + " to " + EffectText(decision.high)
                                   : "";
  const std::string metric =
      row.metric == "real_time" || row.metric == "cpu_time" ? "" : " [" + row.metric + "]";
  return "| " + Escaped(row.benchmark + metric) + " | " + std::string(ToString(decision.verdict)) +
         " | " + (row.base > 0 ? ValueText(row, row.base) : "") + " | " +
         (row.head > 0 ? ValueText(row, row.head) : "") + " | " +
         (measured ? EffectText(decision.effect) : "") + " | " + interval + " | " +
         std::string(ToString(row.grade)) + " |\n";
}

bool NeedsALook(const Row& row) {
  return row.decision.verdict != Verdict::kEquivalent && row.decision.verdict != Verdict::kNew;
}

}  // namespace

std::string RenderMarkdown(const Comparison& comparison) {
  const std::vector<Row> rows = WorstFirst(comparison.rows);
  std::string text = "## Benchmark comparison\n\n";
  for (const std::string& line : SummaryLines(comparison)) text += "- " + Escaped(line) + "\n";
  for (const std::string& line : comparison.conditions.refusals) {
    text += "- not comparable: " + Escaped(line) + "\n";
  }
  std::string shown, folded;
  std::size_t count = 0;
  for (const Row& row : rows) {
    if (++count > kRowsShown) break;
    (NeedsALook(row) ? shown : folded) += LineOf(row);
  }
  if (!shown.empty()) text += "\n" + Header() + shown;
  if (!folded.empty()) {
    text += "\n<details><summary>Equivalent and new</summary>\n\n" + Header() + folded +
            "\n</details>\n";
  }
  if (rows.size() > kRowsShown) {
    text +=
        "\n" + std::to_string(rows.size() - kRowsShown) + " more rows are in the JSON report.\n";
  }
  if (!comparison.conditions.warnings.empty()) {
    text += "\n<details><summary>Warnings</summary>\n\n";
    for (const std::string& line : comparison.conditions.warnings)
      text += "- " + Escaped(line) + "\n";
    text += "\n</details>\n";
  }
  return text;
}

}  // namespace assay::regression
