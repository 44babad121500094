// A request as its author sees it: no connection, no framing.
//
// A value; copies share body_source and body_target. Host, Content-Length, Transfer-Encoding,
// Expect and Connection are written by the transport and must not appear in
// `headers`.
#ifndef ASSAY_HTTP_REQUEST_H_
#define ASSAY_HTTP_REQUEST_H_

#include <memory>
#include <string>

#include "assay/http/body_sink.h"
#include "assay/http/body_source.h"
#include "assay/http/headers.h"
#include "assay/http/method.h"
#include "assay/http/url.h"

namespace assay {

struct Request {
  Method method = Method::kGet;
  Url url{};
  Headers headers{};
  std::string body{};
  // Where the body is read from instead; `body` must be empty then. Of a known length
  // it has a Content-Length, else it is sent in chunks.
  std::shared_ptr<const BodySource> body_source{};
  // Sends the body in chunks although its length is known.
  bool chunked = false;
  // Asks the server ("Expect: 100-continue") before the body is sent. Without effect
  // on a request that has no body.
  bool expect_continue = false;
  // Where the body of the response goes instead of Response::body. It is then of any
  // size: max_body_bytes does not apply.
  std::shared_ptr<const BodyTarget> body_target{};
};

}  // namespace assay

#endif  // ASSAY_HTTP_REQUEST_H_
