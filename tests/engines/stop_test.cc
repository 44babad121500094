// Conformance: what becomes of requests in flight when a run is to end.
#include <atomic>

#include "assay/core/hash.h"
#include "assay/fixture/server/mock_server.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"
#include "tests/engines/stopping.h"

namespace assay {
namespace {

using fixture::MockServer;
using std::chrono::hours;
using std::chrono::milliseconds;

const fixture::MockServerOptions kHolding{
    .plan = {.rules = {{.name = "held", .match = {.path = "/bytes/1"}, .hold = true}}}};

class Stop : public StopConformance {
 protected:
  // As many as go at once.
  void WaitForAll(const MockServer& server) const {
    ASSERT_TRUE(server.WaitForWaiting("held", static_cast<std::uint64_t>(concurrency()),
                                      Deadline::After(SteadyClock().Now(), hours(1))));
  }
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Stop);

TEST_P(Stop, WhatEndsWithinTheLimitIsAnswered) {
  SmallServer server(kHolding);
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  StoppedRun run(*engine, {Get(port, "/bytes/1")}, hours(1));
  WaitForAll(server);
  run.RequestStop();
  server.ReleaseAll("held");
  const Collector& got = run.Join();
  EXPECT_EQ(got.results.size(), static_cast<std::size_t>(concurrency()));
  for (const RequestResult& result : got.results) EXPECT_TRUE(result.ok());
  EXPECT_EQ(server.Stats().requests, got.results.size());  // none was begun after the stop
}

TEST_P(Stop, WhatDoesNotEndIsCancelledAndTheEngineGoesOn) {
  for (const Duration limit : {Duration::zero(), Duration(milliseconds(5))}) {
    SmallServer server(kHolding);
    const std::uint16_t port = Reach(server.port());
    const auto engine = MakeEngine();
    StoppedRun run(*engine, {Get(port, "/bytes/1")}, limit);
    WaitForAll(server);
    const Collector& got = run.StopAndJoin();
    EXPECT_EQ(got.results.size(), static_cast<std::size_t>(concurrency()));
    ExpectAllCancelled(got, "receive from", port);
    for (const RequestResult& result : got.results) {
      EXPECT_GE(result.latency, limit);
      EXPECT_EQ(result.phases.Sum(), result.latency);
      EXPECT_EQ(result.status, 0);
    }
    EXPECT_EQ(run.summary().failed, got.results.size());
    server.ReleaseAll("held");
    EXPECT_EQ(engine->Run({{Get(port, "/bytes/1")}, 10, {}}).failed, 0u);
  }
}

TEST_P(Stop, ADurationCancelsWhatIsStillInFlight) {
  SmallServer server(kHolding);
  const std::uint16_t port = Reach(server.port());
  for (const Duration limit : {Duration::zero(), Duration(milliseconds(5))}) {
    Collector got;
    const RunSummary summary = MakeEngine()->Run(
        {.requests = {Get(port, "/bytes/1")}, .duration = milliseconds(150), .drain_limit = limit},
        got);
    EXPECT_GE(got.results.size(), 1u);
    EXPECT_LE(got.results.size(), static_cast<std::size_t>(concurrency()));
    EXPECT_EQ(summary.requests, got.results.size());
    ExpectAllFail(got, ErrorCode::kCancelled);
  }
}

TEST_P(Stop, ADurationWaitsForWhatEndsWithinTheLimit) {
  SmallServer server({.plan = {.latency = milliseconds(30)}});
  const std::uint16_t port = Reach(server.port());
  Collector got;
  MakeEngine()->Run(
      {.requests = {Get(port, "/bytes/1")}, .duration = milliseconds(1), .drain_limit = hours(1)},
      got);
  for (const RequestResult& result : got.results) EXPECT_TRUE(result.ok());
}

TEST_P(Stop, BeforeTheRunNothingIsSent) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  std::stop_source source;
  source.request_stop();
  const auto engine = MakeEngine();
  Collector got;
  const RunSummary summary = engine->Run(
      {.requests = {Get(port, "/bytes/1")}, .count = 10, .stop = source.get_token()}, got);
  EXPECT_EQ(summary.requests, 0u);
  EXPECT_TRUE(got.results.empty());
  EXPECT_EQ(server.Stats().requests, 0u);
  EXPECT_EQ(engine->Run({{Get(port, "/bytes/1")}, 10, {}}).failed, 0u);
}

TEST_P(Stop, ThatNobodyAsksForChangesNothing) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  for (int again = 0; again < 3; ++again) {
    const std::stop_source source;
    const RunSummary summary =
        engine->Run({.requests = {Get(port, "/bytes/1")}, .count = 20, .stop = source.get_token()});
    EXPECT_EQ(summary.requests, 20u);
    EXPECT_EQ(summary.failed, 0u);
  }
}

TEST_P(Stop, ByTheSinkEndsTheRun) {
  struct Stopper : Collector {
    void Accept(const RequestResult& result, const Response& response) noexcept override {
      Collector::Accept(result, response);
      source.request_stop();
    }
    std::stop_source source;
  };
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Stopper got;
  MakeEngine()->Run({.requests = {Get(port, "/bytes/1")},
                     .count = 1'000'000,
                     .stop = got.source.get_token(),
                     .drain_limit = hours(1)},
                    got);
  EXPECT_GE(got.results.size(), 1u);
  // Who had begun may have been told to stop by any of the others.
  EXPECT_LE(got.results.size(), static_cast<std::size_t>(2 * concurrency()));
  for (const RequestResult& result : got.results) EXPECT_TRUE(result.ok());
}

TEST_P(Stop, AtAnyMomentLeavesEachRequestWithOneResult) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngine();
  for (std::uint64_t again = 0; again < (tls() ? 20u : 40u); ++again) {
    const Duration limit = again % 2 == 0 ? Duration::zero() : Duration(hours(1));
    StoppedRun run(*engine, {Get(port, "/bytes/10")}, limit);
    const std::uint64_t turns = Draw(1, "moment", again, 0) % (again % 3 == 0 ? 100 : 1'000'000);
    for (std::atomic<std::uint64_t> turn{0}; turn < turns; ++turn) {
    }
    for (const RequestResult& result : run.StopAndJoin().results) {
      if (result.ok()) continue;
      EXPECT_EQ(result.error->code, ErrorCode::kCancelled) << result.error->message;
      EXPECT_EQ(limit, Duration::zero());
    }
  }
  EXPECT_EQ(engine->Run({{Get(port, "/bytes/1")}, 10, {}}).failed, 0u);
}

TEST_P(Stop, LeavesNoDescriptorOpen) {
  const int reserved = RawServer::Bind();  // nobody listens
  const Request get = Get(RawServer::PortOf(reserved));
  const auto engine = MakeEngine();
  const std::stop_source never;
  engine->Run({.requests = {get}, .count = 10, .stop = never.get_token()});
  const auto before = OpenFiles();
  for (int again = 0; again < 10; ++again) {
    std::stop_source source;
    engine->Run({.requests = {get}, .count = 10, .stop = source.get_token()});
    StoppedRun(*engine, {get}, Duration::zero()).StopAndJoin();
    EXPECT_EQ(OpenFiles(), before);
  }
  ::close(reserved);
}

}  // namespace
}  // namespace assay
