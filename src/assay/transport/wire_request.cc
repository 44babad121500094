#include "assay/transport/wire_request.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::string_view, 5> kWrittenHere = {"Host", "Content-Length", "Connection",
                                                          "Transfer-Encoding", "Expect"};

bool IsTokenCharacter(char c) noexcept {  // RFC 9110 section 5.6.2
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsVisible(char c) noexcept { return c > ' ' && c < '\x7f'; }

bool IsFieldCharacter(char c) noexcept {
  return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

Error Invalid(std::string what) { return {ErrorCode::kInvalidRequest, std::move(what)}; }

Result<Done> CheckField(const Headers::Field& field) {
  if (field.name.empty() || !std::all_of(field.name.begin(), field.name.end(), IsTokenCharacter)) {
    return Invalid("header name '" + std::string(field.name) + "' is not a token");
  }
  if (!std::all_of(field.value.begin(), field.value.end(), IsFieldCharacter)) {
    return Invalid("header '" + std::string(field.name) + "': the value has a control character");
  }
  const Headers one = {field};
  for (const std::string_view name : kWrittenHere) {
    if (one.Get(name)) {
      return Invalid("header '" + std::string(field.name) + "' is written by the transport");
    }
  }
  return Done{};
}

Result<Done> CheckUrl(const Url& url) {
  if (url.target.empty() || url.target.front() != '/' ||
      !std::all_of(url.target.begin(), url.target.end(), IsVisible)) {
    return Invalid("target '" + url.target + "' is not a path without spaces or controls");
  }
  if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), IsVisible)) {
    return Invalid("host '" + url.host + "' is empty or has spaces or controls");
  }
  return Done{};
}

bool UsuallyHasBody(Method method) noexcept {
  return method == Method::kPost || method == Method::kPut || method == Method::kPatch;
}

// What the header section says about the body.
void AppendFraming(const WireRequest& wire, std::uint64_t length, std::string& head) {
  if (wire.chunked) {
    head.append("Transfer-Encoding: chunked\r\n");
  } else if (length > 0 || wire.source || UsuallyHasBody(wire.method)) {
    head.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
  }
  if (wire.expect_continue) head.append("Expect: 100-continue\r\n");
}

}  // namespace

Result<WireRequest> ToWire(const Request& request, Pooling pooling, bool decode) {
  if (auto checked = CheckUrl(request.url); !checked) return std::move(checked).error();
  if (request.body_source && !request.body.empty()) {
    return Invalid("body and body_source are both set, a request has one body");
  }
  WireRequest wire{.source = request.body_source, .method = request.method};
  if (wire.source) wire.length = wire.source->length();
  const bool unknown = wire.source && !wire.length;
  const std::uint64_t length = wire.length.value_or(request.body.size());
  wire.chunked = request.chunked || unknown;
  // RFC 9110 section 10.1.1: not without a body.
  wire.expect_continue = request.expect_continue && (length > 0 || unknown);

  std::string& head = wire.head;
  head.append(ToString(request.method)).append(" ").append(request.url.target);
  head.append(" HTTP/1.1\r\nHost: ").append(request.url.Authority()).append("\r\n");
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const Headers::Field field = request.headers[i];
    if (auto checked = CheckField(field); !checked) return std::move(checked).error();
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  AppendFraming(wire, length, head);
  if (decode && !request.headers.Get("Accept-Encoding")) {
    head.append("Accept-Encoding: gzip, deflate\r\n");
  }
  if (pooling == Pooling::kNaive) head.append("Connection: close\r\n");
  head.append("\r\n");
  (wire.chunked || wire.expect_continue ? wire.body : head).append(request.body);
  return wire;
}

}  // namespace assay
