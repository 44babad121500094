#include "tools/table/table.h"

#include <algorithm>
#include <cstddef>

namespace assay::table {
namespace {

constexpr std::size_t kGap = 2;  // columns between two cells

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

// The byte at which character `index` begins; the end for one beyond it.
std::size_t OffsetOf(std::string_view text, std::size_t index) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (BeginsCharacter(text[i]) && index-- == 0) return i;
  }
  return text.size();
}

}  // namespace

std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, BeginsCharacter));
}

std::string Shortened(const std::string& text, std::size_t width) {
  const std::size_t all = WidthOf(text);
  if (all <= width) return text;
  const std::size_t tail = (width - 3) / 2;
  const std::size_t head = width - 3 - tail;
  return text.substr(0, OffsetOf(text, head)) + "..." + text.substr(OffsetOf(text, all - tail));
}

std::string EscapedForMarkdown(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '<') escaped += '\\';
    escaped += c == '\n' || c == '\r' ? ' ' : c;
  }
  return escaped;
}

void Table::Add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

void Table::DropEmptyColumns() {
  for (std::size_t i = columns_.size(); i-- > 1;) {
    const auto is_empty = [i](const auto& cells) { return cells[i].empty(); };
    if (!std::ranges::all_of(rows_, is_empty)) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    columns_.erase(columns_.begin() + at);
    for (auto& cells : rows_) cells.erase(cells.begin() + at);
  }
}

std::vector<std::string> Table::Titles() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  return titles;
}

std::vector<std::size_t> Table::Widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = WidthOf(columns_[i].title);
    for (const auto& cells : rows_) width = std::max(width, WidthOf(cells[i]));
    widths.push_back(width);
  }
  return widths;
}

std::size_t Table::Width() const {
  std::size_t sum = kGap * (columns_.size() - 1);
  for (const std::size_t width : Widths()) sum += width;
  return sum;
}

std::string Table::Line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    const std::string cell = i == 0 ? Shortened(cells[i], widths[i]) : cells[i];
    const std::string padding(widths[i] - WidthOf(cell), ' ');
    line += columns_[i].align == Align::kRight ? padding + cell : cell + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::vector<std::string> Table::Lines(std::size_t most) const {
  std::vector<std::size_t> widths = Widths();
  const std::size_t others = Width() - widths[0];
  const std::size_t left = most > others ? most - others : 0;
  widths[0] = std::min(widths[0], std::max(kLeastFirst, left));
  std::vector<std::string> lines = {Line(Titles(), widths)};
  for (const auto& cells : rows_) lines.push_back(Line(cells, widths));
  return lines;
}

std::string Table::Rule() const {
  std::string rule;
  for (const std::size_t width : Widths()) {
    rule += std::string(rule.empty() ? 0 : kGap, ' ') + std::string(width, '-');
  }
  return rule;
}

std::string Table::Markdown() const {
  const auto line = [](const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& cell : cells) text += " " + EscapedForMarkdown(cell) + " |";
    return text + "\n";
  };
  std::string text = line(Titles()) + "|";
  for (const Column& column : columns_) {
    text += column.align == Align::kRight ? " ---: |" : " --- |";
  }
  text += "\n";
  for (const auto& cells : rows_) text += line(cells);
  return text;
}

}  // namespace assay::table
