// A table as text: for the terminal in aligned columns, or as Markdown.
//
// Knows nothing of what the cells mean. Cells are UTF-8 without tabs; each code point
// counts as one column on the screen. Not done here: colours, and breaking a cell into
// several lines. For one thread at a time.
#ifndef ASSAY_TOOLS_TABLE_TABLE_H_
#define ASSAY_TOOLS_TABLE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::table {

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

class Table {
 public:
  // At least one column.
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // A cell for each column from the left; those left out are empty, more are dropped.
  void Add(std::vector<std::string> cells);

  // Takes the columns away, titles too, in which no row has anything; never the first.
  void DropEmptyColumns();

  bool empty() const { return rows_.empty(); }

  // Columns on the screen that Lines() takes without a limit.
  std::size_t Width() const;

  // Titles, then a line for each row, without line ends and trailing spaces. So that a
  // line takes no more than `most` columns on the screen, the cells of the first column
  // are shortened in the middle, down to kLeastFirst columns.
  std::vector<std::string> Lines(std::size_t most = kNoLimit) const;

  // The line of dashes that may stand below the titles of Lines() without a limit.
  std::string Rule() const;

  // Titles, rule and rows, each with its line end; no cell can break the table.
  std::string Markdown() const;

  static constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);
  static constexpr std::size_t kLeastFirst = 20;

 private:
  std::vector<std::size_t> Widths() const;
  std::string Line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;
  std::vector<std::string> Titles() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// Columns of `text` on the screen.
std::size_t WidthOf(std::string_view text);

// At most `width` columns of it, which is at least 3: the middle becomes "...", because
// both ends tell names apart.
std::string Shortened(const std::string& text, std::size_t width);

// In one line, and with what Markdown would take for markup or a tag or the end of a
// cell escaped.
std::string EscapedForMarkdown(std::string_view text);

}  // namespace assay::table

#endif  // ASSAY_TOOLS_TABLE_TABLE_H_
