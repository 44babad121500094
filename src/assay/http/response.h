// A complete response: status line, header fields and the whole body.
//
// A value. Transfer coding is undone, content coding (gzip) where that was asked
// for; the header fields stay as they came.
#ifndef ASSAY_HTTP_RESPONSE_H_
#define ASSAY_HTTP_RESPONSE_H_

#include <cstdint>
#include <string>

#include "assay/http/headers.h"

namespace assay {

struct Response {
  int status = 0;  // 100 to 999; 0 before anything has been read
  Headers headers;
  std::string body;              // empty when the request had a body_target
  std::uint64_t body_bytes = 0;  // of the body as it was kept, streamed or dropped

  // Keeps the memory for the next response.
  void Clear() noexcept {
    status = 0;
    headers.Clear();
    body.clear();
    body_bytes = 0;
  }
};

// A status that sends the client elsewhere: 301, 302, 303, 307 or 308.
constexpr bool IsRedirect(int status) noexcept {
  return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

}  // namespace assay

#endif  // ASSAY_HTTP_RESPONSE_H_
