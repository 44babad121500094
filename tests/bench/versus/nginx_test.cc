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
  const Request request{Method::kGet, Url::Parse(started.value()->Url()).value(), {}, {}};
  Client client;
  for (int i = 0; i < 2; ++i) {  // the second one over the same connection
    const auto response = client.Send(request);
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response.value().status, 200);
    EXPECT_EQ(response.value().body, FixtureBody());
  }
  started.value().reset();
  EXPECT_EQ(Client().Send(request).error().code, ErrorCode::kConnectRefused);
}

}  // namespace
}  // namespace assay::bench
