#include "assay/transport/wire_request.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Request Get(std::string target = "/get") {
  return {Method::kGet, Url{"example.org", 8080, std::move(target)}, {}, {}};
}

Request Post(std::string body) {
  Request request = Get("/post");
  request.method = Method::kPost;
  request.body = std::move(body);
  return request;
}

// Says how long it is and is never opened.
class Unopened : public BodySource {
 public:
  explicit Unopened(std::optional<std::uint64_t> length) : length_(length) {}
  std::optional<std::uint64_t> length() const override { return length_; }
  Result<std::unique_ptr<BodyReader>> Open() const override {
    ADD_FAILURE() << "opened";
    return Error{ErrorCode::kIo, "opened"};
  }

 private:
  std::optional<std::uint64_t> length_;
};

Request PostFrom(std::optional<std::uint64_t> length) {
  Request request = Post("");
  request.body_source = std::make_shared<Unopened>(length);
  return request;
}

std::string HeadOf(const Request& request, Pooling pooling = Pooling::kPooled) {
  return ToWire(request, pooling).value().head;
}

const std::string kPostHead = "POST /post HTTP/1.1\r\nHost: example.org:8080\r\n";

std::string ErrorOf(const Request& request) {
  auto wire = ToWire(request, Pooling::kPooled);
  if (wire.ok()) return "sent: " + wire->head;
  EXPECT_EQ(wire.error().code, ErrorCode::kInvalidRequest);
  return wire.error().message;
}

TEST(ToWire, IsARequestLineAndAHost) {
  EXPECT_EQ(HeadOf(Get()), "GET /get HTTP/1.1\r\nHost: example.org:8080\r\n\r\n");
}

TEST(ToWire, NaiveAsksTheServerToClose) {
  EXPECT_EQ(HeadOf(Get(), Pooling::kNaive),
            "GET /get HTTP/1.1\r\nHost: example.org:8080\r\nConnection: close\r\n\r\n");
}

TEST(ToWire, CarriesFieldsAndBody) {
  Request request = Post("hello");
  request.headers = {{"X-Request-Id", "7"}, {"A!#$%&'*+-.^_`|~azAZ09", "\t \xff~"}};
  const WireRequest wire = ToWire(request, Pooling::kPooled).value();
  EXPECT_EQ(wire.head, kPostHead + "X-Request-Id: 7\r\nA!#$%&'*+-.^_`|~azAZ09: \t \xff~\r\n" +
                           "Content-Length: 5\r\n\r\nhello");
  EXPECT_EQ(wire.body, "");
  EXPECT_EQ(wire.method, Method::kPost);
  EXPECT_FALSE(wire.chunked);
  EXPECT_FALSE(wire.expect_continue);
}

TEST(ToWire, AnEmptyBodyHasALengthWhereOneIsUsual) {
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch}) {
    Request request = Get();
    request.method = method;
    EXPECT_NE(HeadOf(request).find("Content-Length: 0\r\n"), std::string::npos);
  }
  for (const Method method : {Method::kGet, Method::kHead, Method::kDelete, Method::kOptions}) {
    Request request = Get();
    request.method = method;
    EXPECT_EQ(HeadOf(request).find("Content-Length"), std::string::npos);
  }
}

TEST(ToWire, ASourceOfKnownLengthHasAContentLength) {
  const Request request = PostFrom(12);
  const WireRequest wire = ToWire(request, Pooling::kPooled).value();
  EXPECT_EQ(wire.head, kPostHead + "Content-Length: 12\r\n\r\n");
  EXPECT_EQ(wire.source, request.body_source);
  EXPECT_EQ(wire.length, 12u);
  EXPECT_FALSE(wire.chunked);
  Request get = PostFrom(0);
  get.method = Method::kGet;
  EXPECT_NE(HeadOf(get).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(ToWire, ASourceOfUnknownLengthIsSentInChunks) {
  const WireRequest wire = ToWire(PostFrom({}), Pooling::kPooled).value();
  EXPECT_EQ(wire.head, kPostHead + "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(wire.length, std::nullopt);
  EXPECT_TRUE(wire.chunked);
}

TEST(ToWire, ChunksCanBeAskedFor) {
  Request request = Post("hello");
  request.chunked = true;
  const WireRequest wire = ToWire(request, Pooling::kPooled).value();
  EXPECT_EQ(wire.head, kPostHead + "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(wire.body, "hello");
  EXPECT_TRUE(wire.chunked);
  request = PostFrom(12);
  request.chunked = true;
  EXPECT_EQ(HeadOf(request), wire.head);
  EXPECT_EQ(ToWire(request, Pooling::kPooled)->length, 12u);
}

TEST(ToWire, ABodyThatWaitsIsNotInTheHead) {
  Request request = Post("hello");
  request.expect_continue = true;
  const WireRequest wire = ToWire(request, Pooling::kNaive).value();
  EXPECT_EQ(wire.head, kPostHead +
                           "Content-Length: 5\r\nExpect: 100-continue\r\n"
                           "Connection: close\r\n\r\n");
  EXPECT_EQ(wire.body, "hello");
  EXPECT_TRUE(wire.expect_continue);
}

TEST(ToWire, NobodyWaitsWithoutABody) {
  for (Request request : {Get(), Post(""), PostFrom(0)}) {
    request.expect_continue = true;
    const WireRequest wire = ToWire(request, Pooling::kPooled).value();
    EXPECT_FALSE(wire.expect_continue);
    EXPECT_EQ(wire.head.find("Expect"), std::string::npos);
  }
  for (Request request : {Post("x"), PostFrom(1), PostFrom({})}) {
    request.expect_continue = true;
    EXPECT_TRUE(ToWire(request, Pooling::kPooled)->expect_continue);
  }
}

TEST(ToWire, RefusesTwoBodies) {
  Request request = PostFrom(12);
  request.body = "hello";
  EXPECT_EQ(ErrorOf(request), "body and body_source are both set, a request has one body");
}

TEST(ToWire, RefusesWhatWouldSplitTheRequest) {
  Request request = Get();
  for (const std::string_view value : std::initializer_list<std::string_view>{
           "a\r\nY: b", "a\rb", "a\nb", "\x7f", "\x1f", std::string_view("a\0b", 3)}) {
    request.headers = {{"X", value}};
    EXPECT_EQ(ErrorOf(request), "header 'X': the value has a control character");
  }
  for (const std::string name : {"X Y", "", "X:", "X\r\nY", "X\n", "\xff", "(", "/", "[", "{"}) {
    request.headers = {{name, "a"}};
    EXPECT_EQ(ErrorOf(request), "header name '" + name + "' is not a token");
  }
  request.headers = {{std::string_view("X\0", 2), "a"}};
  EXPECT_NE(ErrorOf(request).find("is not a token"), std::string::npos);
  for (const std::string target : {"/a b", "a", "", "/a\r\nX: y", "/a\n", "/\x7f", "/\xff"}) {
    EXPECT_EQ(ErrorOf(Get(target)),
              "target '" + target + "' is not a path without spaces or controls");
  }
  EXPECT_NE(ErrorOf(Get(std::string("/\0", 2))).find("is not a path"), std::string::npos);
  for (const std::string host : {"h\r\nX: y", "", "h x", "h\n"}) {
    request = Get();
    request.url.host = host;
    EXPECT_EQ(ErrorOf(request), "host '" + host + "' is empty or has spaces or controls");
  }
}

TEST(ToWire, RefusesFieldsThatItWritesItself) {
  for (const char* name : {"host", "Content-Length", "connection", "Transfer-Encoding", "expect"}) {
    Request request = Get();
    request.headers.Add(name, "1");
    EXPECT_EQ(ErrorOf(request), "header '" + std::string(name) + "' is written by the transport");
  }
}

}  // namespace
}  // namespace assay
