#include "assay/transport/request_writer.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;
// Around a piece in the buffer: "4000\r\n" before it, "\r\n" and "0\r\n\r\n" after it.
constexpr std::size_t kFrontBytes = 6;
constexpr std::size_t kBackBytes = 7;

Error BrokenPromise(std::uint64_t promised, const std::string& delivered) {
  return {ErrorCode::kInvalidRequest, "the body's source promised " + std::to_string(promised) +
                                          " bytes and delivered " + delivered};
}

}  // namespace

void RequestWriter::Start(const WireRequest& request) {
  request_ = &request;
  part_ = Part::kHead;
  pending_ = request.head;
  memory_ = request.body;
  reader_.reset();
  delivered_ = 0;
  opened_ = !request.source;
  last_ = !request.source && !request.chunked && memory_.empty();
}

Result<std::string_view> RequestWriter::Output() {
  // What cannot be opened should not be announced to the server.
  if (!opened_) {
    if (auto opened = Open(); !opened) return std::move(opened).error();
  }
  if (part_ == Part::kBody && pending_.empty()) {
    if (auto refilled = Refill(); !refilled) return std::move(refilled).error();
  }
  return pending_;
}

void RequestWriter::Sent(std::size_t bytes) {
  pending_.remove_prefix(bytes);
  if (!pending_.empty()) return;
  if (last_) return Finish();
  if (part_ == Part::kHead) part_ = request_->expect_continue ? Part::kWait : Part::kBody;
}

void RequestWriter::Continue() noexcept {
  if (part_ == Part::kWait) part_ = Part::kBody;
}

void RequestWriter::Finish() noexcept {
  part_ = Part::kDone;
  pending_ = {};
  reader_.reset();
}

Result<Done> RequestWriter::Open() {
  auto reader = request_->source->Open();
  if (!reader) return std::move(reader).error();
  reader_ = std::move(*reader);
  opened_ = true;
  if (request_->length != 0) return Done{};
  last_ = !request_->chunked;
  return ExpectEnd();
}

Result<Done> RequestWriter::Refill() {
  if (request_->chunked || reader_) buffer_.resize(kFrontBytes + kPieceBytes + kBackBytes);
  if (reader_) return RefillFromSource();
  if (!request_->chunked) {
    pending_ = std::exchange(memory_, {});
    last_ = true;
    return Done{};
  }
  const std::size_t bytes = std::min(memory_.size(), kPieceBytes);
  std::copy_n(memory_.begin(), bytes, buffer_.begin() + kFrontBytes);
  memory_.remove_prefix(bytes);
  Frame(bytes, memory_.empty());
  return Done{};
}

Result<Done> RequestWriter::RefillFromSource() {
  auto bytes = Read(std::span(buffer_).subspan(kFrontBytes, kPieceBytes));
  if (!bytes) return std::move(bytes).error();
  const auto& promised = request_->length;
  if (promised && delivered_ > *promised) {
    return BrokenPromise(*promised, std::to_string(delivered_) + " or more");
  }
  if (promised && *bytes == 0 && delivered_ < *promised) {
    return BrokenPromise(*promised, std::to_string(delivered_));
  }
  const bool last = promised ? delivered_ == *promised : *bytes == 0;
  // Asked before the last bytes go out, so that the server gets no body that looks complete.
  if (last && *bytes > 0) {
    if (auto ended = ExpectEnd(); !ended) return ended;
  }
  Frame(*bytes, last);
  return Done{};
}

Result<std::size_t> RequestWriter::Read(std::span<char> space) {
  auto bytes = reader_->Read(space);
  if (!bytes) return bytes;
  if (*bytes > space.size()) {
    return Error{ErrorCode::kInvalidRequest,
                 "the body's source was given room for " + std::to_string(space.size()) +
                     " bytes and says that it delivered " + std::to_string(*bytes)};
  }
  delivered_ += *bytes;
  return bytes;
}

// The reader has delivered all that was promised.
Result<Done> RequestWriter::ExpectEnd() {
  char extra = 0;
  auto bytes = Read({&extra, 1});
  if (!bytes) return std::move(bytes).error();
  if (*bytes == 0) return Done{};
  return BrokenPromise(*request_->length, std::to_string(delivered_) + " or more");
}

// Makes `bytes` of the buffer the next output: as they are, or as a chunk.
void RequestWriter::Frame(std::size_t bytes, bool last) {
  char* begin = buffer_.data() + kFrontBytes;
  char* end = begin + bytes;
  last_ = last;
  if (request_->chunked) {
    if (bytes > 0) {
      char digits[4];
      const auto digits_end = std::to_chars(digits, std::end(digits), bytes, 16).ptr;
      *--begin = '\n';
      *--begin = '\r';
      begin = std::copy_backward(digits, digits_end, begin);
      end = std::copy_n("\r\n", 2, end);
    }
    if (last) end = std::copy_n("0\r\n\r\n", 5, end);
  }
  pending_ = {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace assay
