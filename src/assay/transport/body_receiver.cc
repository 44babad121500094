#include "assay/transport/body_receiver.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "assay/transport/content_decoder.h"

namespace assay {

BodyReceiver::BodyReceiver(std::size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

BodyReceiver::~BodyReceiver() = default;
BodyReceiver::BodyReceiver(BodyReceiver&&) noexcept = default;

void BodyReceiver::Start(const BodyHandling& handling) {
  handling_ = handling;
  plain_ = kept_ = handling.target == nullptr && !handling.decode && !handling.drop_redirect_bodies;
  limit_ = max_body_bytes_;
  decoding_ = false;
  taken_ = 0;
  sink_.reset();
}

Result<Done> BodyReceiver::Open(const Response& response, std::uint64_t length) {
  const bool dropped = handling_.drop_redirect_bodies && IsRedirect(response.status);
  const bool streamed = handling_.target != nullptr && !dropped;
  kept_ = !streamed && !dropped;
  // What is dropped is no body that anybody asked for, however long it may be.
  limit_ = streamed ? std::numeric_limits<std::uint64_t>::max() : max_body_bytes_;
  decoding_ = handling_.decode && !dropped && StartDecoding(response.headers);
  plain_ = kept_ && !decoding_;
  if (!decoding_ && length > limit_) return TooLarge();
  if (!streamed) return Done{};
  auto sink = handling_.target->Open(response);
  if (!sink) return std::move(sink).error();
  sink_ = std::move(*sink);
  return Done{};
}

bool BodyReceiver::StartDecoding(const Headers& headers) {
  std::optional<std::string_view> coding;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Headers::Field field = headers[i];
    if (!EqualIgnoringCase(field.name, "Content-Encoding")) continue;
    if (coding) return false;  // two fields are a list, and a list passes untouched
    coding = field.value;
  }
  if (!coding) return false;
  if (!decoder_) decoder_ = std::make_unique<ContentDecoder>();
  return decoder_->Start(*coding);
}

Result<Done> BodyReceiver::Take(std::string_view piece, Response& response) {
  taken_ += piece.size();
  if (!decoding_) return Deliver(piece, response);
  for (;;) {
    auto decoded = decoder_->Decode(piece);
    if (!decoded) return std::move(decoded).error();
    if (decoded->empty()) return Done{};
    if (auto delivered = Deliver(*decoded, response); !delivered) return delivered;
  }
}

Result<Done> BodyReceiver::Deliver(std::string_view piece, Response& response) {
  if (piece.size() > limit_ - response.body_bytes) return TooLarge();
  response.body_bytes += piece.size();
  if (kept_) response.body.append(piece);
  return sink_ ? sink_->Write(piece) : Done{};
}

Result<Done> BodyReceiver::End() {
  sink_.reset();
  return decoding_ ? decoder_->Finish() : Done{};
}

Error BodyReceiver::TooLarge() const {
  return {ErrorCode::kBodyTooLarge,
          "response body is larger than the limit of " + std::to_string(limit_) + " bytes"};
}

}  // namespace assay
