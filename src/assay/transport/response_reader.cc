#include "assay/transport/response_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace assay {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr int kMaxInterimResponses = 10;

// Stores what Beast finds and refuses what Beast lets through. Chunk extensions are
// ignored, trailers are kept as fields.
class BeastParser : public http::basic_parser<false> {
 public:
  BeastParser(Response& response, BodyReceiver& body) : response_(response), body_(body) {}

  std::size_t Put(const char* begin, std::size_t size, error_code& ec) {
    input_end_ = begin + size;
    return put({begin, size}, ec);
  }

  // Why one of the functions below has stopped the parser, if it was one of them.
  const std::optional<Error>& failure() const noexcept { return failure_; }

  bool interim() const noexcept { return response_.status < 200; }

  // What comes next is a chunk's header, or the end of the body.
  bool between_chunks() const { return is_header_done() && chunked() && chunk_left_ == 0; }

  bool reusable() const {
    // Who speaks HTTP/1.0 has no chunks, so its framing is not to be trusted
    // (RFC 9112 section 6.1).
    return keep_alive() && !(version_ == 10 && chunked());
  }

 private:
  void on_request_impl(http::verb, boost::beast::string_view, boost::beast::string_view, int,
                       error_code&) override {}
  void on_response_impl(int status, boost::beast::string_view, int version,
                        error_code& ec) override {
    response_.status = status;
    version_ = version;
    if (status < 100) Refuse("the status is below 100", ec);
    if (status == 101) Refuse("101 Switching Protocols, which nobody asked for", ec);
  }
  void on_field_impl(http::field field, boost::beast::string_view name,
                     boost::beast::string_view value, error_code& ec) override {
    // Wraps around where the value is a copy elsewhere.
    const std::size_t value_at = Address(value.data()) - Address(name.data());
    const bool close = value_at <= name.size() + 3;  // a fold is longer, ":\r\n " at least
    if (!close || field == http::field::transfer_encoding) {
      return AddChecked(field, name, value_at, value, ec);
    }
    AddLine(name, value_at, value);
  }
  void on_header_impl(error_code& ec) override {
    if (interim()) return;
    // HEAD, 204 and 304 are done here, whatever their length says.
    const std::uint64_t length = is_done() ? 0 : content_length().value_or(0);
    if (!body_.OpenPlain(length)) Open(length, ec);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view body, error_code& ec) override {
    Take(body, ec);
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, boost::beast::string_view extensions,
                            error_code& ec) override {
    chunk_left_ = size;
    // In a quoted string Beast takes any byte, a line feed too.
    if (!extensions.empty() && std::any_of(extensions.begin(), extensions.end(), IsControl)) {
      Refuse("a control character in a chunk extension", ec);
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t left, boost::beast::string_view body,
                                 error_code& ec) override {
    chunk_left_ = left - body.size();
    Take(body, ec);
    return body.size();
  }
  void on_finish_impl(error_code& ec) override {
    if (!body_.plain()) End(ec);
  }

  void Take(std::string_view body, error_code& ec) {
    if (!body_.TakePlain(body, response_)) TakeElsewhere(body, ec);
  }
  [[gnu::noinline]] void Open(std::uint64_t length, error_code& ec) {
    Check(body_.Open(response_, length), ec);
  }
  [[gnu::noinline]] void TakeElsewhere(std::string_view body, error_code& ec) {
    Check(body_.Take(body, response_), ec);
  }
  [[gnu::noinline]] void End(error_code& ec) { Check(body_.End(), ec); }

  static bool IsControl(char c) noexcept {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  }

  static std::uintptr_t Address(const char* at) noexcept {
    return reinterpret_cast<std::uintptr_t>(at);
  }

  void AddLine(std::string_view name, std::size_t value_at, std::string_view value) {
    response_.headers.AddLine({name.data(), value_at + value.size()}, name.size(), value_at);
  }

  [[gnu::noinline]] void AddChecked(http::field field, std::string_view name, std::size_t value_at,
                                    std::string_view value, error_code& ec) {
    // Beast joins folded lines (obs-fold): the value is a copy, or begins on a later line.
    const bool copy = value_at > static_cast<std::size_t>(input_end_ - name.data());
    if (copy || std::find(name.end(), name.data() + value_at, '\r') != name.data() + value_at) {
      return Refuse("a header field is folded over two lines", ec);
    }
    // Beast takes any coding before "chunked", and a body up to the end of the connection after it.
    if (field == http::field::transfer_encoding && value != "chunked" &&
        !EqualIgnoringCase(value, "chunked")) {
      return Refuse("a Transfer-Encoding other than 'chunked'", ec);
    }
    AddLine(name, value_at, value);
  }

  void Check(const Result<Done>& done, error_code& ec) {
    if (!done) Fail(done.error(), ec);
  }
  // Not inlined: these would slow down the functions that hardly ever call them.
  [[gnu::cold]] void Refuse(const char* what, error_code& ec) {
    Fail({ErrorCode::kMalformedResponse, std::string("malformed response: ") + what}, ec);
  }
  [[gnu::cold]] void Fail(Error error, error_code& ec) {
    failure_ = std::move(error);
    ec = http::error::bad_value;  // any will do
  }

  Response& response_;
  BodyReceiver& body_;
  const char* input_end_ = nullptr;
  int version_ = 0;
  std::uint64_t chunk_left_ = 0;
  std::optional<Error> failure_;
};

Error ToError(const BeastParser& parser, const error_code& ec, std::size_t max_header_bytes) {
  if (parser.failure()) return *parser.failure();
  if (ec == http::error::header_limit) {
    return {ErrorCode::kHeaderTooLarge, "response headers are larger than the limit of " +
                                            std::to_string(max_header_bytes) + " bytes"};
  }
  return {ErrorCode::kMalformedResponse, "malformed response: " + ec.message()};
}

}  // namespace

// Beast's parsers serve one message, so a new one is made in the same place each time.
class ResponseReader::Parser : public std::optional<BeastParser> {};

ResponseReader::ResponseReader(const ConnectionOptions& options)
    : body_(options.max_body_bytes),
      max_header_bytes_(options.max_header_bytes),
      head_(max_header_bytes_),
      parser_(std::make_unique<Parser>()),
      // One byte more than the limit, so that a header section can be seen to exceed it.
      buffer_(std::max<std::size_t>(options.max_header_bytes + 1, 16 * 1024)) {}

ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;

void ResponseReader::Start(Method method, const BodyHandling& handling) {
  method_ = method;
  body_.Start(handling);
  begin_ = end_ = 0;
  interim_responses_ = 0;
  keep_alive_ = false;
  received_ = false;
  continue_received_ = false;
  BeginMessage();
}

bool ResponseReader::head_complete() const noexcept {
  return *parser_ && (*parser_)->is_header_done() && !(*parser_)->interim();
}

void ResponseReader::BeginMessage() {
  response_.Clear();
  head_ = HeadScanner(max_header_bytes_);
  parser_->emplace(response_, body_);
  BeastParser& parser = **parser_;
  parser.skip(method_ == Method::kHead);
  parser.eager(true);
  // head_ and body_ have their own.
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);
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
    error_code ec;
    std::size_t size = end_ - begin_;
    const bool in_head = !parser.is_header_done();
    if (in_head) {
      size = HeadPart(ec);
    } else if (size < 5 && parser.between_chunks()) {
      // Beast asserts that an end such as "0\r\n\r\n" comes whole. No chunked body
      // ends with fewer than five bytes to come, so waiting for them costs nothing.
      size = 0;
    }
    if (ec) return ToError(parser, ec, max_header_bytes_);
    if (size == 0) break;
    const std::size_t used = parser.Put(buffer_.data() + begin_, size, ec);
    begin_ += used;
    if (ec == http::error::need_more && used < size) {
      if (!in_head) break;
      return Error{ErrorCode::kMalformedResponse, "malformed response: a line ends too early"};
    }
    if (ec && ec != http::error::need_more) return ToError(parser, ec, max_header_bytes_);
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

// The size of the next part of the head, 0 while it is not all there.
std::size_t ResponseReader::HeadPart(error_code& ec) {
  switch (head_.Scan({buffer_.data() + begin_, end_ - begin_})) {
    case HeadScanner::Found::kPart: return head_.size();
    case HeadScanner::Found::kNotHttp: ec = http::error::bad_version; break;
    case HeadScanner::Found::kBareLineFeed: ec = http::error::bad_line_ending; break;
    case HeadScanner::Found::kTooLarge: ec = http::error::header_limit; break;
    case HeadScanner::Found::kMore: break;
  }
  return 0;
}

// False when the message was an interim response, with the real one still to come.
bool ResponseReader::EndMessage() {
  if ((*parser_)->interim()) {
    continue_received_ = continue_received_ || response_.status == 100;
    return false;
  }
  keep_alive_ = (*parser_)->reusable() && begin_ == end_;
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
  if (parser.failure()) return *parser.failure();
  if (!ec) return Progress::kComplete;  // keep_alive_ stays false: the peer has gone
  std::string message =
      "connection closed after " + std::to_string(body_.taken()) + " bytes of the body";
  if (const auto length = parser.content_length_remaining()) {
    message += ", " + std::to_string(*length) + " missing";
  }
  return Error{ErrorCode::kConnectionClosed, std::move(message)};
}

}  // namespace assay
