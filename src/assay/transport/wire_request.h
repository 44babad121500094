// A request as what goes on the wire: text, and where the rest comes from.
//
// A value, made once and sent any number of times, by several senders at once
// (each with a RequestWriter of its own).
#ifndef ASSAY_TRANSPORT_WIRE_REQUEST_H_
#define ASSAY_TRANSPORT_WIRE_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "assay/core/result.h"
#include "assay/http/body_source.h"
#include "assay/http/method.h"
#include "assay/http/request.h"
#include "assay/transport/pooling.h"

namespace assay {

struct WireRequest {
  // Request line and header section; a body follows at once where it is in memory and
  // has neither to wait nor to be cut into chunks, so that one send carries it all.
  std::string head{};

  // The body that does not stand in `head`; at most one of them.
  std::string body{};
  std::shared_ptr<const BodySource> source{};
  std::optional<std::uint64_t> length{};  // what a source has promised

  Method method = Method::kGet;
  bool chunked = false;
  bool expect_continue = false;  // the body waits for "100 Continue"
};

// Request line, Host, the request's own fields, Content-Length where there is a
// body or the method usually has one (RFC 9110 section 8.6), Transfer-Encoding for
// a body in chunks, "Connection: close" for kNaive, and with `decode` what can be
// decoded (Accept-Encoding), unless the request says that itself. The source is asked for its
// length but not opened.
//
// kInvalidRequest names the part that must not be sent: a header name that is
// not a token, CR, LF or NUL in a value, a space or control character in the
// target or host, a field that the transport writes itself, or two bodies.
Result<WireRequest> ToWire(const Request& request, Pooling pooling, bool decode = false);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_WIRE_REQUEST_H_
