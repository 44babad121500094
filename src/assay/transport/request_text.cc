#include "assay/transport/request_text.h"

#include <algorithm>
#include <array>

namespace assay {
namespace {

constexpr std::array<std::string_view, 4> kWrittenHere = {"Host", "Content-Length", "Connection",
                                                          "Transfer-Encoding"};

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

bool UsuallyHasBody(Method method) noexcept {
  return method == Method::kPost || method == Method::kPut || method == Method::kPatch;
}

}  // namespace

Result<std::string> RequestText(const Request& request, Pooling pooling) {
  const Url& url = request.url;
  if (url.target.empty() || url.target.front() != '/' ||
      !std::all_of(url.target.begin(), url.target.end(), IsVisible)) {
    return Invalid("target '" + url.target + "' is not a path without spaces or controls");
  }
  if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), IsVisible)) {
    return Invalid("host '" + url.host + "' is empty or has spaces or controls");
  }

  std::string text;
  text.append(ToString(request.method)).append(" ").append(url.target).append(" HTTP/1.1\r\n");
  text.append("Host: ").append(url.Authority()).append("\r\n");
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const Headers::Field field = request.headers[i];
    if (auto checked = CheckField(field); !checked) return std::move(checked).error();
    text.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (!request.body.empty() || UsuallyHasBody(request.method)) {
    text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  if (pooling == Pooling::kNaive) text.append("Connection: close\r\n");
  text.append("\r\n").append(request.body);
  return text;
}

}  // namespace assay
