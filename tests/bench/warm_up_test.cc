#include "bench/harness/warm_up.h"

#include <gtest/gtest.h>

#include "assay/engines/engines.h"
#include "bench/harness/exchange.h"

namespace assay::bench {
namespace {

TEST(WarmUp, OpensTheConnectionOfEverySlot) {
  ExchangeServer fixture({.concurrency = 4});
  const auto engine = MakeAsyncEngine({.concurrency = 4});
  EXPECT_EQ(VerifyAndWarmUp(
                *engine,
                {.request = fixture.request(), .body = FixtureBody(), .slots = 4, .requests = 40}),
            "");
  EXPECT_EQ(engine->Run({{fixture.request()}, 40, {}}).connections_opened, 0u);
  EXPECT_EQ(VerifyAndWarmUp(
                *MakeAsyncEngine({.concurrency = 4}),
                {.request = fixture.request(), .body = FixtureBody(), .slots = 5, .requests = 5}),
            "warm-up: only 4 connections of 5");
}

TEST(WarmUp, FindsAWrongAnswer) {
  ExchangeServer fixture({});
  std::string wrong = FixtureBody();
  wrong.back() = '?';
  EXPECT_EQ(VerifyAndWarmUp(*MakeSyncEngine({}), {.request = fixture.request(), .body = wrong}),
            "verification: status 200 with a body of 64 bytes");
}

class WarmUpOverTls : public testing::Test {
 protected:
  std::string WithSessions(bool kept, bool resumes) {
    const auto engine = MakeSyncEngine(
        {.pooling = Pooling::kNaive,
         .connection = {.tls = {.ca_pem = fixture_.AuthorityPem(), .session_resumption = kept}}});
    return VerifyAndWarmUp(*engine, {.request = fixture_.request(),
                                     .body = FixtureBody(),
                                     .requests = 4,
                                     .resumes = resumes,
                                     .pooling = Pooling::kNaive});
  }
  ExchangeServer fixture_{{.way = Way::kTls}};
};

TEST_F(WarmUpOverTls, KnowsWhetherSessionsAreTakenUp) {
  EXPECT_EQ(WithSessions(true, true), "");
  EXPECT_EQ(WithSessions(false, false), "");
  EXPECT_EQ(WithSessions(false, true),
            "verification: 0 TLS sessions resumed where there should be 4");
  EXPECT_EQ(WithSessions(true, false),
            "verification: 4 TLS sessions resumed where there should be 0");
}

}  // namespace
}  // namespace assay::bench
