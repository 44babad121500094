#include <algorithm>
#include <array>

#include "tools/report/headline.h"

namespace assay::report {
namespace {

using Cells = std::array<std::string, 6>;

const Cells kTitles = {
    "question", "median (low–high)", "against", "client CPU µs/request", "p50 / p99 µs", "seed"};

Cells CellsOf(const HeadlineRow& row) {
  return {row.question, row.result, row.against, row.cpu, row.latency, row.before};
}

// Columns on the screen: UTF-8 continuation bytes take none.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Line(const Cells& cells, const std::array<std::size_t, 6>& widths, Format format) {
  const bool markdown = format == Format::kMarkdown;
  std::string line = markdown ? "|" : "";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::size_t padding = markdown ? 0 : widths[i] - Width(cells[i]);
    if (markdown) {
      line += " " + cells[i] + " |";
    } else {
      line += cells[i] + std::string(i + 1 < cells.size() ? padding + 2 : 0, ' ');
    }
  }
  return line + "\n";
}

}  // namespace

std::string Render(const std::vector<HeadlineRow>& rows, Format format) {
  std::array<std::size_t, 6> widths{};
  const auto widen = [&](const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], Width(cells[i]));
  };
  widen(kTitles);
  for (const HeadlineRow& row : rows) widen(CellsOf(row));

  std::string text = Line(kTitles, widths, format);
  Cells rule;
  for (std::size_t i = 0; i < rule.size(); ++i) {
    rule[i] = std::string(format == Format::kMarkdown ? 3 : widths[i], '-');
  }
  text += Line(rule, widths, format);
  for (const HeadlineRow& row : rows) text += Line(CellsOf(row), widths, format);
  return text;
}

}  // namespace assay::report
