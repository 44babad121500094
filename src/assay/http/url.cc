#include "assay/http/url.h"

#include <boost/url/parse.hpp>
#include <boost/url/src.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace assay {
namespace {

Error Invalid(std::string_view text, std::string_view why) {
  return {ErrorCode::kInvalidRequest, "url '" + std::string(text) + "': " + std::string(why)};
}

std::uint16_t OwnPort(bool tls) noexcept { return tls ? 443 : 80; }

}  // namespace

Result<Url> Url::Parse(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) {
    return Invalid(text, "not an absolute URL such as http://127.0.0.1:8080/get");
  }
  const boost::urls::url_view& view = *parsed;
  const boost::urls::scheme scheme = view.scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) {
    return Invalid(
        text, "scheme '" + std::string(view.scheme()) + "' is not supported, only http and https");
  }
  if (view.has_userinfo()) return Invalid(text, "user information is not supported");

  Url url;
  url.tls = scheme == boost::urls::scheme::https;
  url.port = OwnPort(url.tls);
  url.host = view.host_type() == boost::urls::host_type::ipv6 ? view.host_address() : view.host();
  if (url.host.empty()) return Invalid(text, "the host is empty");
  // Of a port that is no number Boost makes the beginning of the path.
  if (!view.encoded_path().empty() && view.encoded_path().front() != '/') {
    return Invalid(text, "the port must be 1 to 65535");
  }
  if (view.has_port() && !view.port().empty()) {
    const std::string port(view.port());  // Boost's own port_number() wraps around above 65535
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (ec != std::errc() || end != port.data() + port.size() || url.port == 0) {
      return Invalid(text, "the port must be 1 to 65535");
    }
  }
  if (!view.encoded_target().empty()) url.target = std::string(view.encoded_target());
  if (url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

std::string Url::Authority() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::string authority = ipv6 ? "[" + host + "]" : host;
  if (port != OwnPort(tls)) authority += ":" + std::to_string(port);
  return authority;
}

std::string Url::ToString() const { return (tls ? "https://" : "http://") + Authority() + target; }

}  // namespace assay
