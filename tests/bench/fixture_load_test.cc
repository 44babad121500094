// What bench/fixture measures with does what it says.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "assay/fixture/server/mock_server.h"
#include "bench/fixture/bare_server.h"
#include "bench/fixture/bare_wait.h"
#include "bench/fixture/cycle.h"
#include "bench/fixture/delayed.h"
#include "bench/fixture/known_latencies.h"
#include "bench/fixture/load.h"
#include "bench/fixture/target.h"

namespace assay::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kRequest = "GET /bytes/3 HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(Load, SendsAsManyRequestsAsAskedForOverItsConnections) {
  fixture::MockServer server;
  const std::size_t bytes = FirstAnswer(server.port(), kRequest).size();
  Load load({.port = server.port(), .request = kRequest, .answer_bytes = bytes, .connections = 4});
  server.ResetStats();
  std::vector<Duration> observed;
  const Duration before = CpuTime(CLOCK_PROCESS_CPUTIME_ID);
  const LoadReport report = load.Run(50, seconds(60), &observed);
  EXPECT_LE(report.client_cpu + report.fixture_cpu, CpuTime(CLOCK_PROCESS_CPUTIME_ID) - before);
  EXPECT_EQ(report.requests, 50u);
  EXPECT_EQ(observed.size(), 50u);
  EXPECT_EQ(server.Stats().requests, 50u);
  EXPECT_GT(report.elapsed, Duration::zero());
  EXPECT_GT(report.client_cpu, Duration::zero());
  EXPECT_GT(report.fixture_cpu, Duration::zero());
  EXPECT_DOUBLE_EQ(report.rps(), 50 / std::chrono::duration<double>(report.elapsed).count());
  EXPECT_EQ(load.Run(2, seconds(60)).requests, 2u);
  EXPECT_EQ(server.Stats().requests, 52u);
}

TEST(Load, EndsWhenItsTimeIsOver) {
  const Target target(TargetKind::kMockServer);
  EXPECT_EQ(target.MakeLoad()->Run(UINT64_MAX, Duration::zero()).requests, 32u);
}

TEST(Load, HasAllItsRequestsUnderWayAtOnce) {
  Delayed delayed(milliseconds(20), 8);
  std::vector<Duration> observed;
  delayed.load().Run(16, seconds(60), &observed);
  // At least: the connection that looked at the first answer may still be ending.
  EXPECT_GE(delayed.server().Audit().peak_connections, 8);
  EXPECT_EQ(delayed.server().Stats().delayed, 16u);
  for (const Duration& time : observed) EXPECT_GE(time, milliseconds(20));
}

TEST(Load, RefusesAnswersOfAnotherLength) {
  const fixture::MockServer server;
  const std::size_t bytes = FirstAnswer(server.port(), kRequest).size();
  Load load({.port = server.port(), .request = kRequest, .answer_bytes = bytes - 1});
  EXPECT_THROW(load.Run(1, seconds(1)), std::runtime_error);
}

TEST(Load, SaysThatAConnectionHasEnded) {
  auto server = std::make_unique<fixture::MockServer>();
  Load load({.port = server->port(), .request = kRequest, .answer_bytes = 1});
  server.reset();
  EXPECT_THROW(load.Run(1, seconds(1)), std::runtime_error);
}

TEST(Load, AddsUpReports) {
  LoadReport sum{
      .requests = 1, .elapsed = seconds(1), .client_cpu = seconds(2), .fixture_cpu = seconds(3)};
  sum += sum;
  EXPECT_EQ(sum.requests, 2u);
  EXPECT_EQ(sum.elapsed, seconds(2));
  EXPECT_EQ(sum.client_cpu, seconds(4));
  EXPECT_EQ(sum.fixture_cpu, seconds(6));
  EXPECT_DOUBLE_EQ(sum.rps(), 1);
}

TEST(FirstAnswer, MustBeRight) {
  const fixture::MockServer server;
  EXPECT_THROW(FirstAnswer(server.port(), "GET /status/500 HTTP/1.1\r\nHost: a\r\n\r\n"),
               std::runtime_error);
}

class TargetOf : public testing::TestWithParam<TargetKind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, TargetOf,
                         testing::Values(TargetKind::kBare, TargetKind::kMockServer,
                                         TargetKind::kMockServerRule, TargetKind::kGatePlain,
                                         TargetKind::kGateTls));

TEST_P(TargetOf, AnswersRightly) {
  const Target target(GetParam());
  const auto load = target.MakeLoad();
  EXPECT_EQ(load->Run(100, seconds(60)).requests, 100u);
  EXPECT_EQ(load->Run(100, seconds(60)).requests, 100u);
}

TEST(BareServer, WritesWhatItWasGiven) {
  const BareServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2);
  EXPECT_EQ(FirstAnswer(server.port(), kRequest), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

TEST(BareServer, LeavesNoFiles) {
  const auto cycle = [] { const BareServer server("HTTP/1.1 200 OK\r\n\r\n", 2); };
  cycle();
  const std::size_t files = CountBelongings().files;
  for (int i = 0; i < 20; ++i) cycle();
  EXPECT_EQ(CountBelongings().files, files);
}

TEST(BareWait, NeverEndsEarly) {
  for (const Duration lead : {Duration::zero(), Duration(std::chrono::microseconds(80))}) {
    const std::vector<double> overshoots =
        BareOvershoots(3, 5, std::chrono::microseconds(200), lead);
    EXPECT_EQ(overshoots.size(), 15u);
    for (const double overshoot : overshoots) EXPECT_GE(overshoot, 0);
  }
}

TEST(Cycle, LeavesNothing) {
  RunCycle(2, 2);
  const std::size_t files = CountBelongings().files;
  const CycleTimes times = RunCycle(3, 2);
  EXPECT_GT(times.start, Duration::zero());
  EXPECT_GT(times.stop, Duration::zero());
  EXPECT_EQ(CountBelongings().files, files);
  const fixture::MockServer server({.max_connections = 4});
  EXPECT_GT(CountBelongings().files, files);
  EXPECT_GT(CountBelongings().threads, 4u);
}

TEST(LargestGap, IsTheDistanceFromTheDistribution) {
  const auto uniform = [](double x) { return std::clamp(x / 100, 0.0, 1.0); };
  std::vector<double> right, late;
  for (int i = 1; i <= 100; ++i) {
    right.push_back(i);
    late.push_back(std::min(100, i + 30));
  }
  EXPECT_LE(LargestGap(right, uniform), 0.0151);
  EXPECT_NEAR(LargestGap(late, uniform), 0.30, 0.01);
  EXPECT_NEAR(DkwBound(100'000), 0.0085, 0.0001);
  EXPECT_NEAR(DkwBound(1000), 0.0852, 0.0001);
}

}  // namespace
}  // namespace assay::bench
