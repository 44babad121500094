#include "assay/transport/socket_error.h"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

namespace assay {
namespace {

using boost::system::error_code;

error_code System(int number) { return {number, boost::system::system_category()}; }

TEST(SocketError, NamesThePhase) {
  const auto message = [](Phase phase) {
    return SocketError(phase, "h:1", System(ECONNRESET)).message;
  };
  EXPECT_EQ(message(Phase::kConnect), "connect to h:1: Connection reset by peer");
  EXPECT_EQ(message(Phase::kTls), "tls handshake with h:1: Connection reset by peer");
  EXPECT_EQ(message(Phase::kSend), "send to h:1: Connection reset by peer");
  EXPECT_EQ(message(Phase::kReceive), "receive from h:1: Connection reset by peer");
  EXPECT_EQ(message(Phase::kBody), "receive from h:1: Connection reset by peer");
}

TEST(SocketError, WhoeverResetsHasAcceptedTheConnectionBefore) {
  for (const Phase phase :
       {Phase::kConnect, Phase::kTls, Phase::kSend, Phase::kReceive, Phase::kBody}) {
    EXPECT_EQ(SocketError(phase, "h:1", System(ECONNRESET)).code, ErrorCode::kConnectionClosed);
  }
}

TEST(SocketError, WhatIsClosedOnceThereIsAConnectionHasFailedBefore) {
  for (const int number : {EPIPE, ECONNABORTED, ENOTCONN}) {
    EXPECT_EQ(SocketError(Phase::kConnect, "h:1", System(number)).code, ErrorCode::kConnectFailed);
    for (const Phase phase : {Phase::kTls, Phase::kSend, Phase::kReceive, Phase::kBody}) {
      EXPECT_EQ(SocketError(phase, "h:1", System(number)).code, ErrorCode::kConnectionClosed);
    }
  }
  EXPECT_EQ(SocketError(Phase::kConnect, "h:1", System(ECONNREFUSED)).code,
            ErrorCode::kConnectRefused);
  EXPECT_EQ(SocketError(Phase::kConnect, "h:1", System(EINVAL)).code, ErrorCode::kConnectFailed);
  EXPECT_EQ(SocketError(Phase::kSend, "h:1", System(EINVAL)).code, ErrorCode::kIo);
}

TEST(SocketError, ThatNoSourcePortIsLeftIsSaid) {
  for (const int number : {EADDRNOTAVAIL, EADDRINUSE}) {
    const Error error = SocketError(Phase::kConnect, "127.0.0.1:8080", System(number));
    EXPECT_EQ(error.code, ErrorCode::kAddressExhausted);
    EXPECT_EQ(error.message, "connect to 127.0.0.1:8080: no source port left (" +
                                 System(number).message() + "; see net.ipv4.ip_local_port_range)");
  }
}

TEST(TimeoutError, SaysWhatDidNotHappen) {
  const auto message = [](Phase phase) {
    return TimeoutError(phase, "h:1", std::chrono::seconds(30)).message;
  };
  EXPECT_EQ(message(Phase::kConnect), "connect to h:1: no connection within 30 s");
  EXPECT_EQ(message(Phase::kTls), "tls handshake with h:1: no end of the handshake within 30 s");
  EXPECT_EQ(message(Phase::kSend), "send to h:1: no complete response within 30 s");
  EXPECT_EQ(message(Phase::kBody), "receive from h:1: no complete response within 30 s");
}

}  // namespace
}  // namespace assay
