#include "assay/transport/content_decoder.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "assay/http/headers.h"

namespace assay {
namespace {

// zlib's names for the formats: the size of the window, and whether a header is expected.
constexpr int kGzipBits = 15 + 16;
constexpr int kZlibBits = 15;
constexpr int kRawBits = -15;

}  // namespace

bool ContentDecoder::Start(std::string_view coding) noexcept {
  coding_ = Coding::kUntouched;
  if (EqualIgnoringCase(coding, "gzip") || EqualIgnoringCase(coding, "x-gzip"))
    coding_ = Coding::kGzip;
  if (EqualIgnoringCase(coding, "deflate")) coding_ = Coding::kDeflate;
  begun_ = false;
  decoded_bytes_ = 0;
  return coding_ != Coding::kUntouched;
}

Result<std::string_view> ContentDecoder::Decode(std::string_view& input) {
  if (coding_ == Coding::kUntouched) return std::exchange(input, {});
  for (;;) {
    if (!begun_ || ended_) {
      if (input.empty()) return std::string_view();
      if (auto begun = Begin(static_cast<unsigned char>(input.front())); !begun) {
        return std::move(begun).error();
      }
    }
    const auto offered =
        static_cast<uInt>(std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max()));
    // zlib only reads there; its type is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
    stream_.avail_out = static_cast<uInt>(output_.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    input.remove_prefix(offered - stream_.avail_in);
    ended_ = code == Z_STREAM_END;
    // Z_BUF_ERROR only says that there was nothing left to do.
    if (code != Z_OK && code != Z_BUF_ERROR && !ended_) {
      return Malformed(stream_.msg != nullptr ? stream_.msg : zError(code));
    }
    const std::size_t bytes = output_.size() - stream_.avail_out;
    decoded_bytes_ += bytes;
    if (bytes > 0 || input.empty()) return std::string_view(output_.data(), bytes);
  }
}

// At the first byte of a body, and at what follows a complete one.
Result<Done> ContentDecoder::Begin(unsigned char first) {
  if (begun_ && coding_ == Coding::kDeflate) return Malformed("bytes after its end");
  // A zlib header has an 8 there. Without a header it would be a stored block with
  // padding that no encoder writes.
  const int deflate_bits = first % 16 == 8 ? kZlibBits : kRawBits;
  const int bits = coding_ == Coding::kGzip ? kGzipBits : deflate_bits;
  // Where memory is short this fails, and inflate() then says so.
  stream_.state == nullptr ? inflateInit2(&stream_, bits) : inflateReset2(&stream_, bits);
  begun_ = true;
  return Done{};
}

Result<Done> ContentDecoder::Finish() const {
  if (!begun_ || ended_) return Done{};
  return Malformed("ends too early, after " + std::to_string(decoded_bytes_) + " decoded bytes");
}

Error ContentDecoder::Malformed(std::string_view what) const {
  const std::string coding = coding_ == Coding::kGzip ? "gzip" : "deflate";
  return {ErrorCode::kMalformedResponse,
          "malformed response: " + coding + " body: " + std::string(what)};
}

}  // namespace assay
