// Text of others, fit to stand in a line of ours.
#ifndef ASSAY_TOOLS_SERVE_ONE_LINE_H_
#define ASSAY_TOOLS_SERVE_ONE_LINE_H_

#include <algorithm>
#include <string>

namespace assay::serve {

// '?' for every control character: no line break, and nothing that moves a terminal's cursor.
inline std::string OneLine(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace assay::serve

#endif  // ASSAY_TOOLS_SERVE_ONE_LINE_H_
