#include "tools/regression/read/notes.h"

#include <algorithm>

namespace assay::regression {

void Notes::Add(std::size_t offset, std::string_view text) {
  const auto same = std::find_if(notes_.begin(), notes_.end(),
                                 [text](const Note& note) { return note.text == text; });
  if (same != notes_.end()) {
    same->offset = std::min(same->offset, offset);
    ++same->count;
  } else if (notes_.size() < kMost) {
    notes_.push_back(Note{offset, 1, std::string(text)});
  } else {
    ++untold_;
  }
}

std::vector<std::string> Notes::Render(Places& places) const {
  std::vector<Note> sorted = notes_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Note& a, const Note& b) { return a.offset < b.offset; });
  std::vector<std::string> lines;
  lines.reserve(sorted.size() + 1);
  for (const Note& note : sorted) {
    std::string line = places.Of(note.offset) + ": " + note.text;
    if (note.count > 1) line += " (" + std::to_string(note.count) + " times)";
    lines.push_back(std::move(line));
  }
  if (untold_ > 0) lines.push_back("and " + std::to_string(untold_) + " more of other kinds");
  return lines;
}

}  // namespace assay::regression
