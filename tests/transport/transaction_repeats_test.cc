// Which request is sent again when its kept connection turns out to be dead.
#include "tests/transport/transaction_scene.h"

namespace assay {
namespace {

using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;

class TransactionRepeatsTest : public TransactionTest {};

TEST_F(TransactionRepeatsTest, OnAFreshConnectionAndWithTheTimeOfBoth) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ASSERT_EQ(Receive("", 3), Action::kAcquire);
  EXPECT_FALSE(transaction_->reusable());
  EXPECT_TRUE(transaction_->wants_fresh());
  EXPECT_FALSE(transaction_->first());
  ASSERT_EQ(transaction_->Connect(At(6)), Action::kConnect);
  ASSERT_EQ(transaction_->Connected(nullptr, At(10)), Action::kSend);
  EXPECT_EQ(transaction_->Output().substr(0, 4), "GET ");
  ASSERT_EQ(SendAll(15), Action::kReceive);
  ASSERT_EQ(Receive(kOk, 21), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_TRUE(transaction_->repeated());
  EXPECT_TRUE(transaction_->reusable());
  EXPECT_EQ(phases().send, Ms(1 + 5));
  EXPECT_EQ(phases().first_byte, Ms(2 + 6));
  EXPECT_EQ(phases().queue, Ms(3));
  EXPECT_EQ(phases().connect, Ms(4));
  EXPECT_EQ(phases().Sum(), Ms(21));
}

TEST_F(TransactionRepeatsTest, HoweverTheConnectionShowsThatItIsDead) {
  for (const int error : {ECONNRESET, EPIPE}) {
    ASSERT_EQ(StartOnKept(Get()), Action::kSend);
    ASSERT_EQ(Fail(error, 1), Action::kReceive);  // something may have been said before
    ASSERT_EQ(Receive("", 2), Action::kAcquire);
    ASSERT_EQ(StartOnKept(Get()), Action::kSend);
    ASSERT_EQ(SendAll(1), Action::kReceive);
    ASSERT_EQ(Fail(error, 2), Action::kAcquire);
  }
}

TEST_F(TransactionRepeatsTest, OnlyMethodsThatMayComeTwice) {
  for (const auto& [method, repeated] : {std::pair{Method::kGet, true},
                                         {Method::kHead, true},
                                         {Method::kPut, true},
                                         {Method::kDelete, true},
                                         {Method::kOptions, true},
                                         {Method::kPost, false},
                                         {Method::kPatch, false}}) {
    ASSERT_EQ(StartOnKept(Ask(method)), Action::kSend);
    ASSERT_EQ(SendAll(1), Action::kReceive);
    EXPECT_EQ(Receive("", 2), repeated ? Action::kAcquire : Action::kDone) << ToString(method);
    EXPECT_EQ(transaction_->repeated(), repeated);
    EXPECT_EQ(transaction_->error().has_value(), !repeated);
  }
}

TEST_F(TransactionRepeatsTest, NotOnANewConnection) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 1), Action::kDone);
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer("", 1), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kConnectionClosed);
}

TEST_F(TransactionRepeatsTest, NotOnceTheServerHasBegunToAnswer) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer("H", 1), Action::kReceive);
  ASSERT_EQ(Receive("", 2), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kConnectionClosed);
}

TEST_F(TransactionRepeatsTest, OnlyOnce) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer("", 1), Action::kAcquire);
  ASSERT_EQ(transaction_->Reuse(nullptr, At(2)), Action::kSend);
  ASSERT_EQ(Answer("", 3), Action::kDone);
  EXPECT_EQ(message(),
            "receive from 127.0.0.1:80: connection closed before any byte of the response");
  EXPECT_TRUE(transaction_->repeated());
  ASSERT_EQ(StartOnKept(Get(), 4), Action::kSend);
  EXPECT_FALSE(transaction_->wants_fresh());
  EXPECT_EQ(Answer("", 5), Action::kAcquire);  // every request has this chance
}

TEST_F(TransactionRepeatsTest, NotForOtherReasonsThanAClosedConnection) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ASSERT_EQ(Fail(EINVAL, 2), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kIo);
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(transaction_->Cancel(At(1)), Action::kDone);
  Make({.timeout = Ms(5)});
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(transaction_->Expire(At(5)), Action::kDone);
}

TEST_F(TransactionRepeatsTest, TheLimitOfTheWholeRequestGoesOn) {
  Make({.timeout = Ms(10)});
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer("", 4), Action::kAcquire);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(10)));
}

TEST_F(TransactionRepeatsTest, AFailedSendOfTheFirstAttemptDoesNotExplainTheSecond) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Fail(EPIPE, 1), Action::kReceive);
  ASSERT_EQ(Receive("", 2), Action::kAcquire);
  ASSERT_EQ(transaction_->Connect(At(3)), Action::kConnect);
  ASSERT_EQ(Fail(ECONNREFUSED, 4), Action::kDone);
  EXPECT_EQ(message(), "connect to 127.0.0.1:80: Connection refused");
}

}  // namespace
}  // namespace assay
