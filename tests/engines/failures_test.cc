// Conformance: what engines make of servers that misbehave, and of none at all.
#include <sys/resource.h>

#include <atomic>
#include <barrier>
#include <optional>
#include <string>

#include "tests/engines/failures_scene.h"

namespace assay::failures {
namespace {

using std::chrono::seconds;

ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Failures);

TEST_P(Failures, ARefusedPortIsNamed) {
  const int reserved = RawServer::Bind();  // nobody else gets the port, and nobody listens
  const std::uint16_t port = RawServer::PortOf(reserved);
  const Collector got = Run(Get(port), 10);
  ::close(reserved);
  ExpectMessage(ExpectAllFail(got, ErrorCode::kConnectRefused),
                "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
  for (const RequestResult& result : got.results) EXPECT_EQ(result.status, 0);
}

TEST_P(Failures, AnUnknownHostIsNamed) {
  const std::string host(70, 'a');  // a label can have 63 characters: no look-up leaves the machine
  const Collector got = Run({Method::kGet, Url{host, 80, "/"}, {}, {}}, 3);
  EXPECT_NE(ExpectAllFail(got, ErrorCode::kResolveFailed).find("resolve '" + host + "'"),
            std::string::npos);
}

TEST_P(Failures, ARequestThatMustNotBeSentFailsAloneAndTheOthersGoOn) {
  RawServer server([](const RawConnection& connection) {
    while (connection.ReadRequest()) connection.Write(kOk);
  });
  const std::uint16_t port = Reach(server.port());
  Request split = Get(port);
  split.headers = {{"X", "a\r\nY: b"}};
  Collector got;
  MakeEngine()->Run({{Get(port), split}, 10, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 5);
  for (const RequestResult& result : got.results) {
    if (result.ok()) continue;
    EXPECT_EQ(result.error->code, ErrorCode::kInvalidRequest);
  }
}

TEST_P(Failures, AConnectionClosedInTheMiddleOfABodySaysHowMuchWasMissing) {
  RawServer server(AnswerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
  const std::uint16_t port = Reach(server.port());
  ExpectMessage(ExpectAllFail(Run(Get(port), 6), ErrorCode::kConnectionClosed),
                "receive from 127.0.0.1:" + std::to_string(port) +
                    ": connection closed after 5 bytes of the body, 5 missing");
}

TEST_P(Failures, AConnectionClosedBeforeAnyAnswerIsNamed) {
  RawServer server(AnswerAndClose(""));
  const std::uint16_t port = Reach(server.port());
  ExpectMessage(ExpectAllFail(Run(Get(port), 6), ErrorCode::kConnectionClosed),
                "receive from 127.0.0.1:" + std::to_string(port) +
                    ": connection closed before any byte of the response");
}

TEST_P(Failures, WhatIsNotHttpIsMalformed) {
  RawServer server(AnswerAndClose("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  const std::uint16_t port = Reach(server.port());
  ExpectAllFail(Run(Get(port), 6), ErrorCode::kMalformedResponse);
}

TEST_P(Failures, AHeaderAboveTheLimitIsRefused) {
  RawServer server(
      AnswerAndClose("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
  const std::uint16_t port = Reach(server.port());
  ExpectMessage(ExpectAllFail(Run(Get(port), 6), ErrorCode::kHeaderTooLarge),
                "receive from 127.0.0.1:" + std::to_string(port) +
                    ": response headers are larger than the limit of 16384 bytes");
}

TEST_P(Failures, ABodyAboveTheLimitIsRefused) {
  RawServer server(AnswerAndClose(std::string(kOk)));
  const std::uint16_t port = Reach(server.port());
  ExpectMessage(ExpectAllFail(Run(Get(port), 6, {.max_body_bytes = 1}), ErrorCode::kBodyTooLarge),
                "receive from 127.0.0.1:" + std::to_string(port) +
                    ": response body is larger than the limit of 1 bytes");
}

TEST_P(Failures, AnEngineIsAsGoodAsNewAfterAFailure) {
  std::atomic<int> connections{0};
  RawServer server([&](const RawConnection& connection) {
    if (connections++ == 0) return;  // the first one is dropped
    while (connection.ReadRequest()) connection.Write(kOk);
  });
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  Collector first, second;
  engine->Run({{Get(port)}, 20, {}}, first);
  EXPECT_EQ(std::ranges::count_if(first.results, &RequestResult::ok), 19);
  engine->Run({{Get(port)}, 20, {}}, second);
  EXPECT_EQ(std::ranges::count_if(second.results, &RequestResult::ok), 20);
}

TEST_P(Failures, AFailedConnectLeavesNothingOfTheResponseBefore) {
  RawServer server(AnswerAndClose(std::string(kOk)));
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngineForOneAtATime();
  Collector got;
  engine->Run({{Get(port)}, 1, {}}, got);
  StopListening(server);
  // A pooled engine first finds out that its connection is gone.
  engine->Run({{Get(port)}, 2, {}}, got);
  EXPECT_EQ(got.results.front().status, 200);
  EXPECT_EQ(got.results.back().error->code, ErrorCode::kConnectRefused);
  EXPECT_EQ(got.results.back().status, 0);
  EXPECT_EQ(got.bodies.back(), "");
}

TEST_P(Failures, NaiveClosesEvenWhenTheServerWouldNot) {
  RawServer server([](const RawConnection& connection) {
    while (connection.ReadRequest()) connection.Write(kOk);
  });
  const std::uint16_t port = Reach(server.port());
  Run(Get(port), 10);
  EXPECT_EQ(summary_.connections_opened == 10u, pooling() == Pooling::kNaive);
}

TEST_P(Failures, AServerThatClosesAfterEachAnswerIsServedByNewConnections) {
  RawServer server(
      AnswerAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port), 10);
  for (const RequestResult& result : got.results) EXPECT_TRUE(result.ok());
  EXPECT_EQ(summary_.connections_opened, 10u);
}

TEST_P(Failures, AsManyRequestsAreInFlightAsTheConcurrencySays) {
  for (const std::optional<int> wanted :
       {std::optional<int>(concurrency()), std::optional<int>()}) {
    const int expected = wanted.value_or(kind().default_concurrency);
    std::barrier together(expected);  // nobody is answered before so many have asked
    RawServer server([&](const RawConnection& connection) {
      if (!connection.ReadRequest()) return;
      together.arrive_and_wait();
      connection.Write(kOk);
      connection.WaitForPeerToClose();
    });
    const std::uint16_t port = Reach(server.port());
    Collector got;
    {
      const auto engine =
          kind().make({.concurrency = wanted,
                       .pooling = pooling(),
                       .connection = {.timeout = seconds(10), .tls = {.ca_pem = trusted_}}});
      engine->Run({{Get(port)}, static_cast<std::uint64_t>(expected), {}}, got);
    }
    EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), expected);
  }
}

// Lowers the limit of open files until nothing more can be opened.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    const rlimit none{static_cast<rlim_t>(lowest_free), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_P(Failures, RunningOutOfDescriptorsIsAnErrorWithThatName) {
  RawServer server(
      AnswerAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  Collector got;
  {
    const NoMoreDescriptors limit;
    engine->Run({{Get(port)}, 5, {}}, got);
  }
  ExpectMessage(ExpectAllFail(got, ErrorCode::kConnectFailed),
                "connect to 127.0.0.1:" + std::to_string(port) + ": Too many open files");
  engine->Run({{Get(port)}, 1, {}}, got);
  EXPECT_TRUE(got.results.back().ok());
}

TEST_P(Failures, AHostThatIsNotFoundIsReportedEvenWhenTheDurationIsOver) {
  Collector got;
  MakeEngine()->Run({{{Method::kGet, Url{std::string(70, 'a'), 80, "/"}, {}, {}}}, 3, seconds(10)},
                    got);
  EXPECT_EQ(got.results.size(), 3u);
  ExpectAllFail(got, ErrorCode::kResolveFailed);
}

}  // namespace
}  // namespace assay::failures
