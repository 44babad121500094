// Conformance: a kept connection that the server has closed meanwhile.
#include <atomic>

#include "tests/engines/pool_conformance.h"
#include "tests/engines/raw_server.h"

namespace assay {
namespace {

using std::chrono::hours;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class PoolRepeats : public PoolConformance {};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(PoolRepeats);

// A server that closes each connection after its first answer, and can say when.
class OneAnswerServer {
 public:
  std::uint16_t port() const { return server_.port(); }
  // So many connections have been closed.
  void WaitForClosed(int count) {
    for (int now = closed_; now < count; now = closed_) closed_.wait(now);
  }

 private:
  std::atomic<int> closed_{0};
  RawServer server_{[this](const RawConnection& connection) {
    if (!connection.ReadRequest()) return;
    connection.Write(kOk);
    connection.Close();
    ++closed_;
    closed_.notify_all();
  }};
};

TEST_P(PoolRepeats, AConnectionThatTheServerHasClosedIsFoundOut) {
  if (tls()) GTEST_SKIP() << "the gate closes in its own time";
  for (const Method method : {Method::kGet, Method::kPost}) {
    OneAnswerServer server;
    Request request = Get(server.port());
    request.method = method;
    const auto engine = MakeEngineWith({.check_after = Duration::zero()}, 1);
    Collector got;
    RunSummary summary;
    for (int run = 1; run <= 3; ++run) {
      summary = RunEach(*engine, {request}, got);
      server.WaitForClosed(run);
    }
    EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 3);
    EXPECT_EQ(summary.repeated, 0u);
    EXPECT_EQ(summary.connections_opened, 1u);
    EXPECT_EQ(summary.connections_reused, 0u);
    EXPECT_EQ(summary.connections_evicted, IfPooled(1));
  }
}

TEST_P(PoolRepeats, WhatWasNotFoundOutIsRepeated) {
  OneAnswerServer server;
  const Request get = Get(Reach(server.port()));
  const auto engine = MakeEngineWith({.check_after = hours(1)}, 1);
  Collector got;
  RunEach(*engine, {get}, got);
  server.WaitForClosed(1);
  const RunSummary summary = RunEach(*engine, {get}, got);
  EXPECT_TRUE(got.results.back().ok()) << got.results.back().error->message;
  EXPECT_EQ(got.results.back().phases.Sum(), got.results.back().latency);
  EXPECT_EQ(summary.requests, 1u);
  EXPECT_EQ(summary.repeated, summary.connections_reused);
  EXPECT_EQ(summary.connections_opened, 1u);
  ExpectKept(summary);
}

// The first one sends its request on a connection that is dead, and while it waits for another,
// the second one has used that.
TEST_P(PoolRepeats, WhatIsRepeatedGetsANewConnectionEvenIfItHasToWait) {
  std::atomic<int> connections{0};
  RawServer server([&](const RawConnection& connection) {
    const bool once = connections++ < 2;
    while (connection.ReadRequest()) {
      connection.Write(kOk);
      if (once) break;
    }
    if (once) connection.ReadRequest();
  });
  const Request get = Get(Reach(server.port()));
  const auto engine = MakeEngineWith({.max_connections = 1, .max_idle = 1, .check_after = hours(1)},
                                     std::min(2, concurrency()));
  EXPECT_EQ(engine->Run({{get}, 1, {}}).failed, 0u);
  Collector got;
  engine->Run({{get}, 2, {}}, got);
  for (const RequestResult& result : got.results) {
    EXPECT_TRUE(result.ok()) << result.error->message;
  }
}

TEST_P(PoolRepeats, APostIsNotRepeated) {
  OneAnswerServer server;
  Request post = Get(Reach(server.port()));
  post.method = Method::kPost;
  const auto engine = MakeEngineWith({.check_after = hours(1)}, 1);
  Collector got;
  RunEach(*engine, {post}, got);
  server.WaitForClosed(1);
  const RunSummary summary = RunEach(*engine, {post}, got);
  EXPECT_EQ(summary.failed, summary.connections_reused);
  EXPECT_EQ(summary.repeated, 0u);
  ExpectKept(summary);
  if (summary.failed > 0) {
    EXPECT_EQ(got.results.back().error->code, ErrorCode::kConnectionClosed);
  }
}

}  // namespace
}  // namespace assay
