// Exchanges whose connection speaks TLS.
#include <gtest/gtest.h>

#include "tests/transport/exchange_scene.h"
#include "tests/transport/tls_peer.h"

namespace assay {
namespace {

using Step = Exchange::Step;
using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;
using testing_exchange::Post;
using testing_exchange::Put;

class ExchangeTlsTest : public testing::Test {
 protected:
  explicit ExchangeTlsTest(const fixture::TlsOptions& options = {}) : peer_(options) {}

  Result<Step> Begin(const Request& request, bool fresh, int now = 0) {
    wire_ = ToWire(request, Pooling::kPooled).value();
    if (fresh) peer_.Accept();
    timer_.Start(Phase::kConnect, At(now));
    return exchange_.Begin(wire_, nullptr, origin_, &session_, fresh, At(now));
  }
  // Carries bytes until the exchange has nothing to send and the peer nothing to say.
  Result<Step> Converse(int now) {
    for (Result<Step> step = Step::kReceive;;) {
      if (!exchange_.Output().empty()) {
        peer_.Feed(exchange_.Output());
        step = exchange_.Sent(exchange_.Output().size(), At(now));
      } else if (const std::string text = peer_.Output(16'000); !text.empty()) {
        step = exchange_.Received(Put(exchange_.Input(), text), At(now));
      } else {
        return step;
      }
      if (!step || *step == Step::kComplete) return step;
    }
  }
  // Until the request has been sent.
  void BeginAndSend(const Request& request) {
    ASSERT_EQ(*Begin(request, true), Step::kSend);
    ASSERT_EQ(*Converse(1), Step::kReceive);
    ASSERT_FALSE(peer_.Read().empty());
  }
  Result<Step> Answer(const std::string& text, int now) {
    peer_.Write(text);
    return Converse(now);
  }

  const Request get_{.method = Method::kGet, .url = Url{"localhost", 443, "/", true}};
  TlsPeer peer_;
  TlsContext context_{peer_.Trusting()};
  TlsSession session_{context_};
  ConnectionOptions options_{};
  PhaseTimer timer_{options_};
  Exchange exchange_{options_, timer_};
  Origin origin_{.authority = "localhost:443", .host = "localhost", .port = 443, .tls = true};
  WireRequest wire_;
};

TEST_F(ExchangeTlsTest, ShakesHandsSendsAndReadsTheAnswer) {
  ASSERT_EQ(*Begin(get_, true), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kTls);
  peer_.Feed(exchange_.Output());
  EXPECT_EQ(*exchange_.Sent(exchange_.Output().size(), At(2)), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kTls);
  ASSERT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(5)), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  const std::size_t half = exchange_.Output().size() / 2;
  peer_.Feed(exchange_.Output().substr(0, half));
  EXPECT_EQ(*exchange_.Sent(half, At(6)), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  EXPECT_EQ(*Converse(7), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kReceive);
  EXPECT_EQ(peer_.Read(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(*Answer(kOk.substr(0, 9), 9), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kBody);
  EXPECT_EQ(*Answer(kOk.substr(9), 10), Step::kComplete);
  EXPECT_EQ(exchange_.response().body, "ok");
  EXPECT_TRUE(exchange_.reusable());
  timer_.Finish(At(10));
  EXPECT_EQ(timer_.phases().tls, Ms(5));
  EXPECT_EQ(timer_.phases().send, Ms(2));
  EXPECT_EQ(timer_.phases().Sum(), Ms(10));
}

TEST_F(ExchangeTlsTest, AKeptConnectionNeedsNoHandshake) {
  BeginAndSend(get_);
  ASSERT_EQ(*Answer(kOk, 2), Step::kComplete);
  ASSERT_EQ(*Begin(get_, false, 3), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  EXPECT_EQ(*Converse(4), Step::kReceive);
  EXPECT_EQ(peer_.Read(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(*Answer(kOk, 5), Step::kComplete);
  EXPECT_EQ(timer_.phases().tls, Ms(0));
}

TEST_F(ExchangeTlsTest, ALargeBodyGoesRecordByRecord) {
  const std::string body(100'000, 'x');
  ASSERT_EQ(*Begin(Post(body), true), Step::kSend);
  EXPECT_EQ(*Converse(1), Step::kReceive);
  EXPECT_TRUE(peer_.Read().ends_with("\r\n\r\n" + body));
}

TEST_F(ExchangeTlsTest, AnAnswerThatComesBeforeAllIsSentIsTheAnswer) {
  BeginAndSend(get_);
  ASSERT_EQ(*Answer(kOk, 2), Step::kComplete);
  ASSERT_EQ(*Begin(Post(std::string(100'000, 'x')), false, 3), Step::kSend);
  peer_.Write(kOk.substr(0, 9));
  EXPECT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(4)), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  EXPECT_FALSE(exchange_.Output().empty());
  peer_.Write(kOk.substr(9));
  EXPECT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(5)),
            Step::kComplete);
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTlsTest, AfterAFailedSendTheAnswerCanStillBeReadInPieces) {
  BeginAndSend(get_);
  ASSERT_EQ(*Answer(kOk, 2), Step::kComplete);
  ASSERT_EQ(*Begin(Post("hello"), false, 3), Step::kSend);
  ASSERT_TRUE(exchange_.GiveUpSending(At(4)));
  for (const std::string& piece : {kOk.substr(0, 9), kOk.substr(9, 9)}) {
    peer_.Write(piece);
    EXPECT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(5)),
              Step::kReceive);
    EXPECT_EQ(exchange_.Output(), "");
  }
  peer_.Write(kOk.substr(18));
  EXPECT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(6)),
            Step::kComplete);
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTlsTest, AHandshakeCannotBeGivenUp) {
  ASSERT_EQ(*Begin(get_, true), Step::kSend);
  EXPECT_FALSE(exchange_.GiveUpSending(At(1)));
  EXPECT_FALSE(exchange_.Output().empty());
}

class ExchangeTls12Test : public ExchangeTlsTest {
 protected:
  ExchangeTls12Test() : ExchangeTlsTest({.only_tls_1_2 = true}) {}
};

// Here, that it does not want to shake hands again.
TEST_F(ExchangeTls12Test, WhatTlsHasToSayInTheMiddleOfAnAnswerDoesNotSendTheRequestAgain) {
  BeginAndSend(get_);
  EXPECT_EQ(*Answer(kOk.substr(0, 9), 2), Step::kReceive);
  SSL_clear_options(peer_.ssl(), SSL_OP_NO_RENEGOTIATION);
  ASSERT_EQ(SSL_renegotiate(peer_.ssl()), 1);
  ASSERT_EQ(SSL_do_handshake(peer_.ssl()), 1);
  EXPECT_EQ(*exchange_.Received(Put(exchange_.Input(), peer_.Output(16'000)), At(3)), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kBody);
  EXPECT_EQ(*exchange_.Sent(1, At(4)), Step::kSend);
  EXPECT_EQ(*exchange_.Sent(exchange_.Output().size(), At(4)), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kBody);
  EXPECT_EQ(exchange_.Output(), "");
}

TEST_F(ExchangeTlsTest, AHandshakeThatFailsSaysWithWhom) {
  origin_.host = "elsewhere";
  ASSERT_EQ(*Begin(get_, true), Step::kSend);
  const auto failed = Converse(1);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::kTlsFailed);
  EXPECT_EQ(failed.error().message,
            "tls handshake with localhost:443: hostname mismatch: the certificate is not for "
            "'elsewhere'");
  origin_.host = std::string(300, 'a');
  const auto impossible = Begin(get_, true);
  ASSERT_FALSE(impossible.ok());
  EXPECT_EQ(impossible.error().message.substr(0, 34), "tls handshake with localhost:443: ");
}

TEST_F(ExchangeTlsTest, AServerThatHangsUpInTheHandshakeHasClosedTheConnection) {
  ASSERT_EQ(*Begin(get_, true), Step::kSend);
  const auto closed = exchange_.Received(0, At(1));
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error(),
            (Error{ErrorCode::kConnectionClosed,
                   "tls handshake with localhost:443: connection closed by the server"}));
}

TEST_F(ExchangeTlsTest, AnErrorOfTheConnectionIsOneOfThePhase) {
  BeginAndSend(get_);
  const auto garbage = exchange_.Received(Put(exchange_.Input(), "this is not TLS at all"), At(2));
  ASSERT_FALSE(garbage.ok());
  EXPECT_EQ(garbage.error().code, ErrorCode::kTlsFailed);
  EXPECT_EQ(garbage.error().message.substr(0, 28), "receive from localhost:443: ");
}

}  // namespace
}  // namespace assay
