#include "tools/regression/read/places.h"

#include <algorithm>

namespace assay::regression {

std::string Places::Of(std::size_t offset) {
  offset = std::min(offset, text_.size());
  while (offset < line_begin_) {
    --line_;
    const std::size_t newline = line_begin_ > 1 ? text_.rfind('\n', line_begin_ - 2) : text_.npos;
    line_begin_ = newline == text_.npos ? 0 : newline + 1;
    counted_ = line_begin_;
  }
  while (counted_ < offset) {
    const std::size_t newline = text_.substr(0, offset).find('\n', counted_);
    if (newline == std::string_view::npos) {
      counted_ = offset;
      break;
    }
    ++line_;
    line_begin_ = counted_ = newline + 1;
  }
  return std::to_string(line_) + ":" + std::to_string(offset - line_begin_ + 1);
}

}  // namespace assay::regression
