// Names what the operating system said of a socket. Internal to transport and
// engines: it includes Boost.System.
#ifndef ASSAY_TRANSPORT_SOCKET_ERROR_H_
#define ASSAY_TRANSPORT_SOCKET_ERROR_H_

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/transport/phase.h"

namespace assay {

// How every message of a connection begins: "connect to 127.0.0.1:8080: "
std::string PhaseText(Phase phase, std::string_view authority);

// `error` with the phase in front: "tls handshake with h:443: certificate has expired"
Error InPhase(Phase phase, std::string_view authority, Error error);

// "connect to 127.0.0.1:1: Connection refused"
Error SocketError(Phase phase, std::string_view authority, const boost::system::error_code& ec);

// "receive from 127.0.0.1:8080: no complete response within 30 s"
Error TimeoutError(Phase phase, std::string_view authority, Duration timeout);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_SOCKET_ERROR_H_
