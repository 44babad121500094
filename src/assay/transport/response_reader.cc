#include "assay/transport/response_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <optional>
#include <string>

namespace assay {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr int kMaxInterimResponses = 10;

// Stores what Beast finds. Chunk extensions are ignored, trailers are kept as fields.
class BeastParser : public http::basic_parser<false> {
 public:
  explicit BeastParser(Response& response) : response_(response) {}

 private:
  void on_request_impl(http::verb, boost::beast::string_view, boost::beast::string_view, int,
                       error_code&) override {}
  void on_response_impl(int status, boost::beast::string_view, int, error_code&) override {
    response_.status = status;
  }
  void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code&) override {
    response_.headers.Add(name, value);
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view body, error_code&) override {
    response_.body.append(body);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body,
                                 error_code&) override {
    response_.body.append(body);
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  Response& response_;
};

Error ToError(const error_code& ec, std::size_t max_header_bytes, std::size_t max_body_bytes) {
  if (ec == http::error::header_limit) {
    return {ErrorCode::kHeaderTooLarge, "response headers are larger than the limit of " +
                                            std::to_string(max_header_bytes) + " bytes"};
  }
  if (ec == http::error::body_limit) {
    return {ErrorCode::kBodyTooLarge, "response body is larger than the limit of " +
                                          std::to_string(max_body_bytes) + " bytes"};
  }
  return {ErrorCode::kMalformedResponse, "malformed response: " + ec.message()};
}

}  // namespace

// Beast's parsers serve one message, so a new one is made in the same place each time.
class ResponseReader::Parser : public std::optional<BeastParser> {};

ResponseReader::ResponseReader(const ConnectionOptions& options)
    : max_body_bytes_(options.max_body_bytes),
      max_header_bytes_(options.max_header_bytes),
      parser_(std::make_unique<Parser>()),
      // One byte more than the limit, so that a header section can be seen to exceed it.
      buffer_(std::max<std::size_t>(options.max_header_bytes + 1, 16 * 1024)) {}

ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;

void ResponseReader::Start(Method method) {
  method_ = method;
  begin_ = end_ = 0;
  interim_responses_ = 0;
  keep_alive_ = false;
  received_ = false;
  BeginMessage();
}

void ResponseReader::BeginMessage() {
  response_.Clear();
  header_bytes_ = 0;
  parser_->emplace(response_);
  BeastParser& parser = **parser_;
  parser.eager(true);
  parser.skip(method_ == Method::kHead);
  parser.header_limit(static_cast<std::uint32_t>(max_header_bytes_));
  parser.body_limit(max_body_bytes_);
}

std::span<char> ResponseReader::Space() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return std::span(buffer_).subspan(end_);
}

Result<ResponseReader::Progress> ResponseReader::Commit(std::size_t bytes) {
  end_ += bytes;
  received_ = true;
  return Parse();
}

Result<ResponseReader::Progress> ResponseReader::Parse() {
  while (begin_ < end_) {
    BeastParser& parser = **parser_;
    // Beast asserts that an end such as "0\r\n\r\n" comes whole. No chunked body
    // ends with fewer than five bytes to come, so waiting for them costs nothing.
    if (parser.is_header_done() && parser.chunked() && end_ - begin_ < 5) break;
    error_code ec;
    const bool in_header = !parser.is_header_done();
    const std::size_t used = parser.put({buffer_.data() + begin_, end_ - begin_}, ec);
    begin_ += used;
    // Beast applies its limit to each call; a section that dribbles in has to be counted here.
    if (in_header && !parser.is_header_done()) header_bytes_ += used;
    if (header_bytes_ > max_header_bytes_) ec = http::error::header_limit;
    if (ec == http::error::need_more) break;
    if (ec) return ToError(ec, max_header_bytes_, max_body_bytes_);
    if (!parser.is_done()) continue;
    if (EndMessage()) return Progress::kComplete;
    if (++interim_responses_ > kMaxInterimResponses) {
      return Error{ErrorCode::kMalformedResponse,
                   "malformed response: more than 10 interim (1xx) responses"};
    }
    BeginMessage();
  }
  // Beast has no limit for a chunk's header and for trailers; they have to fit in here.
  if (end_ - begin_ == buffer_.size()) {
    return Error{ErrorCode::kHeaderTooLarge, "a chunk header or the trailers are larger than " +
                                                 std::to_string(buffer_.size()) + " bytes"};
  }
  return Progress::kMore;
}

// False when the message was an interim response, with the real one still to come.
bool ResponseReader::EndMessage() {
  if (response_.status / 100 == 1 && response_.status != 101) return false;
  keep_alive_ = (*parser_)->keep_alive() && begin_ == end_;
  return true;
}

Result<ResponseReader::Progress> ResponseReader::Close() {
  BeastParser& parser = **parser_;
  if (!parser.got_some() || !parser.is_header_done()) {
    const bool nothing = !parser.got_some() && begin_ == end_;
    return Error{ErrorCode::kConnectionClosed,
                 nothing ? "connection closed before any byte of the response"
                         : "connection closed in the middle of the response headers"};
  }
  error_code ec;
  parser.put_eof(ec);
  if (!ec) return Progress::kComplete;  // keep_alive_ stays false: the peer has gone
  std::string message =
      "connection closed after " + std::to_string(response_.body.size()) + " bytes of the body";
  if (const auto length = parser.content_length_remaining()) {
    message += ", " + std::to_string(*length) + " missing";
  }
  return Error{ErrorCode::kConnectionClosed, std::move(message)};
}

}  // namespace assay
