// Undoes the content coding of a body, gzip or deflate, while it arrives.
//
// Use: Start(), then for each piece that arrives Decode() until it returns nothing,
// then Finish(). Output is handed out 16 KiB at the most at a time, so a body that
// grows a thousandfold costs no more than what the caller keeps of it; the limit is
// the caller's. Several gzip members in a row are one body (RFC 1952); deflate may
// have its zlib header (RFC 9110 section 8.4.1.2) or lack it, as some servers send it.
// Not thread-safe, not movable: zlib points into it. What zlib allocates is kept from
// one body to the next. Internal to transport: it includes zlib.
#ifndef ASSAY_TRANSPORT_CONTENT_DECODER_H_
#define ASSAY_TRANSPORT_CONTENT_DECODER_H_

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "assay/core/result.h"

namespace assay {

class ContentDecoder {
 public:
  ContentDecoder() = default;
  ~ContentDecoder() { inflateEnd(&stream_); }
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Expects a new body with this value of Content-Encoding: gzip, x-gzip or deflate,
  // in upper or lower case. False for any other, a list of them and "identity"
  // included: that body passes untouched.
  bool Start(std::string_view coding) noexcept;

  // Takes from the front of `input` and returns what that became, valid until the
  // next call; empty once all of `input` is used. kMalformedResponse names the coding
  // and what is wrong; then only Start() is of use.
  Result<std::string_view> Decode(std::string_view& input);

  // The body has ended: kMalformedResponse when that was too early. A body without
  // a single byte is fine.
  Result<Done> Finish() const;

 private:
  enum class Coding { kUntouched, kGzip, kDeflate };

  Result<Done> Begin(unsigned char first);
  Error Malformed(std::string_view what) const;

  Coding coding_ = Coding::kUntouched;
  bool begun_ = false;  // a byte has come
  bool ended_ = false;  // since then: the deflate stream or gzip member is complete
  std::uint64_t decoded_bytes_ = 0;
  z_stream stream_{};
  std::array<char, 16 * 1024> output_;
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_CONTENT_DECODER_H_
