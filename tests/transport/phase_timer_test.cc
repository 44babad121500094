#include "assay/transport/phase_timer.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimePoint At(int ms) { return TimePoint(milliseconds(ms)); }

const ConnectionOptions kAll{.timeout = seconds(10),
                             .connect_timeout = seconds(4),
                             .write_timeout = seconds(3),
                             .first_byte_timeout = seconds(2),
                             .idle_timeout = seconds(1)};

TEST(PhaseTimer, WithoutLimitsOfPhasesOnlyTheTotalCounts) {
  PhaseTimer timer({.timeout = seconds(10)});
  timer.Start(Phase::kConnect, At(500));
  for (const Phase phase :
       {Phase::kConnect, Phase::kTls, Phase::kSend, Phase::kReceive, Phase::kBody}) {
    timer.Enter(phase, At(600));
    EXPECT_EQ(timer.deadline().at(), At(10'500));
  }
  EXPECT_EQ(timer.Expired("h:1").code, ErrorCode::kTimeout);
  EXPECT_EQ(timer.Expired("h:1").message, "receive from h:1: no complete response within 10 s");
}

TEST(PhaseTimer, EachPhaseHasItsLimitAndItsName) {
  PhaseTimer timer(kAll);
  timer.Start(Phase::kConnect, At(0));
  EXPECT_EQ(timer.deadline().at(), At(4000));
  EXPECT_EQ(timer.Expired("h:1").message, "connect to h:1: no connection within 4 s");
  timer.Enter(Phase::kTls, At(100));
  EXPECT_EQ(timer.deadline().at(), At(4000)) << "connect and handshake share one limit";
  EXPECT_EQ(timer.Expired("h:1").message,
            "tls handshake with h:1: no end of the handshake within 4 s");
  timer.Enter(Phase::kSend, At(200));
  EXPECT_EQ(timer.deadline().at(), At(3200));
  EXPECT_EQ(timer.Expired("h:1").message, "send to h:1: the request was not taken within 3 s");
  timer.Enter(Phase::kReceive, At(300));
  EXPECT_EQ(timer.deadline().at(), At(2300));
  EXPECT_EQ(timer.Expired("h:1").message, "receive from h:1: no first byte within 2 s");
  timer.Received(At(400));
  EXPECT_EQ(timer.deadline().at(), At(1400));
  EXPECT_EQ(timer.Expired("h:1").message, "receive from h:1: no byte for 1 s");
  timer.Received(At(1300));
  EXPECT_EQ(timer.deadline().at(), At(2300)) << "each byte begins the idle time anew";
  EXPECT_EQ(timer.phase(), Phase::kBody);
  EXPECT_EQ(timer.Expired("h:1").code, ErrorCode::kTimeout);
}

TEST(PhaseTimer, BytesDoNotPutOffTheTotal) {
  PhaseTimer timer(kAll);
  timer.Start(Phase::kSend, At(0));
  for (int ms = 500; ms <= 9500; ms += 500) timer.Received(At(ms));
  EXPECT_EQ(timer.deadline().at(), At(10'000));
  EXPECT_EQ(timer.Expired("h:1").message, "receive from h:1: no complete response within 10 s");
}

TEST(PhaseTimer, APhaseWithoutALimitHasNoneOfThePhaseBefore) {
  PhaseTimer timer({.timeout = seconds(10), .write_timeout = seconds(1)});
  timer.Start(Phase::kSend, At(0));
  timer.Enter(Phase::kReceive, At(1));
  EXPECT_EQ(timer.deadline().at(), At(10'000));
  timer.Start(Phase::kTls, At(20'000));
  EXPECT_EQ(timer.deadline().at(), At(30'000));
}

TEST(PhaseTimer, WhereBothWouldEndAtOnceThePhaseIsNamed) {
  PhaseTimer timer({.timeout = seconds(2), .first_byte_timeout = seconds(2)});
  timer.Start(Phase::kReceive, At(0));
  EXPECT_EQ(timer.Expired("h:1").message, "receive from h:1: no first byte within 2 s");
}

TEST(PhaseTimer, ThePhasesAddUpToTheWhole) {
  PhaseTimer timer(kAll);
  timer.Start(Phase::kConnect, At(10));
  timer.Enter(Phase::kTls, At(11));
  timer.Enter(Phase::kSend, At(13));
  timer.Enter(Phase::kReceive, At(17));
  timer.Received(At(25));
  timer.Received(At(30));
  timer.Finish(At(42));
  const Phases& phases = timer.phases();
  EXPECT_EQ(phases.connect, milliseconds(1));
  EXPECT_EQ(phases.tls, milliseconds(2));
  EXPECT_EQ(phases.send, milliseconds(4));
  EXPECT_EQ(phases.first_byte, milliseconds(8));
  EXPECT_EQ(phases.body, milliseconds(17));
  EXPECT_EQ(phases.Sum(), milliseconds(32));
  EXPECT_EQ(timer.now(), At(42));

  timer.Start(Phase::kSend, At(50));
  timer.Finish(At(51));
  EXPECT_EQ(timer.phases().Sum(), milliseconds(1)) << "nothing is left of the request before";
  EXPECT_EQ(timer.phases().send, milliseconds(1));
}

TEST(PhaseTimer, TheShortestTimeoutIsTheShortestThatIsSet) {
  EXPECT_EQ(ShortestTimeout({}), milliseconds(250));  // for each of several addresses
  for (Duration ConnectionOptions::*limit :
       {&ConnectionOptions::timeout, &ConnectionOptions::connect_timeout,
        &ConnectionOptions::write_timeout, &ConnectionOptions::first_byte_timeout,
        &ConnectionOptions::idle_timeout, &ConnectionOptions::expect_timeout,
        &ConnectionOptions::next_address_after}) {
    ConnectionOptions options;
    options.*limit = milliseconds(7);
    EXPECT_EQ(ShortestTimeout(options), milliseconds(7));
  }
}

TEST(ConnectionOptions, NegativeLimitsAreNamed) {
  const auto refusal = [](ConnectionOptions options) -> std::string {
    try {
      Validate(options);
      return "accepted";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  };
  const Duration negative(-1);
  EXPECT_EQ(refusal({.connect_timeout = negative}),
            "connect_timeout: -1 ns is not 0 (no limit) or more");
  EXPECT_EQ(refusal({.write_timeout = negative}),
            "write_timeout: -1 ns is not 0 (no limit) or more");
  EXPECT_EQ(refusal({.first_byte_timeout = negative}),
            "first_byte_timeout: -1 ns is not 0 (no limit) or more");
  EXPECT_EQ(refusal({.idle_timeout = negative}), "idle_timeout: -1 ns is not 0 (no limit) or more");
  EXPECT_EQ(refusal({}), "accepted");
}

}  // namespace
}  // namespace assay
