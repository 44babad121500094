// A complete response: status line, header fields and the whole body.
//
// A value. Transfer coding is undone; content coding (gzip) is left alone.
#ifndef ASSAY_HTTP_RESPONSE_H_
#define ASSAY_HTTP_RESPONSE_H_

#include <string>

#include "assay/http/headers.h"

namespace assay {

struct Response {
  int status = 0;  // 100 to 999; 0 before anything has been read
  Headers headers;
  std::string body;

  // Keeps the memory for the next response.
  void Clear() noexcept {
    status = 0;
    headers.Clear();
    body.clear();
  }
};

}  // namespace assay

#endif  // ASSAY_HTTP_RESPONSE_H_
