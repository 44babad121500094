// A series over its commits, drawn with characters.
#ifndef ASSAY_TOOLS_REGRESSION_HISTORY_PLOT_H_
#define ASSAY_TOOLS_REGRESSION_HISTORY_PLOT_H_

#include <cstddef>
#include <string>
#include <vector>

namespace assay::regression {

struct PlotOptions {
  std::size_t width = 100;  // columns, at least 30
  std::size_t height = 12;  // rows of the drawing itself, at least 3
  bool ascii = false;       // else block and box characters
  std::string unit{};       // of the values, for the axis
};

struct PlotMark {
  std::size_t index;   // the first point of a new level
  std::string letter;  // one column wide, drawn below: "1"
};

// Points from left to right, the levels between marks as lines through their medians,
// a vertical line at each mark. Values that are not finite leave a gap. With more
// points than columns several share one. Lines of at most `width` columns, each with
// its end, none with spaces at the end; empty for no finite value.
std::string PlotSeries(const std::vector<double>& values, const std::vector<PlotMark>& marks,
                       const PlotOptions& options);

// Three digits with the unit that fits: "1.23 µs", "45.6 k/s"; `ascii` writes "us".
std::string ValueText(double value, const std::string& unit, bool ascii);

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_HISTORY_PLOT_H_
