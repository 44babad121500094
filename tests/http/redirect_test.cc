#include "assay/http/redirect.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

Request Get(std::string_view url) { return {Method::kGet, Url::Parse(url).value(), {}, {}}; }

Response To(std::string_view location, int status = 302) {
  return {.status = status, .headers = {{"location", location}}, .body = {}};
}

std::string Destination(std::string_view from, std::string_view location) {
  auto next = FollowRedirect(Get(from), To(location), 0);
  if (!next.ok()) return next.error().message;
  return next.value().value().url.ToString();
}

Error ErrorOf(const Request& request, const Response& response, int hops = 0,
              const RedirectOptions& options = {}) {
  auto next = FollowRedirect(request, response, hops, options);
  if (next.ok()) return {ErrorCode::kIo, "followed"};
  return next.error();
}

TEST(FollowRedirect, WhatIsNoRedirectLeadsNowhere) {
  for (const int status : {200, 204, 300, 304, 305, 306, 404, 500}) {
    EXPECT_EQ(FollowRedirect(Get("http://h/"), To("/x", status), 0).value(), std::nullopt);
  }
  for (const int status : {301, 302, 303, 307, 308}) {
    EXPECT_NE(FollowRedirect(Get("http://h/"), To("/x", status), 0).value(), std::nullopt);
  }
}

// RFC 3986 sections 5.4.1 and 5.4.2, without the fragments that a client drops.
TEST(FollowRedirect, ResolvesAsTheStandardShows) {
  const std::string base = "http://a/b/c/d;p?q";
  for (const auto& [location, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"g", "http://a/b/c/g"},
           {"./g", "http://a/b/c/g"},
           {"g/", "http://a/b/c/g/"},
           {"/g", "http://a/g"},
           {"//g", "http://g/"},
           {"?y", "http://a/b/c/d;p?y"},
           {"g?y", "http://a/b/c/g?y"},
           {"#s", "http://a/b/c/d;p?q"},
           {"g#s", "http://a/b/c/g"},
           {"g?y#s", "http://a/b/c/g?y"},
           {";x", "http://a/b/c/;x"},
           {"g;x", "http://a/b/c/g;x"},
           {"g;x?y#s", "http://a/b/c/g;x?y"},
           {".", "http://a/b/c/"},
           {"./", "http://a/b/c/"},
           {"..", "http://a/b/"},
           {"../", "http://a/b/"},
           {"../g", "http://a/b/g"},
           {"../..", "http://a/"},
           {"../../", "http://a/"},
           {"../../g", "http://a/g"},
           {"../../../g", "http://a/g"},
           {"../../../../g", "http://a/g"},
           {"/./g", "http://a/g"},
           {"/../g", "http://a/g"},
           {"g.", "http://a/b/c/g."},
           {".g", "http://a/b/c/.g"},
           {"g..", "http://a/b/c/g.."},
           {"..g", "http://a/b/c/..g"},
           {"./../g", "http://a/b/g"},
           {"./g/.", "http://a/b/c/g/"},
           {"g/./h", "http://a/b/c/g/h"},
           {"g/../h", "http://a/b/c/h"},
           {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
           {"g;x=1/../y", "http://a/b/c/y"},
           {"g?y/./x", "http://a/b/c/g?y/./x"},
           {"g?y/../x", "http://a/b/c/g?y/../x"}}) {
    EXPECT_EQ(Destination(base, location), to) << location;
  }
}

TEST(FollowRedirect, TakesAbsoluteUrls) {
  EXPECT_EQ(Destination("http://a/b", "https://c:8443/d/../e?f#g"), "https://c:8443/e?f");
  EXPECT_EQ(Destination("http://a/b", "http://c/../../d/..?/../"), "http://c/?/../");
  EXPECT_EQ(Destination("http://a/b", "http://c/..//d/e/..//./f/.."), "http://c//d//");
  EXPECT_EQ(Destination("http://a/b", "/.."), "http://a/");
  EXPECT_EQ(Destination("http://a/b", "/..?x"), "http://a/?x");
  EXPECT_EQ(Destination("http://a/b", "/../..?x"), "http://a/?x");
  EXPECT_EQ(Destination("http://a/b", "/..x"), "http://a/..x");
  EXPECT_EQ(Destination("http://a/b", "HTTP://C"), "http://C/");
  EXPECT_EQ(Destination("https://a:8443/b", "//c/d"), "https://c/d");
  EXPECT_EQ(Destination("https://a:8443/b", "/d"), "https://a:8443/d");
  EXPECT_EQ(Destination("http://[::1]:81/b", "d"), "http://[::1]:81/d");
}

TEST(FollowRedirect, KeepsOrChangesTheMethodByStatus) {
  const auto method = [](Method before, int status) {
    Request request = Get("http://h/");
    request.method = before;
    return FollowRedirect(request, To("/x", status), 0).value()->method;
  };
  for (const int status : {301, 302, 303, 307, 308}) {
    EXPECT_EQ(method(Method::kGet, status), Method::kGet);
    EXPECT_EQ(method(Method::kHead, status), Method::kHead);
    EXPECT_EQ(method(Method::kPost, status), status < 307 ? Method::kGet : Method::kPost);
    EXPECT_EQ(method(Method::kPut, status), status == 303 ? Method::kGet : Method::kPut);
    EXPECT_EQ(method(Method::kDelete, status), status == 303 ? Method::kGet : Method::kDelete);
  }
}

Request Upload() {
  Request request = Get("http://h/");
  request.method = Method::kPost;
  request.headers = {{"Content-Type", "text/plain"}, {"content-MD5", "x"}, {"Digest", "x"},
                     {"Last-modified", "x"},         {"Accept", "*/*"},    {"Content", "kept"}};
  request.chunked = true;
  request.expect_continue = true;
  request.body_target = DiscardBody();
  return request;
}

TEST(FollowRedirect, ABodyIsKeptWithItsFields) {
  Request request = Upload();
  request.body = "hello";
  const Request next = *FollowRedirect(request, To("/x", 307), 0).value();
  EXPECT_EQ(next.body, "hello");
  EXPECT_TRUE(next.chunked);
  EXPECT_TRUE(next.expect_continue);
  EXPECT_EQ(next.body_target, request.body_target);
  EXPECT_EQ(next.headers.size(), 6u);
  EXPECT_EQ(next.headers.Get("Content-Type"), "text/plain");

  request.body.clear();
  request.body_source = FileBody("/dev/null");
  EXPECT_EQ(FollowRedirect(request, To("/x", 308), 0).value()->body_source, request.body_source);
}

TEST(FollowRedirect, ABodyIsDroppedWithItsFields) {
  for (const int status : {301, 302, 303}) {
    Request request = Upload();
    request.body = "hello";
    request.body_source = FileBody("/dev/null");
    const Request next = *FollowRedirect(request, To("/x", status), 0).value();
    EXPECT_EQ(next.body, "");
    EXPECT_EQ(next.body_source, nullptr);
    EXPECT_FALSE(next.chunked);
    EXPECT_FALSE(next.expect_continue);
    EXPECT_EQ(next.body_target, request.body_target);
    ASSERT_EQ(next.headers.size(), 2u);
    EXPECT_EQ(next.headers[0].name, "Accept");
    EXPECT_EQ(next.headers[1].name, "Content");
  }
}

TEST(FollowRedirect, SecretsStayWithTheirOrigin) {
  const auto kept = [](std::string_view from, std::string_view location) {
    Request request = Get(from);
    request.headers = {{"authorization", "x"},
                       {"Cookie", "x"},
                       {"A", "x"},
                       {"PROXY-Authorization", "x"},
                       {"Cookies", "x"}};
    const Headers headers =
        FollowRedirect(request, To(location), 0, {.limit = 1, .allow_https_to_http = true})
            .value()
            ->headers;
    EXPECT_EQ(headers.Get("A"), "x");
    EXPECT_EQ(headers.Get("Cookies"), "x");
    return headers.size();
  };
  EXPECT_EQ(kept("http://h/a", "/b"), 5u);
  EXPECT_EQ(kept("http://h/a", "http://H:80/b"), 5u);
  EXPECT_EQ(kept("http://h/a", "http://g/b"), 2u);
  EXPECT_EQ(kept("http://h/a", "http://h.g/b"), 2u);
  EXPECT_EQ(kept("http://h/a", "http://h:81/b"), 2u);
  EXPECT_EQ(kept("http://h:443/a", "https://h/b"), 2u);
  EXPECT_EQ(kept("https://h:80/a", "http://h/b"), 2u);
}

TEST(FollowRedirect, GivesUpEncryptionOnlyWhereAllowed) {
  EXPECT_EQ(ErrorOf(Get("https://h/a"), To("http://h/b")),
            (Error{ErrorCode::kRedirectRefused,
                   "redirect 302 from https://h/a to 'http://h/b': from https to http is not "
                   "allowed"}));
  const auto next =
      FollowRedirect(Get("https://h/a"), To("http://h/b"), 0, {.allow_https_to_http = true});
  EXPECT_EQ(next.value()->url.ToString(), "http://h/b");
  EXPECT_EQ(Destination("http://h/a", "http://h/b"), "http://h/b");
  EXPECT_EQ(Destination("https://h/a", "https://g/b"), "https://g/b");
}

TEST(FollowRedirect, EndsAtTheLimit) {
  EXPECT_TRUE(FollowRedirect(Get("http://h/a"), To("/b"), 9).ok());
  EXPECT_TRUE(FollowRedirect(Get("http://h/a"), To("/b"), 1, {.limit = 2}).ok());
  EXPECT_EQ(ErrorOf(Get("http://h/a"), To("/b"), 10).code, ErrorCode::kTooManyRedirects);
  EXPECT_EQ(ErrorOf(Get("http://h/a"), To("/b", 301), 2, {.limit = 2}),
            (Error{ErrorCode::kTooManyRedirects,
                   "redirect 301 from http://h/a to '/b': more than 2 redirects"}));
  EXPECT_EQ(ErrorOf(Get("http://h/a"), To("/b"), 0, {.limit = 0}).code,
            ErrorCode::kTooManyRedirects);
  EXPECT_EQ(FollowRedirect(Get("http://h/a"), To("/b", 200), 99).value(), std::nullopt);
}

TEST(FollowRedirect, RefusesOtherSchemes) {
  for (const char* location : {"ftp://h/x", "file:///etc/passwd", "javascript:alert(1)",
                               "mailto:a@h", "httpx://h/", "ws://h/"}) {
    EXPECT_EQ(ErrorOf(Get("http://h/a"), To(location)),
              (Error{ErrorCode::kRedirectRefused, "redirect 302 from http://h/a to '" +
                                                      std::string(location) +
                                                      "': only http and https are followed"}));
  }
}

TEST(FollowRedirect, NamesALocationThatIsNone) {
  const auto expect = [](const Response& response, const std::string& what) {
    const Error error = ErrorOf(Get("http://h/a"), response);
    EXPECT_EQ(error.code, ErrorCode::kMalformedResponse) << what;
    EXPECT_EQ(error.message, "redirect 302 from http://h/a to " + what);
  };
  expect({.status = 302, .headers = {{"X", "y"}}, .body = {}}, "'': the Location is missing");
  expect(To(""), "'': the Location is missing");
  expect({.status = 302, .headers = {{"Location", "/x"}, {"location", "/y"}}, .body = {}},
         "'/y': there is another Location");
  for (const std::string bad :
       {"http://h:x/", "//h:8x", "a b", "/%zz", "http://[::1/", "/\xc3\xa4", "\\x"}) {
    expect(To(bad), "'" + bad + "': the Location is not a URL");
  }
  expect(To("http:///x"), "'http:///x': url 'http:///x': the host is empty");
  expect(To("//h:0/"), "'//h:0/': url 'http://h:0/': the port must be 1 to 65535");
  expect(To("http://me@h/"),
         "'http://me@h/': url 'http://me@h/': user information is not supported");
  for (const char bad : {'\r', '\n', '\0', '\t', '\x1f', '\x7f'}) {
    expect(To(std::string("/a") + bad + "b"), "'/a?b': the Location has a control character");
  }
}

TEST(FollowRedirect, NamesABaseThatIsNone) {
  Request request = Get("http://h/");
  request.url.target = "/a|b";
  EXPECT_EQ(ErrorOf(request, To("/x")),
            (Error{ErrorCode::kInvalidRequest,
                   "redirect 302 from http://h/a|b to '/x': the URL it comes from is malformed"}));
}

}  // namespace
}  // namespace assay
