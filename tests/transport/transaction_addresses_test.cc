// A name with several addresses: how long each one is tried.
#include "tests/transport/transaction_scene.h"

namespace assay {
namespace {

using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;

class TransactionAddressesTest : public TransactionTest {
 protected:
  TransactionAddressesTest() {
    origin_.authority = "many:80";
    for (const char* address : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
      origin_.endpoints.emplace_back(boost::asio::ip::make_address(address), 80);
    }
    Make({.timeout = Ms(100), .next_address_after = Ms(10)});
  }
  Action StartToConnect(int now = 0) {
    EXPECT_EQ(Start(Get(), now), Action::kAcquire);
    return transaction_->Connect(At(now));
  }
  std::string address() const { return transaction_->endpoint().address().to_string(); }
};

TEST_F(TransactionAddressesTest, AreTriedInTurnAsEachOneRefuses) {
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.1");
  ASSERT_EQ(Fail(ECONNREFUSED, 1), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.2");
  ASSERT_EQ(Fail(ECONNREFUSED, 2), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.3");
  ASSERT_EQ(transaction_->Connected(nullptr, At(3)), Action::kSend);
  ASSERT_EQ(Answer(kOk, 4), Action::kDone);
  EXPECT_EQ(phases().connect, Ms(3));
  ASSERT_EQ(StartToConnect(5), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.1");  // every request begins with the first
}

TEST_F(TransactionAddressesTest, TheLastFailureIsReported) {
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  ASSERT_EQ(Fail(ECONNREFUSED, 1), Action::kConnect);
  ASSERT_EQ(Fail(ECONNREFUSED, 2), Action::kConnect);
  ASSERT_EQ(Fail(ENETUNREACH, 3), Action::kDone);
  EXPECT_EQ(message(), "connect to many:80: Network is unreachable");
  EXPECT_EQ(code(), ErrorCode::kConnectFailed);
}

TEST_F(TransactionAddressesTest, HaveLimitedTimeButForTheLastOne) {
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(10)));
  EXPECT_FALSE(transaction_->ExpiryInterrupts(At(9)));
  EXPECT_TRUE(transaction_->ExpiryInterrupts(At(10)));
  ASSERT_EQ(transaction_->Expire(At(10)), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.2");
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(20)));
  ASSERT_EQ(transaction_->Expire(At(20)), Action::kConnect);
  EXPECT_EQ(address(), "127.0.0.3");
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
  EXPECT_FALSE(transaction_->ExpiryInterrupts(At(99)));
  ASSERT_EQ(transaction_->Expire(At(100)), Action::kDone);
  EXPECT_EQ(message(), "connect to many:80: no connection within 100 ms");
  EXPECT_EQ(phases().connect, Ms(100));
}

TEST_F(TransactionAddressesTest, TheLimitOfTheRequestComesBeforeTheNextAddress) {
  Make({.timeout = Ms(5), .next_address_after = Ms(5)});
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  ASSERT_EQ(transaction_->Expire(At(5)), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kTimeout);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(5)));
}

TEST_F(TransactionAddressesTest, TheLimitOfConnectingIsForAllTogether) {
  Make({.timeout = Ms(100), .connect_timeout = Ms(15), .next_address_after = Ms(10)});
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  ASSERT_EQ(transaction_->Expire(At(10)), Action::kConnect);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(15)));
  ASSERT_EQ(transaction_->Expire(At(15)), Action::kDone);
  EXPECT_EQ(message(), "connect to many:80: no connection within 15 ms");
}

TEST_F(TransactionAddressesTest, TheLimitEndsWithTheConnection) {
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  ASSERT_EQ(transaction_->Connected(nullptr, At(3)), Action::kSend);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
}

TEST_F(TransactionAddressesTest, TheLimitEndsWithTheRequest) {
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  ASSERT_EQ(transaction_->Cancel(At(1)), Action::kDone);
  EXPECT_EQ(message(), "connect to many:80: cancelled");
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
  ASSERT_EQ(StartToConnect(50), Action::kConnect);
  ASSERT_EQ(Start(Get(), 55), Action::kAcquire);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(155)));
}

TEST_F(TransactionAddressesTest, OneAddressHasAllTheTime) {
  origin_.endpoints.resize(1);
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
  ASSERT_EQ(Fail(ECONNREFUSED, 1), Action::kDone);
}

TEST_F(TransactionAddressesTest, TwoAreOneAndTheLast) {
  origin_.endpoints.resize(2);
  ASSERT_EQ(StartToConnect(), Action::kConnect);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(10)));
  ASSERT_EQ(Fail(ECONNREFUSED, 1), Action::kConnect);
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
}

}  // namespace
}  // namespace assay
