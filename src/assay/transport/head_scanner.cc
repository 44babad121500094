#include "assay/transport/head_scanner.h"

#include <algorithm>

namespace assay {
namespace {

constexpr std::string_view kBegin = "HTTP/1.";

}  // namespace

HeadScanner::Found HeadScanner::Scan(std::string_view received) noexcept {
  const std::string_view part = received.substr(0, left_);
  if (status_line_ && part.substr(0, kBegin.size()) != kBegin.substr(0, part.size())) {
    return Found::kNotHttp;
  }
  std::size_t at = 0;
  while ((at = part.find('\n', scanned_)) != part.npos) {
    if (at == line_begin_ || part[at - 1] != '\r') return Found::kBareLineFeed;
    const bool empty = at == line_begin_ + 1;
    scanned_ = line_begin_ = at + 1;
    if (status_line_ || empty) return EndPart(at + 1);
  }
  scanned_ = part.size();
  return part.size() < received.size() ? Found::kTooLarge : Found::kMore;
}

HeadScanner::Found HeadScanner::EndPart(std::size_t size) noexcept {
  size_ = size;
  left_ -= size;
  scanned_ = line_begin_ = 0;
  status_line_ = false;
  return Found::kPart;
}

}  // namespace assay
