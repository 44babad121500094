// Line and column of a byte of a text, for messages.
//
// Both count from 1 and columns count bytes, as compilers do. One finder serves one
// text and one thread; offsets asked for in ascending order cost one pass together.
#ifndef ASSAY_TOOLS_REGRESSION_READ_PLACES_H_
#define ASSAY_TOOLS_REGRESSION_READ_PLACES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace assay::regression {

class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  // "LINE:COLUMN"; an offset beyond the end is the end.
  std::string Of(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t line_ = 1;        // of the last answer
  std::size_t line_begin_ = 0;  // where that line starts
  std::size_t counted_ = 0;     // newlines before this offset are counted
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_PLACES_H_
