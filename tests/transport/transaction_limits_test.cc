// When patience with a request ends, and what it is called then.
#include <functional>

#include "tests/transport/transaction_scene.h"

namespace assay {
namespace {

using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;

class TransactionLimitsTest : public TransactionTest {
 protected:
  // The next thing that ends is the request, at `at` and not before.
  void ExpectTheEndAt(int at, const std::string& expected) {
    EXPECT_EQ(transaction_->deadline(), Deadline::At(At(at)));
    EXPECT_FALSE(transaction_->ExpiryInterrupts(At(at - 1)));
    EXPECT_TRUE(transaction_->ExpiryInterrupts(At(at)));
    ASSERT_EQ(transaction_->Expire(At(at)), Action::kDone);
    EXPECT_EQ(message(), expected);
    EXPECT_EQ(code(), ErrorCode::kTimeout);
    EXPECT_EQ(phases().Sum(), Ms(at));
    EXPECT_FALSE(transaction_->reusable());
  }
};

TEST_F(TransactionLimitsTest, TheWholeRequestHasOneInEveryPhase) {
  Make({.timeout = Ms(50)});
  const std::string h = "127.0.0.1:80: ";
  ASSERT_EQ(Start(Get()), Action::kAcquire);
  ExpectTheEndAt(50, "wait for a connection to " + h + "no free connection within 50 ms");
  EXPECT_EQ(phases().queue, Ms(50));
  ASSERT_EQ(Start(Get()), Action::kAcquire);
  ASSERT_EQ(transaction_->Connect(At(1)), Action::kConnect);
  ExpectTheEndAt(50, "connect to " + h + "no connection within 50 ms");
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ExpectTheEndAt(50, "send to " + h + "no complete response within 50 ms");
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ExpectTheEndAt(50, "receive from " + h + "no complete response within 50 ms");
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk.substr(0, 9), 1), Action::kReceive);
  ExpectTheEndAt(50, "receive from " + h + "no complete response within 50 ms");
}

TEST_F(TransactionLimitsTest, EachPhaseCanHaveItsOwn) {
  const std::string h = "127.0.0.1:80: ";
  Make({.connect_timeout = Ms(20)});
  ASSERT_EQ(Start(Get()), Action::kAcquire);
  ASSERT_EQ(transaction_->Connect(At(1)), Action::kConnect);
  ExpectTheEndAt(21, "connect to " + h + "no connection within 20 ms");
  Make({.write_timeout = Ms(20)});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ExpectTheEndAt(20, "send to " + h + "the request was not taken within 20 ms");
  Make({.first_byte_timeout = Ms(20)});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ExpectTheEndAt(21, "receive from " + h + "no first byte within 20 ms");
  Make({.idle_timeout = Ms(20)});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(kOk.substr(0, 9), 1), Action::kReceive);
  ASSERT_EQ(Receive(kOk.substr(9, 1), 2), Action::kReceive);
  ExpectTheEndAt(22, "receive from " + h + "no byte for 20 ms");
}

TEST_F(TransactionLimitsTest, ATimeoutAfterAFailedSendIsTheSendThatFailed) {
  Make({.timeout = Ms(50)});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Fail(EPIPE, 1), Action::kReceive);
  ASSERT_EQ(transaction_->Expire(At(50)), Action::kDone);
  EXPECT_EQ(message(), "send to 127.0.0.1:80: Broken pipe");
}

Request Asks() {
  return {.method = Method::kPost,
          .url = Url::Parse("http://127.0.0.1:80/").value(),
          .body = "hello",
          .expect_continue = true};
}

TEST_F(TransactionLimitsTest, TheWaitForContinueEndsWithoutEndingAnything) {
  Make({.timeout = Ms(50), .expect_timeout = Ms(10)});
  ASSERT_EQ(StartAndConnect(Asks()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(11)));
  EXPECT_FALSE(transaction_->ExpiryInterrupts(At(11)));
  ASSERT_EQ(transaction_->Expire(At(11)), Action::kSend);
  EXPECT_EQ(transaction_->Output(), "hello");
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(50)));
  ASSERT_EQ(Answer(kOk, 12), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_TRUE(transaction_->reusable());
}

TEST_F(TransactionLimitsTest, TheWaitForContinueEndsWithTheRequest) {
  Make({.timeout = Ms(50), .expect_timeout = Ms(10)});
  ASSERT_EQ(StartAndConnect(Asks()), Action::kSend);
  ASSERT_EQ(SendAll(1), Action::kReceive);
  ASSERT_EQ(Receive("", 2), Action::kDone);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(50)));
  ASSERT_EQ(StartAndConnect(Asks()), Action::kSend);
  ASSERT_EQ(Answer(kOk, 1), Action::kDone);
  ASSERT_EQ(Start(Get()), Action::kAcquire);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(50)));
}

TEST_F(TransactionLimitsTest, WhoCancelsHearsWhatWasUnderWay) {
  const auto connected = [&] { EXPECT_EQ(StartAndConnect(Get()), Action::kSend); };
  const std::pair<std::string, std::function<void()>> phases[] = {
      {"wait for a connection to ", [&] { Start(Get()); }},
      {"connect to ", [&] { Start(Get()), transaction_->Connect(At(0)); }},
      {"send to ", connected},
      {"send to ", [&] { StartAndConnect(Asks()), SendAll(1); }},
      {"receive from ", [&] { connected(), SendAll(1); }},
      {"receive from ", [&] { connected(), Answer(kOk.substr(0, 9), 1); }}};
  for (const auto& [words, reach] : phases) {
    reach();
    ASSERT_EQ(transaction_->Cancel(At(3)), Action::kDone);
    EXPECT_EQ(message(), words + "127.0.0.1:80: cancelled");
    EXPECT_EQ(code(), ErrorCode::kCancelled);
    EXPECT_FALSE(transaction_->reusable());
    EXPECT_EQ(this->phases().Sum(), Ms(3));
  }
}

}  // namespace
}  // namespace assay
