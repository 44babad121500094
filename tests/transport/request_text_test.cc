#include "assay/transport/request_text.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Request Get(std::string target = "/get") {
  return {Method::kGet, Url{"example.org", 8080, std::move(target)}, {}, {}};
}

std::string ErrorOf(const Request& request) {
  auto text = RequestText(request, Pooling::kPooled);
  if (text.ok()) return "sent: " + *text;
  EXPECT_EQ(text.error().code, ErrorCode::kInvalidRequest);
  return text.error().message;
}

TEST(RequestText, IsARequestLineAndAHost) {
  EXPECT_EQ(*RequestText(Get(), Pooling::kPooled),
            "GET /get HTTP/1.1\r\nHost: example.org:8080\r\n\r\n");
}

TEST(RequestText, NaiveAsksTheServerToClose) {
  EXPECT_EQ(*RequestText(Get(), Pooling::kNaive),
            "GET /get HTTP/1.1\r\nHost: example.org:8080\r\nConnection: close\r\n\r\n");
}

TEST(RequestText, CarriesFieldsAndBody) {
  Request request = Get("/post");
  request.method = Method::kPost;
  request.headers = {{"X-Request-Id", "7"}};
  request.body = "hello";
  EXPECT_EQ(*RequestText(request, Pooling::kPooled),
            "POST /post HTTP/1.1\r\nHost: example.org:8080\r\nX-Request-Id: 7\r\n"
            "Content-Length: 5\r\n\r\nhello");
}

TEST(RequestText, AnEmptyPostHasALengthAndAnEmptyGetHasNone) {
  Request request = Get();
  EXPECT_EQ(RequestText(request, Pooling::kPooled)->find("Content-Length"), std::string::npos);
  request.method = Method::kPost;
  EXPECT_NE(RequestText(request, Pooling::kPooled)->find("Content-Length: 0\r\n"),
            std::string::npos);
}

TEST(RequestText, RefusesWhatWouldSplitTheRequest) {
  Request request = Get();
  request.headers = {{"X", "a\r\nY: b"}};
  EXPECT_EQ(ErrorOf(request), "header 'X': the value has a control character");
  request.headers = {{"X", std::string_view("a\0b", 3)}};
  EXPECT_EQ(ErrorOf(request), "header 'X': the value has a control character");
  request.headers = {{"X Y", "a"}};
  EXPECT_EQ(ErrorOf(request), "header name 'X Y' is not a token");
  request.headers = {{"", "a"}};
  EXPECT_EQ(ErrorOf(request), "header name '' is not a token");
  EXPECT_EQ(ErrorOf(Get("/a b")), "target '/a b' is not a path without spaces or controls");
  EXPECT_EQ(ErrorOf(Get("a")), "target 'a' is not a path without spaces or controls");
  request = Get();
  request.url.host = "h\r\nX: y";
  EXPECT_EQ(ErrorOf(request), "host 'h\r\nX: y' is empty or has spaces or controls");
}

TEST(RequestText, RefusesFieldsThatItWritesItself) {
  for (const char* name : {"host", "Content-Length", "connection", "Transfer-Encoding"}) {
    Request request = Get();
    request.headers.Add(name, "1");
    EXPECT_EQ(ErrorOf(request), "header '" + std::string(name) + "' is written by the transport");
  }
}

}  // namespace
}  // namespace assay
