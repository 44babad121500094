// Expected failures, as values.
//
// An Error says what kind of failure it was (a program switches on `code`) and
// which request, option or phase it concerns (a person reads `message`).
// Exceptions are left to wrong construction: std::invalid_argument names the
// option, the value and what is accepted.
#ifndef ASSAY_CORE_ERROR_H_
#define ASSAY_CORE_ERROR_H_

#include <string>
#include <string_view>

namespace assay {

enum class ErrorCode {
  kInvalidRequest,     // what must not go on the wire (URL, header, target), or is never granted
  kResolveFailed,      // no address for the host name
  kConnectRefused,     // nobody listens on that port
  kConnectFailed,      // any other failure before the connection stood
  kAddressExhausted,   // this machine has no free local port left
  kTlsFailed,          // no trust, an alert or bytes that are not TLS; `message` says which
  kCancelled,          // whoever asked for it no longer wants it
  kTimeout,            // the deadline passed; `message` says in which phase
  kConnectionClosed,   // the peer closed or reset before the response was complete
  kIo,                 // the operating system refused a read or a write
  kMalformedResponse,  // bytes that are not HTTP/1.1
  kHeaderTooLarge,     // header section above the limit
  kBodyTooLarge,       // body above the limit
  kHttpStatus,         // a complete response with a status of 400 or more
  kRedirectRefused,    // a redirect to another scheme, or from https to http
  kTooManyRedirects,   // more redirects in a row than the limit
  kLimitReached,       // a semaphore had no permit within the deadline
  kPipelineClosed,     // a pipeline was closed, or nobody is left at its other end
  kCircuitOpen,        // a circuit breaker refused the call
};

// The enumerator in words, for reports: "connection_closed".
std::string_view ToString(ErrorCode code) noexcept;

struct Error {
  ErrorCode code;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace assay

#endif  // ASSAY_CORE_ERROR_H_
