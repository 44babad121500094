// A request as the bytes that go on the wire.
#ifndef ASSAY_TRANSPORT_REQUEST_TEXT_H_
#define ASSAY_TRANSPORT_REQUEST_TEXT_H_

#include <string>

#include "assay/core/result.h"
#include "assay/http/request.h"
#include "assay/transport/pooling.h"

namespace assay {

// Request line, Host, the request's own fields, Content-Length where there is a
// body or the method usually has one (RFC 9110 section 8.6), "Connection: close"
// for kNaive, and the body.
//
// kInvalidRequest names the part that must not be sent: a header name that is
// not a token, CR, LF or NUL in a value, a space or control character in the
// target or host, or a field that the transport writes itself.
Result<std::string> RequestText(const Request& request, Pooling pooling);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_REQUEST_TEXT_H_
