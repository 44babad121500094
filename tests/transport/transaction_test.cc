#include "assay/transport/transaction.h"

#include "tests/transport/body_sources.h"
#include "tests/transport/deflated.h"
#include "tests/transport/tls_peer.h"
#include "tests/transport/transaction_scene.h"

namespace assay {
namespace {

using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;

TEST_F(TransactionTest, GoesFromTheQueueToTheAnswer) {
  ASSERT_EQ(Start(Get(), 0), Action::kAcquire);
  EXPECT_EQ(transaction_->origin().authority, "127.0.0.1:80");
  EXPECT_TRUE(transaction_->first());
  EXPECT_FALSE(transaction_->wants_fresh());
  EXPECT_EQ(transaction_->timer().now(), At(0));
  ASSERT_EQ(transaction_->Connect(At(1)), Action::kConnect);
  EXPECT_EQ(transaction_->endpoint().port(), 80);
  ASSERT_EQ(transaction_->Connected(nullptr, At(3)), Action::kSend);
  EXPECT_EQ(transaction_->Output(), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  ASSERT_EQ(SendAll(6), Action::kReceive);
  ASSERT_EQ(Receive(kOk.substr(0, 9), 10), Action::kReceive);
  ASSERT_EQ(Receive(kOk.substr(9), 15), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_EQ(transaction_->response().body, "ok");
  EXPECT_TRUE(transaction_->reusable());
  EXPECT_FALSE(transaction_->repeated());
  EXPECT_EQ(transaction_->redirects(), 0);
  EXPECT_EQ(transaction_->timer().now(), At(15));
  EXPECT_EQ(phases().queue, Ms(1));
  EXPECT_EQ(phases().connect, Ms(2));
  EXPECT_EQ(phases().send, Ms(3));
  EXPECT_EQ(phases().first_byte, Ms(4));
  EXPECT_EQ(phases().body, Ms(5));
}

TEST_F(TransactionTest, AKeptConnectionNeedsNoConnect) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 2), Action::kDone);
  EXPECT_EQ(phases().connect, Ms(0));
  EXPECT_TRUE(transaction_->reusable());
}

TEST_F(TransactionTest, OutputIsAllOnlyOfARequestThatGoesOutAtOnce) {
  const auto is_all = [&](const Request& request) {
    Start(request);
    return transaction_->OutputIsAll();
  };
  Request post = Ask(Method::kPost);
  EXPECT_TRUE(is_all(Get()));
  EXPECT_TRUE(is_all(post));
  post.body = "hello";
  EXPECT_TRUE(is_all(post));
  post.expect_continue = true;
  EXPECT_FALSE(is_all(post));
  post.expect_continue = false;
  post.chunked = true;
  EXPECT_FALSE(is_all(post));
  post.body = "";
  EXPECT_FALSE(is_all(post));
  post.chunked = false;
  post.body_source = testing_bodies::Source("hello", 5);
  EXPECT_FALSE(is_all(post));
  EXPECT_FALSE(is_all(Get("https://127.0.0.1:80/")));
}

TEST_F(TransactionTest, ARefusedRequestIsDoneAtOnce) {
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 1), Action::kDone);
  Request refused = Get();
  refused.headers = {{"X", "a\nb"}};
  EXPECT_EQ(Start(refused, 2), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kInvalidRequest);
  EXPECT_EQ(transaction_->response().status, 0);
  EXPECT_FALSE(transaction_->reusable());
  EXPECT_EQ(phases().Sum(), Ms(0));
}

TEST_F(TransactionTest, NaiveSaysThatItClosesAndDecodeIsPassedOn) {
  Make({.decode = true}, Pooling::kNaive);
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  EXPECT_NE(transaction_->Output().find("Connection: close"), std::string_view::npos);
  const std::string body = testing_bodies::Deflated("hello", testing_bodies::kGzip);
  ASSERT_EQ(Answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n\r\n" + body,
                   1),
            Action::kDone);
  EXPECT_EQ(transaction_->response().body, "hello");
}

TEST_F(TransactionTest, ANewConnectionShakesHandsAndAKeptOneDoesNot) {
  TlsPeer peer;
  TlsContext context(peer.Trusting());
  TlsSession session(context);
  Start(Get("https://127.0.0.1:443/"));
  transaction_->Connect(At(0));
  ASSERT_EQ(transaction_->Connected(&session, At(1)), Action::kSend);
  EXPECT_EQ(transaction_->timer().phase(), Phase::kTls);
  peer.Accept();
  peer.Feed(transaction_->Output());
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ASSERT_EQ(Receive(peer.Output(16'000), 2), Action::kSend);
  peer.Feed(transaction_->Output());
  ASSERT_EQ(SendAll(3), Action::kReceive);
  EXPECT_EQ(peer.Read(), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  peer.Write(kOk);
  ASSERT_EQ(Receive(peer.Output(16'000), 4), Action::kDone);
  Start(Get("https://127.0.0.1:443/"), 5);
  ASSERT_EQ(transaction_->Reuse(&session, At(5)), Action::kSend);
  EXPECT_EQ(transaction_->timer().phase(), Phase::kSend);
  peer.Feed(transaction_->Output());
  EXPECT_EQ(peer.Read(), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

TEST_F(TransactionTest, WhatTheServerSaidExplainsWhyASendFailed) {
  Request post = Ask(Method::kPost);
  post.body = "hello";
  ASSERT_EQ(StartAndConnect(post), Action::kSend);
  ASSERT_EQ(Fail(EPIPE, 3), Action::kReceive);
  ASSERT_EQ(Receive("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", 4), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_EQ(transaction_->response().status, 413);
  EXPECT_FALSE(transaction_->reusable());
  EXPECT_EQ(phases().send, Ms(3));
  EXPECT_EQ(phases().first_byte, Ms(1));
}

TEST_F(TransactionTest, WithoutAWordFromTheServerTheSendHasFailed) {
  for (const bool reset : {false, true}) {
    ASSERT_EQ(StartAndConnect(Ask(Method::kPost)), Action::kSend);
    ASSERT_EQ(Fail(EPIPE, 3), Action::kReceive);
    ASSERT_EQ(reset ? Fail(ECONNRESET, 4) : Receive("", 4), Action::kDone);
    EXPECT_EQ(message(), "send to 127.0.0.1:80: Broken pipe");
    EXPECT_EQ(code(), ErrorCode::kConnectionClosed);
  }
  // The next one has its own failures.
  ASSERT_EQ(StartAndConnect(Get(), 5), Action::kSend);
  ASSERT_EQ(SendAll(6), Action::kReceive);
  ASSERT_EQ(Fail(ECONNRESET, 7), Action::kDone);
  EXPECT_EQ(message(), "receive from 127.0.0.1:80: Connection reset by peer");
}

TEST_F(TransactionTest, AnAnswerThatBreaksOffAfterAFailedSendIsWhatFailed) {
  ASSERT_EQ(StartAndConnect(Ask(Method::kPost)), Action::kSend);
  ASSERT_EQ(Fail(EPIPE, 3), Action::kReceive);
  ASSERT_EQ(Receive(kOk.substr(0, 9), 4), Action::kReceive);
  ASSERT_EQ(Receive("", 5), Action::kDone);
  EXPECT_EQ(message(),
            "receive from 127.0.0.1:80: connection closed in the middle of the response headers");
}

TEST_F(TransactionTest, AFailedSendIsForgottenWithItsRequest) {
  ASSERT_EQ(StartAndConnect(Ask(Method::kPost)), Action::kSend);
  ASSERT_EQ(Fail(EPIPE, 1), Action::kReceive);
  ASSERT_EQ(Receive(kOk, 2), Action::kDone);
  ASSERT_EQ(StartAndConnect(Get(), 3), Action::kSend);
  ASSERT_EQ(SendAll(4), Action::kReceive);
  ASSERT_EQ(Receive("", 5), Action::kDone);
  EXPECT_EQ(message(),
            "receive from 127.0.0.1:80: connection closed before any byte of the response");
}

TEST_F(TransactionTest, NothingOfARequestIsLeftInTheNext) {
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 1), Action::kDone);
  ASSERT_EQ(Start(Get(), 2), Action::kAcquire);
  EXPECT_FALSE(transaction_->reusable());
  ASSERT_EQ(transaction_->Connect(At(2)), Action::kConnect);
  EXPECT_EQ(transaction_->response().status, 0);
  ASSERT_EQ(Fail(ECONNREFUSED, 3), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kConnectRefused);
  EXPECT_FALSE(transaction_->reusable());
  ASSERT_EQ(Start(Get(), 4), Action::kAcquire);
  EXPECT_FALSE(transaction_->error());
  EXPECT_EQ(phases().Sum(), Ms(0));
}

TEST_F(TransactionTest, WhoGetsNoConnectionGetsNothingOfTheAnswerBefore) {
  Make({.timeout = Ms(10)});
  for (const bool cancel : {false, true}) {
    ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
    ASSERT_EQ(Answer(kOk, 1), Action::kDone);
    ASSERT_EQ(Start(Get(), 2), Action::kAcquire);
    ASSERT_EQ(cancel ? transaction_->Cancel(At(12)) : transaction_->Expire(At(12)), Action::kDone);
    EXPECT_EQ(transaction_->response().status, 0);
    EXPECT_EQ(transaction_->response().body, "");
  }
}

TEST_F(TransactionTest, AConnectionWhoseResponseFailedIsNotReusable) {
  Make({.max_body_bytes = 1});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 1), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kBodyTooLarge);
  EXPECT_FALSE(transaction_->reusable());
}

}  // namespace
}  // namespace assay
