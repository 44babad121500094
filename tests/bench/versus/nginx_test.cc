#include "bench/versus/nginx.h"

#include <gtest/gtest.h>

#include "assay/transport/client.h"
#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

TEST(Nginx, AnswersWhatTheFixtureAnswersUntilItIsGone) {
  auto started = Nginx::Start();
  if (!started.ok()) GTEST_SKIP() << started.error().message;
  auto other = Nginx::Start();  // a second one is in nobody's way
  ASSERT_TRUE(other.ok()) << other.error().message;
  EXPECT_NE(started.value()->Url(), other.value()->Url());
  const auto get = [](const std::string& url) {
    return Request{Method::kGet, Url::Parse(url).value(), {}, {}};
  };
  const Request plain = get(started.value()->Url()), tls = get(started.value()->TlsUrl());
  Client client(Pooling::kPooled, {.tls = {.ca_pem = started.value()->authority()}});
  for (const Request& request : {plain, tls, plain, tls}) {  // later ones over old connections
    const auto response = client.Send(request);
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response.value().status, 200);
    EXPECT_EQ(response.value().body, FixtureBody());
  }
  EXPECT_TRUE(started.value()->TlsUrl().starts_with("https:"));
  started.value().reset();
  for (const Request& request : {plain, tls}) {
    EXPECT_EQ(Client().Send(request).error().code, ErrorCode::kConnectRefused);
  }
}

}  // namespace
}  // namespace assay::bench
