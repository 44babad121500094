#include "assay/transport/tls_receive.h"

#include "tests/transport/tls_peer.h"

namespace assay {
namespace {

using Progress = ResponseReader::Progress;

class TlsReceive : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(Connect(session_, peer_, "localhost"), "");
    reader_.Start(Method::kGet);
  }
  Result<Progress> Receive() { return ReceiveTls(session_, reader_, peer_.Output(100'000)); }

  TlsPeer peer_;
  TlsContext context_{peer_.Trusting()};
  TlsSession session_{context_};
  ResponseReader reader_{ConnectionOptions{}};
};

TEST_F(TlsReceive, SessionsAreNoBytesOfTheResponse) {
  EXPECT_EQ(*Receive(), Progress::kMore);
  EXPECT_FALSE(reader_.received());
  peer_.Write("HTTP/1.1 200 OK\r\n");
  EXPECT_EQ(*Receive(), Progress::kMore);
  EXPECT_TRUE(reader_.received());
}

TEST_F(TlsReceive, AResponseInSeveralRecordsIsOne) {
  for (const char* text : {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n\r\n", "hel", "lo"}) {
    peer_.Write(text);
  }
  EXPECT_EQ(*Receive(), Progress::kComplete);
  EXPECT_EQ(reader_.response().body, "hello");
  EXPECT_TRUE(reader_.keep_alive());
}

TEST_F(TlsReceive, WhatFollowsTheResponseForbidsReuse) {
  peer_.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  peer_.SayFarewell();
  EXPECT_EQ(*Receive(), Progress::kComplete);
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_F(TlsReceive, ABodyThatEndsWithTheConnectionNeedsAFarewell) {
  peer_.Write("HTTP/1.1 200 OK\r\n\r\nhello");
  EXPECT_EQ(*Receive(), Progress::kMore);
  const auto cut = ReceiveTls(session_, reader_, {});
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().code, ErrorCode::kConnectionClosed);
  EXPECT_EQ(cut.error().message,
            "connection closed without the farewell of TLS (close_notify) after 5 bytes of the "
            "body");

  ASSERT_EQ(Connect(session_, peer_, "localhost"), "");
  reader_.Start(Method::kGet);
  peer_.Write("HTTP/1.1 200 OK\r\n\r\nhello");
  peer_.SayFarewell();
  EXPECT_EQ(*Receive(), Progress::kComplete);
  EXPECT_EQ(reader_.response().body, "hello");
}

TEST_F(TlsReceive, AnEarlyEndSaysHowMuchWasMissingWithAFarewellOrWithout) {
  peer_.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
  EXPECT_EQ(*Receive(), Progress::kMore);
  EXPECT_EQ(ReceiveTls(session_, reader_, {}).error().message,
            "connection closed after 3 bytes of the body, 2 missing");
}

}  // namespace
}  // namespace assay
