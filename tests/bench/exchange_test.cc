#include "bench/harness/exchange.h"

#include <gtest/gtest.h>

#include "assay/transport/client.h"

namespace assay::bench {
namespace {

Response Answer(const ExchangeServer& fixture, const Request& request) {
  return Client(Pooling::kNaive, {.tls = {.ca_pem = fixture.AuthorityPem()}}).Send(request).value();
}

TEST(Exchange, GetsBodiesOfEverySizeOnEveryWay) {
  for (const Way way : {Way::kDirect, Way::kGate, Way::kTls}) {
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20}) {
      ExchangeServer fixture({.exchange = {.response_bytes = bytes}, .way = way});
      const Request request = fixture.request();
      EXPECT_EQ(request.method, Method::kGet);
      EXPECT_EQ(request.url.ToString().starts_with("https:"), way == Way::kTls);
      EXPECT_EQ(request.url.port == fixture.server().port(), way == Way::kDirect);
      const Response response = Answer(fixture, request);
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(fixture.response_body().size(), bytes);
      EXPECT_TRUE(response.body == fixture.response_body());
      EXPECT_EQ(fixture.server().Stats().requests, 1u);
    }
  }
}

TEST(Exchange, APostIsAnsweredOnlyIfAllOfItArrives) {
  const ExchangeServer fixture({.exchange = {.request_bytes = 65536}});
  Request request = fixture.request();
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.body.size(), 65536u);
  const Response response = Answer(fixture, request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, FixtureBody());
  request.body.back() = '?';
  EXPECT_EQ(Answer(fixture, request).status, 404);
  request = fixture.request();
  request.method = Method::kPut;
  EXPECT_EQ(Answer(fixture, request).status, 404);
}

TEST(Exchange, IsDelayed) {
  ExchangeServer fixture({.latency = std::chrono::milliseconds(3)});
  (void)Answer(fixture, fixture.request());
  EXPECT_GE(fixture.server().Stats().planned_total, std::chrono::milliseconds(3));
}

TEST(Exchange, TheServersCpuIncludesTheGates) {
  ExchangeServer fixture({.way = Way::kTls});
  for (int i = 0; i < 20; ++i) (void)Answer(fixture, fixture.request());  // 20 handshakes
  EXPECT_GT(fixture.CpuTime(), fixture.server().CpuTime());
}

}  // namespace
}  // namespace assay::bench
