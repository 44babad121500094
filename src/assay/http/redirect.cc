#include "assay/http/redirect.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace assay {
namespace {

constexpr std::array<std::string_view, 3> kSecrets = {"Authorization", "Cookie",
                                                      "Proxy-Authorization"};
constexpr std::string_view kAboutBody = "Content-";
constexpr std::array<std::string_view, 2> kAlsoAboutBody = {"Digest", "Last-Modified"};

// One line, whatever the server has sent.
std::string Printable(std::string_view text) {
  std::string printable(text);
  for (char& c : printable) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
  }
  return printable;
}

bool HasControl(std::string_view text) { return Printable(text) != text; }

// Boost keeps the ".." that lead above the root, RFC 3986 section 5.2.4 does not.
std::string BelowRoot(std::string target) {
  while (target.starts_with("/../")) target.erase(0, 3);
  if (target == "/.." || target.starts_with("/..?")) target.erase(1, 2);
  return target;
}

class Redirect {
 public:
  Redirect(const Request& request, const Response& response)
      : request_(request), response_(response) {}

  // Where it leads, with all that FollowRedirect() refuses but the limit.
  Result<Url> Destination(const RedirectOptions& options);

  Error Fail(ErrorCode code, std::string_view why) const {
    return {code, "redirect " + std::to_string(response_.status) + " from " +
                      request_.url.ToString() + " to '" + Printable(location_) +
                      "': " + std::string(why)};
  }

 private:
  Result<Done> FindLocation();
  Result<boost::urls::url> Resolve() const;

  const Request& request_;
  const Response& response_;
  std::string_view location_{};
};

Result<Done> Redirect::FindLocation() {
  int found = 0;
  for (std::size_t i = 0; i < response_.headers.size(); ++i) {
    const Headers::Field field = response_.headers[i];
    if (!EqualIgnoringCase(field.name, "Location")) continue;
    location_ = field.value;
    ++found;
  }
  if (found > 1) return Fail(ErrorCode::kMalformedResponse, "there is another Location");
  if (location_.empty()) return Fail(ErrorCode::kMalformedResponse, "the Location is missing");
  if (HasControl(location_)) {
    return Fail(ErrorCode::kMalformedResponse, "the Location has a control character");
  }
  return Done{};
}

Result<boost::urls::url> Redirect::Resolve() const {
  const std::string from = request_.url.ToString();
  const auto base = boost::urls::parse_uri(from);
  if (!base) return Fail(ErrorCode::kInvalidRequest, "the URL it comes from is malformed");
  const auto reference = boost::urls::parse_uri_reference(location_);
  boost::urls::url to;
  // Of a port that is no number Boost makes the beginning of the path.
  const bool bad_port = reference && reference->has_authority() &&
                        !reference->encoded_path().empty() &&
                        reference->encoded_path().front() != '/';
  if (!reference || bad_port || !boost::urls::resolve(*base, *reference, to)) {
    return Fail(ErrorCode::kMalformedResponse, "the Location is not a URL");
  }
  return to;
}

Result<Url> Redirect::Destination(const RedirectOptions& options) {
  if (auto found = FindLocation(); !found) return std::move(found).error();
  auto to = Resolve();
  if (!to) return std::move(to).error();
  const boost::urls::scheme scheme = to->scheme_id();
  if (scheme != boost::urls::scheme::http && scheme != boost::urls::scheme::https) {
    return Fail(ErrorCode::kRedirectRefused, "only http and https are followed");
  }
  auto url = Url::Parse(to->buffer());
  if (!url) return Fail(ErrorCode::kMalformedResponse, url.error().message);
  url->target = BelowRoot(std::move(url->target));
  if (request_.url.tls && !url->tls && !options.allow_https_to_http) {
    return Fail(ErrorCode::kRedirectRefused, "from https to http is not allowed");
  }
  return url;
}

bool SameOrigin(const Url& a, const Url& b) {
  return a.tls == b.tls && a.port == b.port && EqualIgnoringCase(a.host, b.host);
}

template <std::size_t kSize>
bool IsOneOf(std::string_view name, const std::array<std::string_view, kSize>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view other) { return EqualIgnoringCase(name, other); });
}

bool IsAboutBody(std::string_view name) {
  return EqualIgnoringCase(name.substr(0, kAboutBody.size()), kAboutBody) ||
         IsOneOf(name, kAlsoAboutBody);
}

Headers Kept(const Headers& headers, bool same_origin, bool same_body) {
  Headers kept;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Headers::Field field = headers[i];
    if (!same_origin && IsOneOf(field.name, kSecrets)) continue;
    if (!same_body && IsAboutBody(field.name)) continue;
    kept.Add(field.name, field.value);
  }
  return kept;
}

bool BecomesGet(Method method, int status) {
  if (status == 303) return method != Method::kHead;
  return (status == 301 || status == 302) && method == Method::kPost;
}

}  // namespace

Result<std::optional<Request>> FollowRedirect(const Request& request, const Response& response,
                                              int hops, const RedirectOptions& options) {
  if (!IsRedirect(response.status)) return std::optional<Request>();
  Redirect redirect(request, response);
  auto url = redirect.Destination(options);
  if (!url) return std::move(url).error();
  if (hops >= options.limit) {
    return redirect.Fail(ErrorCode::kTooManyRedirects,
                         "more than " + std::to_string(options.limit) + " redirects");
  }
  const bool becomes_get = BecomesGet(request.method, response.status);
  std::optional<Request> next(std::in_place);
  next->method = becomes_get ? Method::kGet : request.method;
  next->headers = Kept(request.headers, SameOrigin(request.url, *url), !becomes_get);
  next->url = std::move(*url);
  next->body_target = request.body_target;
  if (!becomes_get) {
    next->body = request.body;
    next->body_source = request.body_source;
    next->chunked = request.chunked;
    next->expect_continue = request.expect_continue;
  }
  return next;
}

}  // namespace assay
