// Conformance: redirects, followed and not.
#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

const ConnectionOptions kFollow{.redirects = RedirectOptions{.limit = 5}};

class Redirects : public EngineConformance {};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Redirects);

TEST_P(Redirects, AreFollowedToTheirEnd) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/redirect/5");
  const auto engine = MakeEngineForOneAtATime(kFollow);
  Collector got;
  const RunSummary summary = engine->Run({{get}, 3, {}}, got);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok());
    EXPECT_EQ(got.results[i].redirects, 5);
    EXPECT_EQ(got.results[i].url, get.url.ToString());
    EXPECT_EQ(got.results[i].phases.Sum(), got.results[i].latency);
    EXPECT_NE(got.bodies[i].find("/get"), std::string::npos);
  }
  EXPECT_EQ(server.Stats().requests, 18u);
  EXPECT_EQ(summary.requests, 3u);
  EXPECT_EQ(summary.repeated, 0u);
  EXPECT_EQ(summary.connections_opened, pooling() == Pooling::kPooled ? 1u : 18u);
  EXPECT_EQ(summary.connections_opened + summary.connections_reused, 18u);
}

TEST_P(Redirects, AreFollowedByManyAtOnceOverFewConnections) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/redirect/3");
  const auto engine = MakeEngineWith({.max_connections = 2, .max_idle = 2}, concurrency(), kFollow);
  Collector got;
  engine->Run({{get, Get(get.url.port, "/bytes/1")}, 60, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 60);
  EXPECT_EQ(std::ranges::count(got.results, 3, &RequestResult::redirects), 30);
  EXPECT_EQ(std::ranges::count(got.results, 0, &RequestResult::redirects), 30);
}

TEST_P(Redirects, BeyondTheLimitAreAnError) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/redirect/6");
  const Collector got = Run(get, 4, kFollow);
  ExpectAllFail(got, ErrorCode::kTooManyRedirects);
  for (const RequestResult& result : got.results) {
    EXPECT_EQ(result.redirects, 5);
    EXPECT_EQ(result.status, 302);
  }
}

TEST_P(Redirects, AreTheAnswerWhereNobodyFollows) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/redirect/3");
  for (const RequestResult& result : Run(get, 4).results) {
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(result.status, 302);
    EXPECT_EQ(result.redirects, 0);
  }
}

TEST_P(Redirects, LeadToOtherServers) {
  SmallServer here, there;
  const std::string target = Get(Reach(there.port()), "/bytes/7").url.ToString();
  const Request get = Get(Reach(here.port()), "/redirect-to?url=" + target);
  const Collector got = Run(get, 8, kFollow);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok()) << got.results[i].error->message;
    EXPECT_EQ(got.bodies[i], "abcdefg");
  }
  EXPECT_EQ(here.Stats().requests, 8u);
  EXPECT_EQ(there.Stats().requests, 8u);
}

TEST_P(Redirects, KeepMethodAndBodyWhereTheirStatusSaysSo) {
  SmallServer server;
  for (const int status : {302, 307}) {
    Request post =
        Get(Reach(server.port()), "/redirect-to?url=/anything&status=" + std::to_string(status));
    post.method = Method::kPost;
    post.body = "payload";
    for (const std::string& echo : Run(post, 4, kFollow).bodies) {
      EXPECT_EQ(echo.find("payload") != std::string::npos, status == 307) << echo;
      EXPECT_EQ(echo.find("POST") != std::string::npos, status == 307) << echo;
    }
  }
}

TEST_P(Redirects, ToNobodyFailAndTheNextRequestGoesOn) {
  SmallServer server;
  const int reserved = RawServer::Bind();  // nobody listens
  const std::uint16_t port = Reach(server.port());
  const std::string nobody = Get(RawServer::PortOf(reserved), "/").url.ToString();
  const std::string nowhere =
      Get(0, "/").url.ToString().substr(0, tls() ? 8 : 7) + std::string(70, 'a') + "/";
  Collector got;
  MakeEngineForOneAtATime(kFollow)->Run(
      {{Get(port, "/redirect-to?url=" + nobody), Get(port, "/bytes/1"),
        Get(port, "/redirect-to?url=" + nowhere), Get(port, "/redirect-to?url=ftp://127.0.0.1/")},
       8,
       {}},
      got);
  ::close(reserved);
  for (std::size_t i = 0; i < got.results.size(); i += 4) {
    EXPECT_EQ(got.results[i].error->code, ErrorCode::kConnectRefused);
    EXPECT_EQ(got.results[i].status, 0);
    EXPECT_TRUE(got.results[i + 1].ok());
    EXPECT_EQ(got.results[i + 2].error->code, ErrorCode::kResolveFailed);
    EXPECT_EQ(got.results[i + 3].error->code, ErrorCode::kRedirectRefused);
  }
}

}  // namespace
}  // namespace assay
