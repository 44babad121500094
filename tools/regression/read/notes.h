// What was unusual in one document, told once however often it happened.
//
// A report of 100,000 entries with the same oddity gives one note with the first
// place and a count; after kMost different notes the rest is counted only, so that
// no input makes the notes longer than a screen. For one document and one thread.
#ifndef ASSAY_TOOLS_REGRESSION_READ_NOTES_H_
#define ASSAY_TOOLS_REGRESSION_READ_NOTES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/regression/read/places.h"

namespace assay::regression {

class Notes {
 public:
  static constexpr std::size_t kMost = 20;

  void Add(std::size_t offset, std::string_view text);

  // "LINE:COLUMN: text", in the order of first places, with a count where there is one.
  std::vector<std::string> Render(Places& places) const;

 private:
  struct Note {
    std::size_t offset;
    std::size_t count;
    std::string text;
  };

  std::vector<Note> notes_;
  std::size_t untold_ = 0;
};

}  // namespace assay::regression

#endif  // ASSAY_TOOLS_REGRESSION_READ_NOTES_H_
