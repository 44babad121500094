#include <algorithm>
#include <array>

#include "tools/regression/render/render.h"

namespace assay::regression {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kCells = 6;
using Cells = std::array<std::string, kCells>;

std::size_t Width(const std::string& text) {  // UTF-8 continuation bytes take no column
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// The middle goes when a name is too long: both ends tell benchmarks apart.
std::string Shortened(const std::string& name, std::size_t width) {
  if (name.size() <= width) return name;
  const std::size_t tail = (width - 3) / 2;
  return name.substr(0, width - 3 - tail) + "..." + name.substr(name.size() - tail);
}

bool Measured(const Row& row) { return row.base > 0 && row.head > 0; }

Cells CellsOf(const Row& row) {
  Cells cells = {row.benchmark, std::string(ToString(row.decision.verdict)), "", "", "", ""};
  if (row.metric != "real_time" && row.metric != "cpu_time") cells[0] += " [" + row.metric + "]";
  if (row.base > 0) cells[2] = ValueText(row, row.base);
  if (row.head > 0) cells[3] = ValueText(row, row.head);
  if (Measured(row)) {
    cells[4] = EffectText(row.decision.effect);
    cells[5] = std::string(ToString(row.grade));
  }
  return cells;
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

std::string Line(const Cells& cells, const std::array<std::size_t, kCells>& widths) {
  std::string line;
  for (std::size_t i = 0; i < kCells; ++i) {
    const std::size_t width = Width(cells[i]);
    const std::string padding(widths[i] > width ? widths[i] - width : 0, ' ');
    const bool number = i >= 2 && i <= 4;
    line += (number ? padding + cells[i] : cells[i] + padding) + (i + 1 < kCells ? "  " : "");
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string RenderTerminal(const Comparison& comparison, bool colour) {
  const std::vector<Row> rows = WorstFirst(comparison.rows);
  std::vector<Cells> table = {{"benchmark", "verdict", "base", "head", "change", "grade"}};
  for (const Row& row : rows) table.push_back(CellsOf(row));

  std::array<std::size_t, kCells> widths{};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < kCells; ++i) widths[i] = std::max(widths[i], Width(cells[i]));
  }
  std::size_t others = 2 * (kCells - 1);
  for (std::size_t i = 1; i < kCells; ++i) others += widths[i];
  widths[0] = std::min(widths[0], std::max<std::size_t>(20, kColumns - std::min(others, kColumns)));

  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    Cells cells = table[i];
    cells[0] = Shortened(cells[0], widths[0]);
    const char* paint = colour && i > 0 ? ColourOf(rows[i - 1].decision.verdict) : "";
    text += paint + Line(cells, widths) + (*paint != '\0' ? "\x1b[0m" : "") + "\n";
  }
  text += "\n";
  for (const std::string& line : SummaryLines(comparison)) text += line + "\n";
  for (const std::string& line : comparison.conditions.refusals)
    text += "not comparable: " + line + "\n";
  for (const std::string& line : comparison.conditions.warnings) text += "warning: " + line + "\n";
  return text;
}

}  // namespace assay::regression
