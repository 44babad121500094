#include "assay/transport/socket_error.h"

#include <boost/asio/error.hpp>
#include <string>

#include "assay/core/duration_text.h"

namespace assay {
namespace {

namespace error = boost::asio::error;

ErrorCode CodeOf(Phase phase, const boost::system::error_code& ec) {
  if (ec == error::address_in_use || ec == boost::system::errc::address_not_available) {
    return ErrorCode::kAddressExhausted;
  }
  // Whoever resets a connection has accepted it before; else it is refused.
  if (phase == Phase::kConnect && ec != error::connection_reset) {
    return ec == error::connection_refused ? ErrorCode::kConnectRefused : ErrorCode::kConnectFailed;
  }
  const bool gone = ec == error::connection_reset || ec == error::broken_pipe ||
                    ec == error::connection_aborted || ec == error::not_connected ||
                    ec == error::eof;
  return gone ? ErrorCode::kConnectionClosed : ErrorCode::kIo;
}

}  // namespace

std::string PhaseText(Phase phase, std::string_view authority) {
  constexpr std::string_view kWords[] = {"wait for a connection to ",
                                         "look up ",
                                         "connect to ",
                                         "tls handshake with ",
                                         "send to ",
                                         "receive from ",
                                         "receive from "};
  return std::string(kWords[static_cast<int>(phase)]).append(authority).append(": ");
}

Error InPhase(Phase phase, std::string_view authority, Error error) {
  return {error.code, PhaseText(phase, authority) + error.message};
}

Error SocketError(Phase phase, std::string_view authority, const boost::system::error_code& ec) {
  const ErrorCode code = CodeOf(phase, ec);
  std::string text = PhaseText(phase, authority);
  if (code == ErrorCode::kAddressExhausted) {
    return {code, std::move(text.append("no source port left (")
                                .append(ec.message())
                                .append("; see net.ipv4.ip_local_port_range)"))};
  }
  return {code, text + ec.message()};
}

Error TimeoutError(Phase phase, std::string_view authority, Duration timeout) {
  std::string_view what = "no complete response within ";
  if (phase == Phase::kQueue) what = "no free connection within ";
  if (phase == Phase::kConnect) what = "no connection within ";
  if (phase == Phase::kTls) what = "no end of the handshake within ";
  return {ErrorCode::kTimeout,
          PhaseText(phase, authority).append(what).append(DurationText(timeout))};
}

}  // namespace assay
