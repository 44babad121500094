// Request bodies that are read while they are sent, so that they need not fit
// into memory.
//
// A source makes one reader for each attempt: the first one, a retry, and a
// redirect that keeps its body. length() and Open() may be called from several
// threads at once, a reader from one at a time. Nothing here may throw.
#ifndef ASSAY_HTTP_BODY_SOURCE_H_
#define ASSAY_HTTP_BODY_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "assay/core/result.h"

namespace assay {

class BodyReader {
 public:
  virtual ~BodyReader() = default;

  // Fills the front of `space`, which is never empty, and says how many bytes that
  // were; 0 is the end of the body. Whoever sends waits for it, so it should not
  // block for long. After an error nothing more is read.
  virtual Result<std::size_t> Read(std::span<char> space) = 0;
};

class BodySource {
 public:
  virtual ~BodySource() = default;

  // How many bytes each reader delivers; nothing when that is not known, and the
  // body is then sent in chunks.
  virtual std::optional<std::uint64_t> length() const = 0;

  // A reader at the start of the body.
  virtual Result<std::unique_ptr<BodyReader>> Open() const = 0;
};

// A file, read from its start. Its length is taken now: a file that has become
// shorter or longer by the time it is read is kInvalidRequest, and so is one that
// cannot be opened, or a directory; a read that fails is kIo. Each names the file.
// What is no regular file, a pipe for instance, has no length.
std::shared_ptr<const BodySource> FileBody(std::string path);

// Whatever `make_reader` makes, once for each attempt. std::invalid_argument when
// there is no function; a null reader is kInvalidRequest.
std::shared_ptr<const BodySource> GeneratedBody(
    std::function<Result<std::unique_ptr<BodyReader>>()> make_reader,
    std::optional<std::uint64_t> length = std::nullopt);

}  // namespace assay

#endif  // ASSAY_HTTP_BODY_SOURCE_H_
