// An absolute http or https URL, split into what a client needs.
//
// A value. Parsing follows RFC 3986 (Boost.URL does the work) and then insists
// on what this suite can send: scheme "http" or "https", a host, no user
// information. The fragment is dropped, as a client must (RFC 9110 section 4.2.4).
#ifndef ASSAY_HTTP_URL_H_
#define ASSAY_HTTP_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "assay/core/result.h"

namespace assay {

struct Url {
  std::string host;          // name or address; an IPv6 address without its brackets
  std::uint16_t port = 80;   // 1 to 65535
  std::string target = "/";  // path and query, still percent-encoded, never empty
  bool tls = false;          // scheme "https"

  // kInvalidRequest, naming `text` and what is wrong with it.
  static Result<Url> Parse(std::string_view text);

  // "host:port" as in a Host header; the scheme's own port, 80 or 443, is left out.
  std::string Authority() const;
  std::string ToString() const;

  friend bool operator==(const Url&, const Url&) = default;
};

}  // namespace assay

#endif  // ASSAY_HTTP_URL_H_
