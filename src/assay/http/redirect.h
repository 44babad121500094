// From a request and its response to the request that follows; no socket, no state.
//
// Who follows redirects counts the hops and calls this after each response. Every
// function here may be called from any thread.
#ifndef ASSAY_HTTP_REDIRECT_H_
#define ASSAY_HTTP_REDIRECT_H_

#include <optional>

#include "assay/core/result.h"
#include "assay/http/request.h"
#include "assay/http/response.h"

namespace assay {

struct RedirectOptions {
  int limit = 10;                    // redirects in a row that are followed, 0 or more
  bool allow_https_to_http = false;  // follow one that gives up encryption
};

// The request to send next, after `hops` redirects that have been followed already;
// nothing when `response` is no redirect (IsRedirect()).
//
// 301 and 302 turn POST into GET, 303 turns everything but HEAD into GET: the body is
// dropped then, and so are the fields about it (Content-*, Digest, Last-Modified). All
// else stays, body_source and body_target too. Authorization, Cookie and
// Proxy-Authorization are dropped when scheme, host or port change. A relative Location
// is resolved (RFC 3986 section 5), its fragment dropped.
//
// kTooManyRedirects beyond the limit; kRedirectRefused for a scheme that is not http or
// https, and from https to http unless allowed; kMalformedResponse for a Location that
// is missing, there twice or no URL to send to. The message names both URLs.
Result<std::optional<Request>> FollowRedirect(const Request& request, const Response& response,
                                              int hops, const RedirectOptions& options = {});

}  // namespace assay

#endif  // ASSAY_HTTP_REDIRECT_H_
