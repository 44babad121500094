#include "bench/harness/engine_counters.h"

#include <gtest/gtest.h>

#include "bench/harness/fixture.h"

namespace assay::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

// Two slots, 400 requests in one second, where 5 ms would allow 400.
EngineMeasurement Perfect() {
  EngineMeasurement measured{.concurrency = 2};
  measured.total = {.requests = 400, .elapsed = seconds(1), .cpu = microseconds(4000)};
  measured.server.requests = 400;
  measured.server.delayed = 400;
  measured.server.planned_total = 400 * microseconds(4500);
  measured.server.injected_total = 400 * microseconds(5000);
  measured.server_cpu = microseconds(8000);
  return measured;
}

void Fill(CheckingSink& sink, int requests) {
  RequestResult result;
  result.status = 200;
  result.latency = microseconds(5000);
  const Response response{200, {}, FixtureBody()};
  for (int i = 0; i < requests; ++i) sink.Accept(result, response);
}

class EngineCounting : public testing::Test {
 protected:
  EngineCounting() { Fill(sink_, 400); }
  CheckingSink sink_{CheckingSink::Depth::kBody};
};

TEST_F(EngineCounting, TheIdealIsConcurrencyOverDelay) {
  const auto counters = EngineCounters(Perfect(), sink_);
  EXPECT_DOUBLE_EQ(counters.at("rps"), 400);
  EXPECT_DOUBLE_EQ(counters.at("injected_us"), 5000);
  EXPECT_DOUBLE_EQ(counters.at("ideal_ratio"), 1.0);
  EXPECT_DOUBLE_EQ(counters.at("ideal_ratio_planned"), 0.9);
}

TEST_F(EngineCounting, CpuIsPerRequestAndTheServersIsKeptApart) {
  const auto counters = EngineCounters(Perfect(), sink_);
  EXPECT_DOUBLE_EQ(counters.at("cpu_us_per_req"), 10);
  EXPECT_DOUBLE_EQ(counters.at("fixture_cpu_us_per_req"), 20);
}

TEST_F(EngineCounting, WithoutADelayThereIsNoIdeal) {
  EngineMeasurement measured = Perfect();
  measured.server.delayed = 0;
  EXPECT_EQ(EngineCounters(measured, sink_).count("ideal_ratio"), 0u);
}

TEST_F(EngineCounting, NothingIsWrongWithARunThatIsWhatItClaims) {
  EXPECT_EQ(WhatIsWrong(Perfect(), sink_, 400), "");
}

TEST_F(EngineCounting, EveryCountThatDiffersIsNamed) {
  EXPECT_EQ(WhatIsWrong(Perfect(), sink_, 401), "400 results where there should be 401");
  EngineMeasurement measured = Perfect();
  measured.total.requests = 399;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "399 requests counted where there should be 400");
  measured = Perfect();
  measured.server.requests = 402;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400),
            "402 requests at the server where there should be 400");
}

TEST_F(EngineCounting, ConnectionsMustBeWhatThePoolingStrategySays) {
  EngineMeasurement measured = Perfect();
  measured.total.connections_opened = 1;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "1 connections opened where there should be 0");
  measured.pooling = Pooling::kNaive;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "1 connections opened where there should be 400");
}

TEST_F(EngineCounting, TlsSessionsMustBeTakenUpOrNot) {
  EngineMeasurement measured = Perfect();
  measured.pooling = Pooling::kNaive;
  measured.total.connections_opened = 400;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "");
  EXPECT_EQ(EngineCounters(measured, sink_).count("resumed_ratio"), 0u);
  measured.total.tls_resumed = 1;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "1 TLS sessions resumed where there should be 0");
  measured.resumes = true;
  measured.total.tls_resumed = 400;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400), "");
  EXPECT_DOUBLE_EQ(EngineCounters(measured, sink_).at("resumed_ratio"), 1);
  measured.total.tls_resumed = 399;
  EXPECT_EQ(WhatIsWrong(measured, sink_, 400),
            "399 TLS sessions resumed where there should be 400");
}

TEST_F(EngineCounting, AWrongAnswerIsWrong) {
  sink_.Accept(RequestResult{}, Response{});
  EXPECT_EQ(WhatIsWrong(Perfect(), sink_, 401),
            "1 wrong answers, the first: status 0 with a body of 0 bytes");
}

}  // namespace
}  // namespace assay::bench
