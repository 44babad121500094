// Conformance: servers that take too long, with any part of a request.
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "assay/core/duration_text.h"
#include "tests/engines/failures_scene.h"

namespace assay::failures {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_P(Failures, AServerThatDoesNotAcceptTimesOutInTheConnectPhase) {
  const FullServer full;
  const Collector got = Run(Get(full.port()), 2, {.timeout = patience()});
  const std::string message = ExpectAllFail(got, ErrorCode::kTimeout);
  if (HasOurMessages(kind())) {
    EXPECT_NE(message.find("no connection within " + DurationText(patience())), std::string::npos);
  }
}

TEST_P(Failures, AServerThatSaysNothingTimesOut) {
  RawServer server([](const RawConnection& connection) { connection.WaitForPeerToClose(); });
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port), 2, {.timeout = patience()});
  ExpectMessage(ExpectAllFail(got, ErrorCode::kTimeout),
                "receive from 127.0.0.1:" + std::to_string(port) +
                    ": no complete response within " + DurationText(patience()));
  for (const RequestResult& result : got.results) {
    EXPECT_GE(result.latency, patience());
    EXPECT_LT(result.latency, seconds(5));
  }
}

TEST_P(Failures, EveryRunHasItsTimeouts) {
  RawServer server([](const RawConnection& connection) { connection.WaitForPeerToClose(); });
  const auto engine = MakeEngine({.timeout = milliseconds(20)});
  for (int run = 0; run < 3; ++run) {
    Collector got;
    engine->Run({{Get(server.port())}, 3, {}}, got);
    ExpectAllFail(got, ErrorCode::kTimeout);
  }
}

TEST_P(Failures, AServerThatDribblesTimesOutAllTheSame) {
  RawServer server([](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    // A timer that each byte restarts would never expire: this test would not end.
    while (!connection.ClosedWithin(milliseconds(1))) connection.Write("x");
  });
  const std::uint16_t port = Reach(server.port());
  ExpectAllFail(Run(Get(port), 1, {.timeout = patience()}), ErrorCode::kTimeout);
}

TEST_P(Failures, WhatFollowsATimeoutIsNotCalledATimeout) {
  std::unique_ptr<RawServer> server;
  std::mutex made;
  std::unique_lock making(made);
  server = std::make_unique<RawServer>([&](const RawConnection& connection) {
    const std::lock_guard wait_until_made(made);
    StopListening(*server);
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server->port());
  making.unlock();
  Collector got;
  MakeEngineForOneAtATime({.timeout = patience()})->Run({{Get(port)}, 2, {}}, got);
  EXPECT_EQ(got.results[0].error->code, ErrorCode::kTimeout);
  EXPECT_EQ(got.results[1].error->code, ErrorCode::kConnectRefused);
}

// Each part of a request has its own limit, and the message says which one it was.
TEST_P(Failures, AServerThatIsSlowWithItsFirstByteHasALimitOfItsOwn) {
  RawServer server([](const RawConnection& connection) { connection.WaitForPeerToClose(); });
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port), 3, {.first_byte_timeout = milliseconds(20)});
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kTimeout),
            "receive from 127.0.0.1:" + std::to_string(port) + ": no first byte within 20 ms");
  for (const RequestResult& result : got.results) {
    EXPECT_GE(result.phases.first_byte, milliseconds(20));
    EXPECT_EQ(result.phases.Sum(), result.latency);
  }
}

TEST_P(Failures, AServerThatStopsInTheMiddleOfABodyHasALimitOfItsOwn) {
  RawServer server([](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port), 3, {.idle_timeout = milliseconds(20)});
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kTimeout),
            "receive from 127.0.0.1:" + std::to_string(port) + ": no byte for 20 ms");
  for (const RequestResult& result : got.results) EXPECT_GE(result.phases.body, milliseconds(20));
}

TEST_P(Failures, AServerThatReadsNothingHasALimitOfItsOwn) {
  const int silent = RawServer::Listen(8);  // the kernel takes connections and some bytes
  Request post = Get(Reach(RawServer::PortOf(silent)));
  post.method = Method::kPost;
  post.body = std::string(20 * 1024 * 1024, 'x');
  const Collector got = Run(post, 2, {.write_timeout = milliseconds(20)});
  ::close(silent);
  EXPECT_NE(ExpectAllFail(got, ErrorCode::kTimeout).find("the request was not taken within 20 ms"),
            std::string::npos);
  for (const RequestResult& result : got.results) EXPECT_GE(result.phases.send, milliseconds(20));
}

}  // namespace
}  // namespace assay::failures
