// Names what the operating system said of a socket. Internal to transport and
// engines: it includes Boost.System.
#ifndef ASSAY_TRANSPORT_SOCKET_ERROR_H_
#define ASSAY_TRANSPORT_SOCKET_ERROR_H_

#include <boost/system/error_code.hpp>
#include <string_view>

#include "assay/core/clock.h"
#include "assay/core/error.h"

namespace assay {

// What the connection was doing when it failed.
enum class Phase { kConnect, kSend, kReceive };

// "connect to 127.0.0.1:1: Connection refused"
Error SocketError(Phase phase, std::string_view authority, const boost::system::error_code& ec);

// "receive from 127.0.0.1:8080: no complete response within 30 s"
Error TimeoutError(Phase phase, std::string_view authority, Duration timeout);

}  // namespace assay

#endif  // ASSAY_TRANSPORT_SOCKET_ERROR_H_
