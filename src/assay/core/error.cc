#include "assay/core/error.h"

namespace assay {

std::string_view ToString(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInvalidRequest: return "invalid_request";
    case ErrorCode::kResolveFailed: return "resolve_failed";
    case ErrorCode::kConnectRefused: return "connect_refused";
    case ErrorCode::kConnectFailed: return "connect_failed";
    case ErrorCode::kAddressExhausted: return "address_exhausted";
    case ErrorCode::kTlsFailed: return "tls_failed";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kConnectionClosed: return "connection_closed";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kMalformedResponse: return "malformed_response";
    case ErrorCode::kHeaderTooLarge: return "header_too_large";
    case ErrorCode::kBodyTooLarge: return "body_too_large";
    case ErrorCode::kHttpStatus: return "http_status";
    case ErrorCode::kRedirectRefused: return "redirect_refused";
    case ErrorCode::kTooManyRedirects: return "too_many_redirects";
    case ErrorCode::kLimitReached: return "limit_reached";
    case ErrorCode::kPipelineClosed: return "pipeline_closed";
    case ErrorCode::kCircuitOpen: return "circuit_open";
  }
  return "unknown";
}

}  // namespace assay
