#include "assay/transport/tls/tls_session.h"

#include "tests/transport/tls_peer.h"

namespace assay {
namespace {

using Input = TlsSession::Input;

// Everything that the peer has to say, in pieces of `step` bytes.
struct Heard {
  std::string text;
  Input end = Input::kMore;
  std::string error;
};
Heard Hear(TlsSession& session, TlsPeer& peer, std::size_t step, std::size_t space = 10'000) {
  Heard heard;
  for (std::string bytes; !(bytes = peer.Output(step)).empty();) {
    session.Feed(bytes);
    for (;;) {
      std::string plain(space, '\0');
      auto decrypted = session.Decrypt(plain);
      if (!decrypted) {
        heard.error = decrypted.error().message;
        EXPECT_EQ(decrypted.error().code, ErrorCode::kTlsFailed);
        return heard;
      }
      heard.text.append(plain, 0, decrypted->bytes);
      heard.end = decrypted->what;
      if (decrypted->what != Input::kData) break;
    }
  }
  return heard;
}

class TlsSessionInPieces : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Of, TlsSessionInPieces, testing::Values(1, 7, 100, 100'000),
                         testing::PrintToStringParamName());

TEST_P(TlsSessionInPieces, CarriesBytesBothWays) {
  for (const bool old : {false, true}) {
    TlsPeer peer({.only_tls_1_2 = old});
    TlsContext context(peer.Trusting());
    TlsSession session(context);
    ASSERT_EQ(Connect(session, peer, "localhost", GetParam()), "");
    EXPECT_EQ(session.version(), old ? "TLSv1.2" : "TLSv1.3");
    EXPECT_EQ(session.alpn(), "http/1.1");

    const std::string request(40'000, 'q');
    std::string_view rest = request;
    std::string arrived;
    while (!rest.empty()) {
      const std::size_t taken = session.Encrypt(rest).value();
      ASSERT_GT(taken, 0u);
      rest.remove_prefix(taken);
      Deliver(session, peer, GetParam());
      arrived += peer.Read();
    }
    EXPECT_EQ(arrived, request);

    const std::string response(50'000, 'r');
    peer.Write(response);
    Heard heard = Hear(session, peer, GetParam(), 333);
    EXPECT_EQ(heard.text, response);
    EXPECT_EQ(heard.end, Input::kMore);

    peer.SayFarewell();
    EXPECT_EQ(Hear(session, peer, GetParam()).end, Input::kFarewell);
    session.SayFarewell();
    Deliver(session, peer);
    peer.Read();
    EXPECT_TRUE(peer.heard_farewell());
  }
}

TEST(TlsSession, AnEndWithoutAFarewellIsACut) {
  TlsPeer peer;
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  ASSERT_EQ(Connect(session, peer, "localhost"), "");
  Hear(session, peer, 100'000);
  session.Feed({});
  std::string space(10, '\0');
  EXPECT_EQ(session.Decrypt(space)->what, Input::kCut);
}

TEST(TlsSession, AnEndInTheHandshakeIsAClosedConnection) {
  TlsPeer peer;
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  peer.Accept();
  ASSERT_TRUE(session.Start("localhost", 443).ok());
  ASSERT_FALSE(*session.Handshake());
  session.Feed({});
  const auto done = session.Handshake();
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, ErrorCode::kConnectionClosed);
  EXPECT_EQ(done.error().message, "connection closed by the server");
}

TEST(TlsSession, AServerThatSpeaksBeforeItIsAskedIsRefused) {
  TlsPeer peer({.only_tls_1_2 = true});  // whose server ends the handshake
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  peer.Accept();
  ASSERT_TRUE(session.Start("localhost", 443).ok());
  ASSERT_FALSE(*session.Handshake());
  Deliver(session, peer);
  const std::string certificate = peer.Output(100'000);
  session.Feed(certificate);
  ASSERT_FALSE(*session.Handshake());
  Deliver(session, peer);
  peer.Write("hello");
  const std::string end = peer.Output(100'000);
  session.Feed(end);
  EXPECT_EQ(session.Handshake().error().message, "the server speaks before it is asked");
}

TEST(TlsSession, AsksForNamesButNotForAddresses) {
  TlsPeer peer({.names = {"localhost", "127.0.0.1", "::1"}});
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  EXPECT_EQ(Connect(session, peer, "localhost"), "");
  EXPECT_EQ(peer.server_name(), "localhost");
  for (const char* address : {"127.0.0.1", "::1"}) {
    EXPECT_EQ(Connect(session, peer, address), "");
    EXPECT_EQ(peer.server_name(), "");
  }
  EXPECT_EQ(Connect(session, peer, "127.0.0.2"),
            "IP address mismatch: the certificate is not for '127.0.0.2'");
  EXPECT_EQ(Connect(session, peer, "example.org"),
            "hostname mismatch: the certificate is not for 'example.org'");
}

TEST(TlsSession, AnotherNameCanBeExpected) {
  TlsPeer peer({.names = {"example.org"}});
  TlsOptions options = peer.Trusting();
  options.server_name = "example.org";
  TlsContext context(options);
  TlsSession session(context);
  EXPECT_EQ(Connect(session, peer, "127.0.0.1"), "");
  EXPECT_EQ(peer.server_name(), "example.org");
}

TEST(TlsSession, ARefusedCertificateIsToldToTheServer) {
  TlsPeer peer({.certificate = fixture::CertificateKind::kExpired});
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  EXPECT_EQ(Connect(session, peer, "localhost"), "certificate has expired");
  peer.Accept();
  ASSERT_TRUE(session.Start("localhost", 443).ok());
  ASSERT_TRUE(session.Handshake().ok());
  Deliver(session, peer);
  const std::string answer = peer.Output(100'000);
  session.Feed(answer);
  EXPECT_EQ(session.Handshake().error().code, ErrorCode::kTlsFailed);
  EXPECT_FALSE(session.Output().empty()) << "an alert";
}

TEST(TlsSession, TheSystemsStoreDoesNotTrustStrangers) {
  TlsPeer peer;
  TlsContext context{TlsOptions{}};
  TlsSession session(context);
  EXPECT_EQ(Connect(session, peer, "localhost"), "unable to get local issuer certificate");
}

TEST(TlsSession, WithoutVerificationAnybodyIsTrusted) {
  for (const auto kind :
       {fixture::CertificateKind::kSelfSigned, fixture::CertificateKind::kWrongHost}) {
    TlsPeer peer({.certificate = kind});
    TlsContext context({.verify = TlsVerify::kOffInsecure});
    TlsSession session(context);
    EXPECT_EQ(Connect(session, peer, "localhost"), "");
  }
}

TEST(TlsSession, TheSmallestVersionIsKept) {
  TlsPeer peer({.only_tls_1_2 = true});
  TlsOptions options = peer.Trusting();
  options.min_version = TlsVersion::k1_3;
  TlsContext context(options);
  TlsSession session(context);
  EXPECT_EQ(Connect(session, peer, "localhost"), "the server says: tlsv1 alert protocol version");
}

TEST(TlsSession, OffersTheProtocolsItIsTold) {
  TlsPeer peer;
  TlsOptions options = peer.Trusting();
  options.alpn = {"other", "http/1.1"};
  TlsContext both(options);
  TlsSession session(both);
  EXPECT_EQ(Connect(session, peer, "localhost"), "");
  EXPECT_EQ(session.alpn(), "http/1.1");
  options.alpn = {};
  TlsContext none(options);
  TlsSession silent(none);
  EXPECT_EQ(Connect(silent, peer, "localhost"), "");
  EXPECT_EQ(silent.alpn(), "");
}

TEST(TlsSession, TakesUpAnEarlierSessionOfTheSameServer) {
  for (const bool old : {false, true}) {
    TlsPeer peer({.only_tls_1_2 = old});
    TlsContext context(peer.Trusting());
    for (int i = 0; i < 3; ++i) {
      TlsSession session(context);
      ASSERT_EQ(Connect(session, peer, "localhost"), "");
      EXPECT_EQ(session.resumed(), i > 0);
      Hear(session, peer, 100'000);  // TLS 1.3 offers sessions after the handshake
    }
    EXPECT_EQ(context.handshakes(), 3u);
    EXPECT_EQ(context.resumed(), 2u);
    TlsSession elsewhere(context);
    ASSERT_EQ(Connect(elsewhere, peer, "127.0.0.1"), "");
    EXPECT_FALSE(elsewhere.resumed()) << "that server is another one";
  }
}

// The server offers two on a connection, and the later ones hear of no more.
TEST(TlsSession, ASessionServesOneConnectionWithTls13AndAnyNumberBefore) {
  for (const bool old : {false, true}) {
    TlsPeer peer({.only_tls_1_2 = old});
    TlsContext context(peer.Trusting());
    TlsSession first(context);
    ASSERT_EQ(Connect(first, peer, "localhost"), "");
    Hear(first, peer, 100'000);
    for (const bool resumes : {true, true, old}) {
      TlsSession session(context);
      ASSERT_EQ(Connect(session, peer, "localhost"), "");
      EXPECT_EQ(session.resumed(), resumes) << session.version();
    }
  }
}

TEST(TlsSession, TakesUpNothingIfItMayNot) {
  TlsPeer peer;
  TlsOptions options = peer.Trusting();
  options.session_resumption = false;
  TlsContext context(options);
  for (int i = 0; i < 2; ++i) {
    TlsSession session(context);
    ASSERT_EQ(Connect(session, peer, "localhost"), "");
    Hear(session, peer, 100'000);
    EXPECT_FALSE(session.resumed());
  }
}

TEST(TlsSession, DamagedBytesAreNoData) {
  TlsPeer peer;
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  ASSERT_EQ(Connect(session, peer, "localhost"), "");
  Hear(session, peer, 100'000);
  peer.Write("hello");
  std::string bytes = peer.Output(100'000);
  bytes.back() = static_cast<char>(~bytes.back());
  session.Feed(bytes);
  std::string space(100, '\0');
  const auto decrypted = session.Decrypt(space);
  ASSERT_FALSE(decrypted.ok());
  EXPECT_EQ(decrypted.error().code, ErrorCode::kTlsFailed);
  EXPECT_EQ(decrypted.error().message, "decryption failed or bad record mac");
}

TEST(TlsSession, WhatIsLeftOfTheInputIsNoticed) {
  TlsPeer peer;
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  ASSERT_EQ(Connect(session, peer, "localhost"), "");
  Hear(session, peer, 100'000);
  std::string space(3, '\0');

  peer.Write("abc");
  std::string bytes = peer.Output(100'000);
  session.Feed(bytes);
  EXPECT_EQ(session.Decrypt(space)->bytes, 3u);
  EXPECT_TRUE(session.DropInput());

  peer.Write("abcd");
  bytes = peer.Output(100'000);
  session.Feed(bytes);
  EXPECT_EQ(session.Decrypt(space)->bytes, 3u);
  EXPECT_FALSE(session.DropInput()) << "one byte of the record";
  EXPECT_EQ(session.Decrypt(space)->bytes, 1u);

  peer.Write("abc");
  peer.Write("def");
  bytes = peer.Output(100'000);
  session.Feed(bytes);
  EXPECT_EQ(session.Decrypt(space)->bytes, 3u);
  EXPECT_FALSE(session.DropInput()) << "one more record";
}

}  // namespace
}  // namespace assay
