#include "assay/transport/origin_table.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

Url At(std::string_view text) { return Url::Parse(text).value(); }

TEST(OriginTable, TheSamePortWithTlsIsAnotherOrigin) {
  OriginTable origins;
  const Origin* plain = origins.Find(At("http://127.0.0.1:1/")).value();
  const Origin* secure = origins.Find(At("https://127.0.0.1:1/")).value();
  EXPECT_NE(plain, secure);
  EXPECT_FALSE(plain->tls);
  EXPECT_TRUE(secure->tls);
  EXPECT_EQ(secure->host, "127.0.0.1");
  EXPECT_EQ(secure->port, 1);
}

TEST(OriginTable, KnowsHostAndPortAgainWhateverThePath) {
  OriginTable origins;
  const Origin* first = origins.Find(At("http://127.0.0.1:1/a")).value();
  EXPECT_EQ(origins.Find(At("http://127.0.0.1:1/b")).value(), first);
  EXPECT_NE(origins.Find(At("http://127.0.0.1:2/a")).value(), first);
  EXPECT_NE(origins.Find(At("http://127.0.0.2:1/a")).value(), first);
}

TEST(OriginTable, NumbersThemFromZero) {
  OriginTable origins;
  for (std::size_t i = 0; i < 40; ++i) {
    const std::string url = "http://127.0.0.1:" + std::to_string(i + 1) + "/";
    EXPECT_EQ(origins.Find(At(url)).value()->index, i);
  }
  EXPECT_EQ(origins.Find(At("http://127.0.0.1:1/")).value()->index, 0u);
}

TEST(OriginTable, AHostThatIsNotFoundIsNamedEachTime) {
  OriginTable origins;
  for (int i = 0; i < 2; ++i) {
    const auto found = origins.Find(At("http://no-such-host.invalid/"));
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().code, ErrorCode::kResolveFailed);
    EXPECT_NE(found.error().message.find("'no-such-host.invalid'"), std::string::npos);
    origins.ForgetFailures();
  }
}

TEST(OriginTable, ForgettingFailuresKeepsWhatWasFound) {
  OriginTable origins;
  const Origin* found = origins.Find(At("http://127.0.0.1:1/")).value();
  origins.ForgetFailures();
  EXPECT_EQ(origins.Find(At("http://127.0.0.1:1/")).value(), found);
  EXPECT_EQ(found->authority, "127.0.0.1:1");
}

}  // namespace
}  // namespace assay
