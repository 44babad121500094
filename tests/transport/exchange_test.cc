#include "assay/transport/exchange.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/transport/body_sources.h"
#include "tests/transport/exchange_scene.h"

namespace assay {
namespace {

using Step = Exchange::Step;
using testing_bodies::Source;
using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;
using testing_exchange::Post;
using testing_exchange::Put;

const Request kGet{.method = Method::kGet, .url = Url{"h", 80, "/"}};
const Request kAsks{.method = Method::kPost,
                    .url = Url{"h", 80, "/"},
                    .body = "hello",
                    .chunked = true,
                    .expect_continue = true};

class ExchangeTest : public testing::Test {
 protected:
  Result<Step> Begin(const Request& request, int now = 0) {
    wire_ = ToWire(request, Pooling::kPooled).value();
    timer_.Start(Phase::kQueue, At(now));
    return exchange_.Begin(wire_, request.body_target.get(), origin_, nullptr, true, At(now));
  }
  Result<Step> SendAll(int now) { return exchange_.Sent(exchange_.Output().size(), At(now)); }
  Result<Step> Receive(std::string_view text, int now) {
    return exchange_.Received(Put(exchange_.Input(), text), At(now));
  }

  ConnectionOptions options_{.expect_timeout = Ms(10)};
  PhaseTimer timer_{options_};
  Exchange exchange_{options_, timer_};
  Origin origin_{.authority = "h:80", .host = "h"};
  WireRequest wire_;
};

TEST_F(ExchangeTest, SendsTheRequestAndReadsTheAnswer) {
  ASSERT_EQ(*Begin(kGet), Step::kSend);
  EXPECT_EQ(exchange_.Output(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(*exchange_.Sent(4, At(1)), Step::kSend);
  EXPECT_EQ(exchange_.Output(), "/ HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  EXPECT_EQ(*SendAll(2), Step::kReceive);
  EXPECT_EQ(exchange_.Output(), "");
  EXPECT_EQ(timer_.phase(), Phase::kReceive);
  EXPECT_FALSE(exchange_.received());
  EXPECT_EQ(*Receive(kOk.substr(0, 5), 5), Step::kReceive);
  EXPECT_TRUE(exchange_.received());
  EXPECT_FALSE(exchange_.reusable());
  EXPECT_EQ(timer_.phase(), Phase::kBody);
  EXPECT_EQ(*Receive(kOk.substr(5), 9), Step::kComplete);
  timer_.Finish(At(9));
  EXPECT_TRUE(exchange_.reusable());
  EXPECT_EQ(exchange_.response().body, "ok");
  EXPECT_EQ(timer_.phases().send, Ms(2));
  EXPECT_EQ(timer_.phases().first_byte, Ms(3));
  EXPECT_EQ(timer_.phases().body, Ms(4));
  EXPECT_TRUE(exchange_.continue_by().never());
}

TEST_F(ExchangeTest, ClearForgetsTheResponse) {
  ASSERT_TRUE(Begin(kGet).ok());
  ASSERT_TRUE(SendAll(1).ok());
  ASSERT_EQ(*Receive(kOk, 2), Step::kComplete);
  exchange_.Clear();
  EXPECT_EQ(exchange_.response().status, 0);
  EXPECT_EQ(exchange_.response().body, "");
  EXPECT_FALSE(exchange_.received());
}

TEST_F(ExchangeTest, AConnectionThatTheServerWillCloseIsNotReusable) {
  ASSERT_TRUE(Begin(kGet).ok());
  ASSERT_TRUE(SendAll(1).ok());
  ASSERT_EQ(*Receive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 2),
            Step::kComplete);
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTest, ABodyMayEndWithTheConnection) {
  ASSERT_TRUE(Begin(kGet).ok());
  ASSERT_TRUE(SendAll(1).ok());
  ASSERT_EQ(*Receive("HTTP/1.1 200 OK\r\n\r\nhello", 2), Step::kReceive);
  EXPECT_EQ(*Receive("", 3), Step::kComplete);
  EXPECT_EQ(exchange_.response().body, "hello");
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTest, AnErrorOfTheResponseSaysInWhichPhaseAndFromWhom) {
  ASSERT_TRUE(Begin(kGet).ok());
  ASSERT_TRUE(SendAll(1).ok());
  const auto closed = Receive("", 2);
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, ErrorCode::kConnectionClosed);
  EXPECT_EQ(closed.error().message,
            "receive from h:80: connection closed before any byte of the response");
  ASSERT_TRUE(Begin(Post("hello")).ok());
  EXPECT_EQ(Receive("no HTTP\r\n\r\n", 3).error().message.substr(0, 14), "send to h:80: ");
}

TEST_F(ExchangeTest, AnAnswerThatComesBeforeAllIsSentIsTheAnswer) {
  ASSERT_EQ(*Begin(Post("hello")), Step::kSend);
  EXPECT_EQ(*exchange_.Sent(10, At(1)), Step::kSend);
  EXPECT_EQ(*Receive(kOk.substr(0, 5), 2), Step::kSend);
  EXPECT_EQ(timer_.phase(), Phase::kSend);  // which has its own limit
  EXPECT_EQ(exchange_.Output().substr(0, 4), "P/1.");
  EXPECT_EQ(*Receive(kOk.substr(5), 3), Step::kComplete);
  EXPECT_FALSE(exchange_.reusable());  // the server may take the rest for a request
  EXPECT_EQ(exchange_.response().status, 200);
}

TEST_F(ExchangeTest, AnAnswerThatHasBegunMeanwhileIsReadOnceAllIsSent) {
  ASSERT_EQ(*Begin(Post("hello")), Step::kSend);
  EXPECT_EQ(*Receive(kOk.substr(0, 5), 1), Step::kSend);
  EXPECT_EQ(*SendAll(2), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kReceive);
  EXPECT_EQ(*Receive(kOk.substr(5), 3), Step::kComplete);
  EXPECT_TRUE(exchange_.reusable());
}

TEST_F(ExchangeTest, ABodyWaitsUntilTheServerSaysContinue) {
  ASSERT_EQ(*Begin(kAsks), Step::kSend);
  EXPECT_TRUE(exchange_.continue_by().never());
  EXPECT_EQ(*SendAll(3), Step::kReceive);
  EXPECT_EQ(exchange_.Output(), "");
  EXPECT_EQ(exchange_.continue_by(), Deadline::At(At(13)));
  EXPECT_EQ(timer_.phase(), Phase::kSend);
  EXPECT_EQ(*Receive("HTTP/1.1 103 Early Hints\r\n\r\n", 4), Step::kReceive);
  EXPECT_EQ(exchange_.continue_by(), Deadline::At(At(13)));
  EXPECT_EQ(*Receive("HTTP/1.1 100 Continue\r\n\r\n", 5), Step::kSend);
  EXPECT_TRUE(exchange_.continue_by().never());
  EXPECT_EQ(exchange_.Output(), "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(*SendAll(6), Step::kReceive);
  EXPECT_EQ(timer_.phase(), Phase::kReceive);
  EXPECT_EQ(*Receive(kOk, 7), Step::kComplete);
  EXPECT_TRUE(exchange_.reusable());
  EXPECT_EQ(timer_.phases().send, Ms(6));
}

TEST_F(ExchangeTest, TheWaitForContinueIsNotProlonged) {
  ASSERT_TRUE(Begin(kAsks).ok());
  ASSERT_EQ(*SendAll(3), Step::kReceive);
  EXPECT_EQ(*exchange_.Sent(0, At(8)), Step::kReceive);
  EXPECT_EQ(exchange_.continue_by(), Deadline::At(At(13)));
}

TEST_F(ExchangeTest, AFinalAnswerInsteadOfContinueSparesTheBody) {
  ASSERT_TRUE(Begin(kAsks).ok());
  ASSERT_EQ(*SendAll(1), Step::kReceive);
  EXPECT_EQ(*Receive("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", 2), Step::kComplete);
  EXPECT_EQ(exchange_.response().status, 417);
  EXPECT_EQ(exchange_.Output(), "");
  EXPECT_FALSE(exchange_.reusable());  // the server may still wait for the body
  exchange_.Reset();
  EXPECT_TRUE(exchange_.continue_by().never());
}

TEST_F(ExchangeTest, WithoutAWordTheBodyIsSentAnywayAndOnlyOnce) {
  ASSERT_TRUE(Begin(kAsks).ok());
  ASSERT_EQ(*SendAll(1), Step::kReceive);
  EXPECT_EQ(*exchange_.ContinueAnyway(At(11)), Step::kSend);
  EXPECT_TRUE(exchange_.continue_by().never());
  EXPECT_EQ(exchange_.Output(), "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(*SendAll(12), Step::kReceive);
  EXPECT_EQ(*Receive("HTTP/1.1 100 Continue\r\n\r\n", 13), Step::kReceive);
  EXPECT_EQ(*Receive(kOk, 14), Step::kComplete);
  EXPECT_TRUE(exchange_.reusable());
}

TEST_F(ExchangeTest, TheNextExchangeDoesNotInheritTheWait) {
  ASSERT_TRUE(Begin(kAsks).ok());
  ASSERT_EQ(*SendAll(1), Step::kReceive);
  ASSERT_EQ(*Begin(kGet), Step::kSend);
  EXPECT_TRUE(exchange_.continue_by().never());
}

TEST_F(ExchangeTest, AfterAFailedSendTheAnswerCanStillBeRead) {
  ASSERT_TRUE(Begin(Post("hello")).ok());
  ASSERT_TRUE(exchange_.GiveUpSending(At(4)));
  EXPECT_EQ(exchange_.Output(), "");
  EXPECT_EQ(timer_.phase(), Phase::kReceive);
  EXPECT_EQ(timer_.phases().send, Ms(4));
  EXPECT_EQ(*Receive(kOk.substr(0, 9), 5), Step::kReceive);
  EXPECT_EQ(*Receive(kOk.substr(9), 6), Step::kComplete);
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTest, WhatHasAllBeenSentCannotBeGivenUp) {
  ASSERT_TRUE(Begin(Post("hello")).ok());
  ASSERT_EQ(*SendAll(1), Step::kReceive);
  EXPECT_FALSE(exchange_.GiveUpSending(At(2)));
  EXPECT_EQ(timer_.phases().first_byte, Ms(0));
  EXPECT_EQ(*Receive(kOk, 3), Step::kComplete);
  EXPECT_TRUE(exchange_.reusable());
}

TEST_F(ExchangeTest, ASendThatWasGivenUpIsForgottenInTheNextExchange) {
  ASSERT_TRUE(Begin(Post("hello")).ok());
  ASSERT_TRUE(exchange_.GiveUpSending(At(4)));
  ASSERT_TRUE(Begin(kGet).ok());
  EXPECT_FALSE(exchange_.received());
  ASSERT_EQ(*SendAll(1), Step::kReceive);
  ASSERT_EQ(*Receive(kOk, 2), Step::kComplete);
  EXPECT_TRUE(exchange_.reusable());
  ASSERT_TRUE(Begin(kGet).ok());
  EXPECT_FALSE(exchange_.reusable());
}

TEST_F(ExchangeTest, TheErrorOfASourceIsItsOwn) {
  Request upload = Post("");
  upload.body_source = Source("hel", 5, 3, Error{ErrorCode::kIo, "the disk is gone"});
  ASSERT_EQ(*Begin(upload), Step::kSend);
  ASSERT_EQ(*SendAll(1), Step::kSend);
  EXPECT_EQ(exchange_.Output(), "hel");
  const auto failed = SendAll(2);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error(), (Error{ErrorCode::kIo, "the disk is gone"}));
  upload.body_source = FileBody("/no/such/file");
  EXPECT_EQ(Begin(upload).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace assay
