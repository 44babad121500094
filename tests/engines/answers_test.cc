// Conformance: what engines make of a server that behaves.
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "tests/engines/conformance.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

class Answers : public EngineConformance {};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Answers);

TEST_P(Answers, EveryRequestGetsOneResultWithStatusAndBody) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port, "/bytes/100"), 50);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_EQ(got.results[i].status, 200);
    EXPECT_TRUE(got.results[i].ok());
    EXPECT_EQ(got.results[i].attempt, 1);
    EXPECT_EQ(got.bodies[i].substr(0, 30), "abcdefghijklmnopqrstuvwxyzabcd");
    EXPECT_EQ(got.bodies[i].size(), 100u);
  }
  EXPECT_EQ(summary_.failed, 0u);
  EXPECT_EQ(server.Stats().requests, 50u);
}

TEST_P(Answers, RequestsAreSentInRotation) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Collector got;
  MakeEngine()->Run({{Get(port, "/status/201"), Get(port, "/status/404")}, 10, {}}, got);
  std::map<std::string, std::multiset<int>> statuses;
  for (const RequestResult& result : got.results) statuses[result.url].insert(result.status);
  EXPECT_EQ(statuses[Get(port, "/status/201").url.ToString()].count(201), 5u);
  EXPECT_EQ(statuses[Get(port, "/status/404").url.ToString()].count(404), 5u);
}

TEST_P(Answers, AStatusOf400OrMoreIsAnErrorResult) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port, "/status/500"), 8);
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kHttpStatus), "HTTP 500");
  for (const RequestResult& result : got.results) EXPECT_EQ(result.status, 500);
  EXPECT_EQ(summary_.failed, 8u);
  EXPECT_TRUE(Run(Get(port, "/status/302"), 1).results.front().ok());
}

TEST_P(Answers, MethodHeadersAndBodyArrive) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Request request = Get(port, "/get?a=b");
  request.method = Method::kPost;
  request.headers = {{"X-Test", "yes"}};
  request.body = "payload";
  const std::string echo = Run(request, 1).bodies.front();
  for (const char* part : {"POST", "payload", "X-Test", "yes"}) {
    EXPECT_NE(echo.find(part), std::string::npos) << part << " not in " << echo;
  }
}

TEST_P(Answers, AHeadResponseHasNoBodyAndTheConnectionGoesOn) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Request head = Get(port, "/bytes/100");
  head.method = Method::kHead;
  Collector got;
  MakeEngine()->Run({{head, Get(port, "/bytes/10")}, 20, {}}, got);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok());
    const bool is_head = got.results[i].url == head.url.ToString();
    EXPECT_EQ(got.bodies[i].size(), is_head ? 0u : 10u);
  }
}

TEST_P(Answers, ALargeBodyArrivesWhole) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port, "/bytes/1048576"), 3);
  for (const std::string& body : got.bodies) EXPECT_EQ(body.size(), 1048576u);
}

TEST_P(Answers, ALargeRequestBodyArrivesWholeAndSoDoRequestsToASecondServer) {
  SmallServer first, second;
  const std::uint16_t first_port = Reach(first.port());
  const std::uint16_t second_port = Reach(second.port());
  Request post = Get(first_port, "/status/201");
  post.method = Method::kPost;
  post.body = std::string(6 * 1024 * 1024, 'x');  // more than the socket's buffer takes at once
  Collector got;
  MakeEngine()->Run({{post, Get(second_port, "/status/202")}, 8, {}}, got);
  std::multiset<int> statuses;
  for (const RequestResult& result : got.results) statuses.insert(result.status);
  EXPECT_EQ(statuses.count(201), 4u);
  EXPECT_EQ(statuses.count(202), 4u);
  EXPECT_EQ(first.Stats().requests, 4u);
  EXPECT_EQ(second.Stats().requests, 4u);
}

TEST_P(Answers, PooledOpensOneConnectionForEachSlotAndNaiveOneForEachRequest) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  Collector got;
  const RunSummary first = engine->Run({{Get(port, "/bytes/1")}, 40, {}}, got);
  const RunSummary second = engine->Run({{Get(port, "/bytes/1")}, 40, {}}, got);
  if (pooling() == Pooling::kNaive) {
    EXPECT_EQ(first.connections_opened, 40u);
    EXPECT_EQ(second.connections_opened, 40u);
    EXPECT_EQ(server.Stats().connections, 80u);
  } else {
    const auto most = static_cast<std::uint64_t>(concurrency());
    EXPECT_GE(first.connections_opened, 1u);
    EXPECT_LE(first.connections_opened + second.connections_opened, most);
    EXPECT_EQ(server.Stats().connections, first.connections_opened + second.connections_opened);
  }
}

TEST_P(Answers, LatencyIsNeverLessThanTheDelay) {
  SmallServer server({.plan = {.latency = milliseconds(2)}});
  const std::uint16_t port = Reach(server.port());
  const auto before = std::chrono::system_clock::now();
  const Collector got = Run(Get(port, "/bytes/1"), 8);
  for (const RequestResult& result : got.results) {
    EXPECT_GE(result.latency, milliseconds(2));
    EXPECT_LE(result.latency, summary_.elapsed);
    EXPECT_GE(result.timestamp, before);
    EXPECT_LE(result.timestamp, std::chrono::system_clock::now() + milliseconds(1));
  }
}

TEST_P(Answers, ThePhasesAddUpToTheLatency) {
  SmallServer server({.plan = {.latency = milliseconds(2)}});
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngineForOneAtATime();
  Collector got;
  engine->Run({{Get(port, "/bytes/1000000")}, 3, {}}, got);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    const RequestResult& result = got.results[i];
    const Phases& phases = result.phases;
    EXPECT_EQ(phases.Sum(), result.latency);
    // The server may have the request before the send has returned.
    EXPECT_GE(phases.send + phases.first_byte, milliseconds(2));
    EXPECT_GT(phases.first_byte, Duration::zero());
    // A small request that is queued together with the wait for its answer counts as sent.
    EXPECT_EQ(phases.send > Duration::zero(), kind().name != "uring" || tls());
    EXPECT_GT(phases.body, Duration::zero());
    const bool connected = i == 0 || pooling() == Pooling::kNaive;
    EXPECT_EQ(phases.connect > Duration::zero(), connected);
    EXPECT_EQ(phases.tls > Duration::zero(), connected && tls());
  }
}

TEST_P(Answers, ADurationEndsTheRun) {
  SmallServer server({.plan = {.latency = milliseconds(1)}});
  const std::uint16_t port = Reach(server.port());
  Collector got;
  const RunSummary summary =
      MakeEngine()->Run({{Get(port, "/bytes/1")}, {}, milliseconds(100)}, got);
  EXPECT_GE(summary.elapsed, milliseconds(100));
  EXPECT_GE(summary.requests, 1u);
  EXPECT_EQ(summary.requests, got.results.size());
  EXPECT_EQ(server.Stats().requests, summary.requests);  // drained, none cut off
}

TEST_P(Answers, NothingIsSentForACountOfZero) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Run(Get(port, "/bytes/1"), 0);
  EXPECT_EQ(server.Stats().requests, 0u);
}

TEST_P(Answers, CpuTimeIsCounted) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Run(Get(port, "/bytes/1"), 50);
  EXPECT_GT(summary_.cpu, Duration::zero());
  EXPECT_LT(summary_.cpu, summary_.elapsed * concurrency());
}

TEST_P(Answers, AnEngineRunsOnAnotherThreadThanItWasMadeOn) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  const auto run = [&] { return engine->Run({{Get(port, "/bytes/1")}, 10, {}}).failed; };
  std::uint64_t failed = 1;
  std::jthread([&] { failed = run(); }).join();
  EXPECT_EQ(failed, 0u);
  EXPECT_EQ(run(), 0u);
}

TEST_P(Answers, ImpossibleWorkloadsAreRefused) {
  Collector got;
  const auto engine = MakeEngine();
  EXPECT_THROW(engine->Run({{}, 1, {}}, got), std::invalid_argument);
  EXPECT_THROW(engine->Run({{Get(1)}, {}, {}}, got), std::invalid_argument);
}

TEST_P(Answers, ImpossibleOptionsAreNamed) {
  const auto message = [&](EngineOptions options) -> std::string {
    try {
      kind().make(options);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::string max = std::to_string(kind().max_concurrency);
  EXPECT_EQ(message({.concurrency = 0}),
            std::string(kind().name) + " engine: concurrency 0 is not 1 to " + max);
  EXPECT_EQ(message({.concurrency = kind().max_concurrency + 1}),
            std::string(kind().name) + " engine: concurrency " +
                std::to_string(kind().max_concurrency + 1) + " is not 1 to " + max);
  EXPECT_EQ(message({.connection = {.max_header_bytes = std::size_t{1} << 32}}),
            "max_header_bytes: 4294967296 is not 64 to 16777216");
  EXPECT_EQ(message({.connection = {.timeout = Duration::zero()}}), "timeout: 0 ns is not above 0");
  EXPECT_EQ(message({.connection = {.max_header_bytes = 1}}),
            "max_header_bytes: 1 is not 64 to 16777216");
}

}  // namespace
}  // namespace assay
