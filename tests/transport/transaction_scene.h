// A transaction that a test plays engine and network for.
#ifndef ASSAY_TESTS_TRANSPORT_TRANSACTION_SCENE_H_
#define ASSAY_TESTS_TRANSPORT_TRANSACTION_SCENE_H_

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assay/transport/transaction.h"
#include "tests/transport/exchange_scene.h"

namespace assay {

using Action = Transaction::Action;

inline void PrintTo(Action action, std::ostream* out) {
  constexpr const char* kNames[] = {"kAcquire", "kConnect", "kSend", "kReceive", "kDone"};
  *out << kNames[static_cast<int>(action)];
}

class TransactionTest : public testing::Test {
 protected:
  // Before Start(), where a test wants other options.
  void Make(const ConnectionOptions& options, Pooling pooling = Pooling::kPooled) {
    transaction_ = std::make_unique<Transaction>(options, pooling, origins_);
    pooling_ = pooling;
  }
  // `origin_` takes the place of what was looked up, if it has addresses.
  Action Start(const Request& request, int now = 0) {
    if (!transaction_) Make({});
    request_ = request;
    prepared_ = Prepare(request_, pooling_, false, origins_);
    if (!origin_.endpoints.empty()) prepared_.origin = &origin_;
    return transaction_->Start(prepared_, testing_exchange::At(now));
  }
  Action StartAndConnect(const Request& request, int now = 0) {
    EXPECT_EQ(Start(request, now), Action::kAcquire);
    EXPECT_EQ(transaction_->Connect(testing_exchange::At(now)), Action::kConnect);
    return transaction_->Connected(nullptr, testing_exchange::At(now));
  }
  Action StartOnKept(const Request& request, int now = 0) {
    EXPECT_EQ(Start(request, now), Action::kAcquire);
    return transaction_->Reuse(nullptr, testing_exchange::At(now));
  }
  Action SendAll(int now) {
    return transaction_->Sent(transaction_->Output().size(), testing_exchange::At(now));
  }
  Action Receive(std::string_view text, int now) {
    return transaction_->Received(testing_exchange::Put(transaction_->Input(), text),
                                  testing_exchange::At(now));
  }
  Action Fail(int error, int now) {
    return transaction_->Fail({error, boost::system::system_category()}, testing_exchange::At(now));
  }
  // From StartAndConnect() to the end.
  Action Answer(std::string_view text, int now) {
    EXPECT_EQ(SendAll(now), Action::kReceive);
    return Receive(text, now);
  }
  std::string message() const {
    return transaction_->error() ? transaction_->error()->message : "no error";
  }
  ErrorCode code() const { return transaction_->error().value().code; }
  const Phases& phases() const { return transaction_->timer().phases(); }

  static Request Ask(Method method, const std::string& url = "http://127.0.0.1:80/") {
    return {.method = method, .url = Url::Parse(url).value()};
  }
  static Request Get(const std::string& url = "http://127.0.0.1:80/") {
    return Ask(Method::kGet, url);
  }

  OriginTable origins_;
  Origin origin_{};
  std::unique_ptr<Transaction> transaction_;

 private:
  Pooling pooling_ = Pooling::kPooled;
  Request request_;
  PreparedRequest prepared_;
};

}  // namespace assay

#endif  // ASSAY_TESTS_TRANSPORT_TRANSACTION_SCENE_H_
