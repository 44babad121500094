// A request as its author sees it: no connection, no framing.
//
// A value. Host, Content-Length and Connection are written by the transport and
// must not appear in `headers`.
#ifndef ASSAY_HTTP_REQUEST_H_
#define ASSAY_HTTP_REQUEST_H_

#include <string>

#include "assay/http/headers.h"
#include "assay/http/method.h"
#include "assay/http/url.h"

namespace assay {

struct Request {
  Method method = Method::kGet;
  Url url{};
  Headers headers{};
  std::string body{};
};

}  // namespace assay

#endif  // ASSAY_HTTP_REQUEST_H_
