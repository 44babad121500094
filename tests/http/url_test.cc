#include "assay/http/url.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

std::string ErrorOf(std::string_view text) {
  auto url = Url::Parse(text);
  if (url.ok()) return "parsed";
  EXPECT_EQ(url.error().code, ErrorCode::kInvalidRequest);
  return url.error().message;
}

TEST(Url, SplitsHostPortAndTarget) {
  const Url url = Url::Parse("http://example.org:8080/a/b?c=d%20e").value();
  EXPECT_EQ(url.host, "example.org");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.target, "/a/b?c=d%20e");
}

TEST(Url, FillsInPortAndPath) {
  EXPECT_EQ(Url::Parse("http://example.org").value(), (Url{"example.org", 80, "/"}));
  EXPECT_EQ(Url::Parse("http://example.org:/a").value().port, 80);
  EXPECT_EQ(Url::Parse("http://example.org?x").value().target, "/?x");
}

TEST(Url, HttpsHasItsOwnPort) {
  const Url url = Url::Parse("https://example.org/a").value();
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.Authority(), "example.org");
  EXPECT_EQ(Url::Parse("https://example.org:80/").value().Authority(), "example.org:80");
  EXPECT_EQ(Url::Parse("http://example.org:443/").value().Authority(), "example.org:443");
  EXPECT_FALSE(Url::Parse("http://example.org/").value().tls);
}

TEST(Url, DropsTheFragment) {
  EXPECT_EQ(Url::Parse("http://example.org/a#b").value().target, "/a");
}

TEST(Url, TakesTheBracketsOffAnIpv6AddressAndPutsThemBack) {
  const Url url = Url::Parse("http://[::1]:81/").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.Authority(), "[::1]:81");
}

TEST(Url, PrintsWhatItParsed) {
  for (const std::string text : {"http://example.org/", "http://127.0.0.1:8080/get?x=1",
                                 "https://127.0.0.1:8080/get?x=1", "https://example.org/"}) {
    EXPECT_EQ(Url::Parse(text).value().ToString(), text);
  }
}

TEST(Url, RefusesWhatItCannotSendAndSaysWhy) {
  EXPECT_EQ(ErrorOf("ftp://example.org/"),
            "url 'ftp://example.org/': scheme 'ftp' is not supported, only http and https");
  EXPECT_EQ(ErrorOf("http:///get"), "url 'http:///get': the host is empty");
  EXPECT_EQ(ErrorOf("http://h:0/"), "url 'http://h:0/': the port must be 1 to 65535");
  for (const std::string text : {"http://h:x/", "http://h:8x", "http://h:80:90/"}) {
    EXPECT_EQ(ErrorOf(text), "url '" + text + "': the port must be 1 to 65535");
  }
  EXPECT_EQ(ErrorOf("http://me:secret@h/"),
            "url 'http://me:secret@h/': user information is not supported");
  for (const char* text :
       {"", "/get", "127.0.0.1:80/get", "http://h:99999/", "http://h/a b", "http://h/a\r\nX: y"}) {
    EXPECT_NE(ErrorOf(text), "parsed") << text;
  }
}

}  // namespace
}  // namespace assay
