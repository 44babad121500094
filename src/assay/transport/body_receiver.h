// Takes the body of a response as it arrives to where it belongs: into the
// Response, to a sink or nowhere, decoded if that was asked for, under its limit.
//
// Use: Start(), Open() when the header section is complete, Take() for each piece
// without its framing, End(). Not thread-safe. Internal to transport.
#ifndef ASSAY_TRANSPORT_BODY_RECEIVER_H_
#define ASSAY_TRANSPORT_BODY_RECEIVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "assay/core/result.h"
#include "assay/http/body_sink.h"
#include "assay/http/response.h"

namespace assay {

class ContentDecoder;

struct BodyHandling {
  // Gets the body instead of Response::body; outlives the exchange.
  const BodyTarget* target = nullptr;
  // Undo gzip and deflate. The header fields stay as they came.
  bool decode = false;
  // Nobody will look at the body of a redirect (301, 302, 303, 307, 308): it is read
  // and dropped, as it came, and `target` does not hear of it.
  bool drop_redirect_bodies = false;
};

class BodyReceiver {
 public:
  explicit BodyReceiver(std::size_t max_body_bytes);
  ~BodyReceiver();
  BodyReceiver(BodyReceiver&&) noexcept;

  void Start(const BodyHandling& handling);

  // `length` is what the header section says of the body on the wire, 0 where it says
  // nothing. kBodyTooLarge, or the error of the target.
  Result<Done> Open(const Response& response, std::uint64_t length);

  // kBodyTooLarge, kMalformedResponse from the decoder, or the error of the sink.
  Result<Done> Take(std::string_view piece, Response& response);

  // Open() and Take() for a body that goes into the Response as it is, for the sake of
  // speed; false, and nothing done, where there is more to it. End() has nothing to do
  // where the body is plain().
  bool OpenPlain(std::uint64_t length) const noexcept { return plain_ && length <= limit_; }
  bool TakePlain(std::string_view piece, Response& response) {
    if (!plain_ || piece.size() > limit_ - response.body_bytes) return false;
    taken_ += piece.size();
    response.body_bytes += piece.size();
    response.body.append(piece);
    return true;
  }
  bool plain() const noexcept { return plain_; }

  // The body is complete on the wire: kMalformedResponse if it was encoded and is not.
  Result<Done> End();

  // Bytes taken since Start(), still encoded.
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  Result<Done> Deliver(std::string_view piece, Response& response);
  bool StartDecoding(const Headers& headers);
  Error TooLarge() const;

  std::uint64_t max_body_bytes_;
  BodyHandling handling_{};
  std::uint64_t limit_ = 0;  // for this body
  bool kept_ = false;        // goes into the Response
  bool decoding_ = false;
  bool plain_ = false;  // kept and not decoded
  std::uint64_t taken_ = 0;
  std::unique_ptr<BodySink> sink_{};
  std::unique_ptr<ContentDecoder> decoder_{};  // since the first encoded body
};

}  // namespace assay

#endif  // ASSAY_TRANSPORT_BODY_RECEIVER_H_
