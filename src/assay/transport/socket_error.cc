#include "assay/transport/socket_error.h"

#include <boost/asio/error.hpp>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

namespace error = boost::asio::error;

std::string Prefix(Phase phase, std::string_view authority) {
  constexpr std::string_view kWords[] = {"connect to ", "send to ", "receive from "};
  return std::string(kWords[static_cast<int>(phase)]).append(authority).append(": ");
}

ErrorCode CodeOf(Phase phase, const boost::system::error_code& ec) {
  if (ec == error::address_in_use || ec == boost::system::errc::address_not_available) {
    return ErrorCode::kAddressExhausted;
  }
  if (phase == Phase::kConnect) {
    return ec == error::connection_refused ? ErrorCode::kConnectRefused : ErrorCode::kConnectFailed;
  }
  const bool gone = ec == error::connection_reset || ec == error::broken_pipe ||
                    ec == error::connection_aborted || ec == error::not_connected ||
                    ec == error::eof;
  return gone ? ErrorCode::kConnectionClosed : ErrorCode::kIo;
}

}  // namespace

Error SocketError(Phase phase, std::string_view authority, const boost::system::error_code& ec) {
  const ErrorCode code = CodeOf(phase, ec);
  std::string message = Prefix(phase, authority) + ec.message();
  if (code == ErrorCode::kAddressExhausted) {
    message += " (no free local port; see net.ipv4.ip_local_port_range)";
  }
  return {code, std::move(message)};
}

Error TimeoutError(Phase phase, std::string_view authority, Duration timeout) {
  const std::string_view what =
      phase == Phase::kConnect ? "no connection within " : "no complete response within ";
  return {ErrorCode::kTimeout, Prefix(phase, authority).append(what).append(DurationText(timeout))};
}

}  // namespace assay
