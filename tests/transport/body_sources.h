// Body sources that deliver, fall short and fail as a test asks.
#ifndef ASSAY_TESTS_TRANSPORT_BODY_SOURCES_H_
#define ASSAY_TESTS_TRANSPORT_BODY_SOURCES_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "assay/http/body_source.h"

namespace assay::testing_bodies {

// Delivers `text` in pieces of at most `step` bytes, then fails with `error` if there is one.
class TextReader : public BodyReader {
 public:
  TextReader(std::string text, std::size_t step, std::optional<Error> error)
      : text_(std::move(text)), step_(step), error_(std::move(error)) {}

  Result<std::size_t> Read(std::span<char> space) override {
    const std::size_t bytes = std::min({step_, space.size(), text_.size() - at_});
    if (bytes == 0 && error_) return *error_;
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), bytes, space.begin());
    at_ += bytes;
    return bytes;
  }

 private:
  const std::string text_;
  const std::size_t step_;
  const std::optional<Error> error_;
  std::size_t at_ = 0;
};

inline std::shared_ptr<const BodySource> Source(std::string text,
                                                std::optional<std::uint64_t> length,
                                                std::size_t step = 1'000'000,
                                                std::optional<Error> error = {}) {
  return GeneratedBody(
      [=]() -> Result<std::unique_ptr<BodyReader>> {
        return std::unique_ptr<BodyReader>(std::make_unique<TextReader>(text, step, error));
      },
      length);
}

}  // namespace assay::testing_bodies

#endif  // ASSAY_TESTS_TRANSPORT_BODY_SOURCES_H_
