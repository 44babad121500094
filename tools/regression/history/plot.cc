#include "tools/regression/history/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace assay::regression {
namespace {

constexpr std::size_t kLabel = 10;      // columns left of the axis
constexpr std::size_t kMaxSpacing = 3;  // columns from point to point in a short series

struct Glyphs {
  const char* point;
  const char* level;
  const char* mark;
  const char* axis;
};
constexpr Glyphs kUnicode = {"●", "─", "┊", "│"};
constexpr Glyphs kAscii = {"o", "-", ":", "|"};

std::string Format(double value) {
  char text[32];
  const double size = std::abs(value);
  const int digits = size < 10 ? 2 : size < 100 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f", size >= 1e6 || size == 0 ? 0 : digits, value);
  return text;
}

class Canvas {
 public:
  Canvas(const std::vector<double>& values, const PlotOptions& options)
      : values_(values),
        rows_(std::max<std::size_t>(options.height, 3)),
        glyphs_(options.ascii ? kAscii : kUnicode) {
    const std::size_t room = std::max<std::size_t>(options.width, 30) - kLabel - 1;
    const std::size_t gaps = values.size() > 1 ? values.size() - 1 : 1;
    columns_ = std::min(room, gaps * kMaxSpacing + 1);
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low_ = any_ ? std::min(low_, value) : value;
      high_ = any_ ? std::max(high_, value) : value;
      any_ = true;
    }
    cells_.assign(rows_ + 1, std::vector<std::string>(columns_, " "));
  }

  bool any() const { return any_; }
  double low() const { return low_; }
  double high() const { return high_; }

  void DrawMark(const PlotMark& mark) {
    if (mark.index >= values_.size()) return;
    const std::size_t column = Column(mark.index);
    for (std::size_t row = 0; row < rows_; ++row) cells_[row][column] = glyphs_.mark;
    cells_[rows_][column] = mark.letter;
  }

  void DrawLevel(std::size_t begin, std::size_t end) {
    std::vector<double> level;
    for (std::size_t i = begin; i < end; ++i) {
      if (std::isfinite(values_[i])) level.push_back(values_[i]);
    }
    if (level.empty()) return;
    std::sort(level.begin(), level.end());
    const std::size_t row = Row(level[(level.size() - 1) / 2]);
    for (std::size_t x = Column(begin); x <= Column(end - 1); ++x) cells_[row][x] = glyphs_.level;
  }

  void DrawPoints() {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (std::isfinite(values_[i])) cells_[Row(values_[i])][Column(i)] = glyphs_.point;
    }
  }

  std::string Text(const std::string& top, const std::string& bottom) const {
    std::string text;
    for (std::size_t row = 0; row <= rows_; ++row) {
      std::string line = Label(row == 0 ? top : row + 1 == rows_ ? bottom : "");
      line += row == rows_ ? " " : glyphs_.axis;
      for (const std::string& cell : cells_[row]) line += cell;
      line.erase(line.find_last_not_of(' ') + 1);
      if (row < rows_ || !line.empty()) text += line + "\n";
    }
    return text;
  }

 private:
  static std::string Label(const std::string& label) {
    // Columns, not bytes: "µ" has two.
    const auto wide = std::count_if(label.begin(), label.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
    });
    const auto columns = static_cast<std::size_t>(wide);
    return std::string(columns < kLabel ? kLabel - 1 - std::min(columns, kLabel - 1) : 0, ' ') +
           label + " ";
  }

  std::size_t Column(std::size_t index) const {
    if (values_.size() < 2) return 0;
    return index * (columns_ - 1) / (values_.size() - 1);
  }
  std::size_t Row(double value) const {
    if (high_ <= low_) return rows_ / 2;
    const double share = (high_ - value) / (high_ - low_);
    return static_cast<std::size_t>(std::lround(share * static_cast<double>(rows_ - 1)));
  }

  const std::vector<double>& values_;
  std::size_t rows_;
  const Glyphs& glyphs_;
  std::size_t columns_ = 1;
  double low_ = 0;
  double high_ = 0;
  bool any_ = false;
  std::vector<std::vector<std::string>> cells_;
};

}  // namespace

std::string PlotSeries(const std::vector<double>& values, const std::vector<PlotMark>& marks,
                       const PlotOptions& options) {
  Canvas canvas(values, options);
  if (!canvas.any()) return "";
  std::size_t begin = 0;
  for (const PlotMark& mark : marks) {
    if (mark.index <= begin || mark.index >= values.size()) continue;
    canvas.DrawLevel(begin, mark.index);
    begin = mark.index;
  }
  canvas.DrawLevel(begin, values.size());
  for (const PlotMark& mark : marks) canvas.DrawMark(mark);
  canvas.DrawPoints();
  return canvas.Text(ValueText(canvas.high(), options.unit, options.ascii),
                     ValueText(canvas.low(), options.unit, options.ascii));
}

std::string ValueText(double value, const std::string& unit, bool ascii) {
  if (unit == "ns") {
    if (std::abs(value) < 1e3) return Format(value) + " ns";
    if (std::abs(value) < 1e6) return Format(value / 1e3) + (ascii ? " us" : " µs");
    if (std::abs(value) < 1e9) return Format(value / 1e6) + " ms";
    return Format(value / 1e9) + " s";
  }
  const std::string tail = unit == "1/s" ? "/s" : unit;
  static constexpr std::array<const char*, 5> kPrefixes = {"", "k", "M", "G", "T"};
  std::size_t prefix = 0;
  while (std::abs(value) >= 1e3 && prefix + 1 < kPrefixes.size()) {
    value /= 1e3;
    ++prefix;
  }
  const std::string end = kPrefixes[prefix] + tail;
  return Format(value) + (end.empty() ? "" : " " + end);
}

}  // namespace assay::regression
