// Bytes for a ResponseReader, as the network may bring them.
#ifndef ASSAY_TESTS_TRANSPORT_READER_FEED_H_
#define ASSAY_TESTS_TRANSPORT_READER_FEED_H_

#include <algorithm>
#include <cstring>
#include <string_view>

#include "assay/transport/response_reader.h"

namespace assay {

// Feeds `text` in pieces of `step` bytes; the last progress or the first error.
inline Result<ResponseReader::Progress> Feed(ResponseReader& reader, std::string_view text,
                                             std::size_t step) {
  Result<ResponseReader::Progress> progress = ResponseReader::Progress::kMore;
  while (!text.empty()) {
    const std::span<char> space = reader.Space();
    const std::size_t bytes = std::min({step, text.size(), space.size()});
    std::memcpy(space.data(), text.data(), bytes);
    text.remove_prefix(bytes);
    progress = reader.Commit(bytes);
    if (!progress || *progress == ResponseReader::Progress::kComplete) return progress;
  }
  return progress;
}

}  // namespace assay

#endif  // ASSAY_TESTS_TRANSPORT_READER_FEED_H_
