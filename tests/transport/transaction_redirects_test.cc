// Redirects, followed from one connection to the next.
#include "tests/transport/transaction_scene.h"

namespace assay {
namespace {

using testing_exchange::At;
using testing_exchange::kOk;
using testing_exchange::Ms;

std::string To(const std::string& location, int status = 302, const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + location +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class TransactionRedirectsTest : public TransactionTest {
 protected:
  TransactionRedirectsTest() { Make({.timeout = Ms(100), .redirects = RedirectOptions{}}); }
  std::string_view Line() const {
    return transaction_->Output().substr(0, transaction_->Output().find(" HTTP"));
  }
};

TEST_F(TransactionRedirectsTest, AreFollowedOverTheSameConnection) {
  ASSERT_EQ(StartAndConnect(Get("http://127.0.0.1:80/a")), Action::kSend);
  ASSERT_EQ(Answer(To("/b"), 4), Action::kAcquire);
  EXPECT_TRUE(transaction_->reusable());
  EXPECT_FALSE(transaction_->first());
  EXPECT_FALSE(transaction_->wants_fresh());
  EXPECT_EQ(transaction_->origin().authority, "127.0.0.1:80");
  EXPECT_EQ(transaction_->deadline(), Deadline::At(At(100)));
  transaction_->Queue(At(5));
  ASSERT_EQ(transaction_->Reuse(nullptr, At(6)), Action::kSend);
  EXPECT_EQ(Line(), "GET /b");
  ASSERT_EQ(Answer(kOk, 9), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_EQ(transaction_->response().body, "ok");
  EXPECT_EQ(transaction_->redirects(), 1);
  EXPECT_TRUE(transaction_->reusable());
  EXPECT_EQ(phases().Sum(), Ms(9));
  EXPECT_EQ(phases().resolve, Ms(1));
  EXPECT_EQ(phases().queue, Ms(1));
}

TEST_F(TransactionRedirectsTest, WaitForAConnectionLikeTheFirstRequest) {
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(To("http://127.0.0.2:81/c"), 4), Action::kAcquire);
  transaction_->Queue(At(5));
  ASSERT_EQ(transaction_->Expire(At(100)), Action::kDone);
  EXPECT_EQ(message(), "wait for a connection to 127.0.0.2:81: no free connection within 100 ms");
  EXPECT_EQ(phases().queue, Ms(95));
  EXPECT_EQ(transaction_->response().status, 0);
  EXPECT_FALSE(transaction_->reusable());
}

TEST_F(TransactionRedirectsTest, AreTheAnswerWhereNobodyFollows) {
  Make({});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(To("/b", 302, "gone"), 1), Action::kDone);
  EXPECT_FALSE(transaction_->error());
  EXPECT_EQ(transaction_->response().status, 302);
  EXPECT_EQ(transaction_->response().body, "gone");
  EXPECT_EQ(transaction_->redirects(), 0);
}

TEST_F(TransactionRedirectsTest, ChangeTheMethodAsTheirStatusSays) {
  for (const auto& [status, line] : {std::pair{301, "GET /b"},
                                     {302, "GET /b"},
                                     {303, "GET /b"},
                                     {307, "POST /b"},
                                     {308, "POST /b"}}) {
    Request post = Ask(Method::kPost);
    post.body = "hello";
    ASSERT_EQ(StartAndConnect(post), Action::kSend);
    ASSERT_EQ(Answer(To("/b", status), 1), Action::kAcquire);
    ASSERT_EQ(transaction_->Reuse(nullptr, At(1)), Action::kSend);
    EXPECT_EQ(Line(), line);
    EXPECT_EQ(transaction_->Output().ends_with("hello"), status >= 307);
  }
}

TEST_F(TransactionRedirectsTest, HaveALimit) {
  Make({.redirects = RedirectOptions{.limit = 2}});
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  for (int hop = 0; hop < 2; ++hop) {
    ASSERT_EQ(Answer(To("/b"), 1), Action::kAcquire);
    ASSERT_EQ(transaction_->Reuse(nullptr, At(1)), Action::kSend);
  }
  ASSERT_EQ(Answer(To("/c"), 1), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kTooManyRedirects);
  EXPECT_EQ(transaction_->redirects(), 2);
  EXPECT_EQ(transaction_->response().status, 302);
  EXPECT_TRUE(transaction_->reusable());
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);  // the next one has its own
  EXPECT_EQ(transaction_->redirects(), 0);
  EXPECT_TRUE(transaction_->first());
  EXPECT_EQ(Answer(To("/b"), 1), Action::kAcquire);
}

TEST_F(TransactionRedirectsTest, ToNoUrlFailAndNameBoth) {
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(To("ftp://h/"), 1), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kRedirectRefused);
  EXPECT_NE(message().find("ftp://h/"), std::string::npos);
  EXPECT_NE(message().find("http://127.0.0.1/"), std::string::npos);
}

TEST_F(TransactionRedirectsTest, LeadToOtherServersToo) {
  Request get = Get();
  get.headers = {{"Authorization", "secret"}, {"X", "y"}};
  ASSERT_EQ(StartAndConnect(get), Action::kSend);
  ASSERT_EQ(Answer(To("http://127.0.0.2:81/c"), 1), Action::kAcquire);
  EXPECT_EQ(transaction_->origin().authority, "127.0.0.2:81");
  ASSERT_EQ(transaction_->Connect(At(2)), Action::kConnect);
  EXPECT_EQ(transaction_->endpoint().port(), 81);
  ASSERT_EQ(transaction_->Connected(nullptr, At(3)), Action::kSend);
  EXPECT_EQ(transaction_->Output(), "GET /c HTTP/1.1\r\nHost: 127.0.0.2:81\r\nX: y\r\n\r\n");
  ASSERT_EQ(Answer(kOk, 4), Action::kDone);
  EXPECT_EQ(phases().Sum(), Ms(4));
}

TEST_F(TransactionRedirectsTest, ToAHostThatIsNotFoundFail) {
  const std::string nowhere(70, 'a');  // a label can have 63 characters
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer(To("http://" + nowhere + "/"), 1), Action::kDone);
  EXPECT_EQ(code(), ErrorCode::kResolveFailed);
  EXPECT_EQ(transaction_->redirects(), 1);
  EXPECT_TRUE(transaction_->reusable());
  EXPECT_TRUE(StartAndConnect(Get(), 2) == Action::kSend);
}

TEST_F(TransactionRedirectsTest, WhoseConnectionEndsNeedANewOne) {
  ASSERT_EQ(StartAndConnect(Get()), Action::kSend);
  ASSERT_EQ(Answer("HTTP/1.1 302 Found\r\nLocation: /b\r\nConnection: close\r\n"
                   "Content-Length: 0\r\n\r\n",
                   1),
            Action::kAcquire);
  EXPECT_FALSE(transaction_->reusable());
}

TEST_F(TransactionRedirectsTest, GiveTheNextHopItsOwnRepeat) {
  ASSERT_EQ(StartOnKept(Get()), Action::kSend);
  ASSERT_EQ(Answer("", 1), Action::kAcquire);
  ASSERT_EQ(transaction_->Connect(At(1)), Action::kConnect);
  ASSERT_EQ(transaction_->Connected(nullptr, At(1)), Action::kSend);
  ASSERT_EQ(Answer(To("/b"), 2), Action::kAcquire);
  EXPECT_FALSE(transaction_->wants_fresh());
  EXPECT_TRUE(transaction_->repeated());
  ASSERT_EQ(transaction_->Reuse(nullptr, At(2)), Action::kSend);
  ASSERT_EQ(Answer("", 3), Action::kAcquire);
  EXPECT_TRUE(transaction_->wants_fresh());
  ASSERT_EQ(transaction_->Connect(At(4)), Action::kConnect);
  ASSERT_EQ(transaction_->Connected(nullptr, At(4)), Action::kSend);
  EXPECT_EQ(Line(), "GET /b");
  ASSERT_EQ(Answer(kOk, 5), Action::kDone);
  EXPECT_EQ(transaction_->redirects(), 1);
}

struct Counted : BodyTarget {
  Result<std::unique_ptr<BodySink>> Open(const Response& head) const override {
    statuses.push_back(head.status);
    return std::unique_ptr<BodySink>();
  }
  mutable std::vector<int> statuses;
};

TEST_F(TransactionRedirectsTest, HaveABodyThatNobodySees) {
  const auto target = std::make_shared<Counted>();
  Request get = Get();
  get.body_target = target;
  ASSERT_EQ(StartAndConnect(get), Action::kSend);
  ASSERT_EQ(Answer(To("/b", 302, "moved"), 1), Action::kAcquire);
  ASSERT_EQ(transaction_->Reuse(nullptr, At(1)), Action::kSend);
  ASSERT_EQ(Answer(kOk, 2), Action::kDone);
  EXPECT_EQ(target->statuses, std::vector{200});
  EXPECT_EQ(transaction_->response().body, "");
  EXPECT_EQ(transaction_->response().body_bytes, 2u);
}

}  // namespace
}  // namespace assay
