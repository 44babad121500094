// Conformance: what engines make of a wire that breaks, stalls or lies, at every point at
// which a client can tell the difference. All engines call one fault by one name, and work
// again when the wire does.
#include "tests/engines/wire_faults.h"

#include <map>
#include <optional>

namespace assay {
namespace {

using fixture::FaultAction;
using fixture::FaultEffect;
using fixture::FaultPoint;
using fixture::Gate;
using std::chrono::milliseconds;
using enum FaultPoint;
using enum FaultEffect;
using enum Scope;

constexpr std::uint64_t kInHeader = 60, kInBody = 2000;  // bytes of a response

ASSAY_INSTANTIATE_FOR_ALL_ENGINES(WireFaults);

FaultAction At(FaultPoint at, std::uint64_t after, FaultEffect effect) {
  return {.at = at, .after = after, .effect = effect};
}

TEST_P(WireFaults, AResetIsAConnectionThatWasClosedWhereverItStrikes) {
  constexpr std::string_view reset = "receive from GATE: Connection reset by peer";
  const WireFault faults[] = {
      {kConnection, At(kRequestBytes, 0, kReset), reset},
      {kConnection, At(kRequestBytes, 20, kReset), reset},
      {kConnection, At(kResponseBytes, 0, kReset), reset},
      {kConnection, At(kResponseBytes, 1, kReset), reset},
      {kConnection, At(kResponseBytes, kInHeader, kReset), reset},
      {kConnection, At(kResponseBytes, kInBody, kReset), reset},
      {kExchange, At(kRequestStart, 0, kReset), reset},
      {kExchange, At(kRequestBytes, 20, kReset), reset},
      {kExchange, At(kResponseStart, 0, kReset), reset},
      {kExchange, At(kResponseBytes, kInHeader, kReset), reset},
      {kExchange, At(kResponseBytes, kInBody, kReset), reset},
  };
  ExpectFailThenWork(faults, ErrorCode::kConnectionClosed, 2 * slots());
}

// The connection stood, or the server could not have reset it. Whether the client hears of it
// while it still connects is chance, and must not change what the failure is called.
TEST_P(WireFaults, AResetOfANewConnectionIsAConnectionThatWasClosed) {
  const WireFault fault{kConnection, At(kAccept, 0, kReset), " GATE: "};
  ExpectFailThenWork({&fault, 1}, ErrorCode::kConnectionClosed, 10 * slots());
}

TEST_P(WireFaults, AnEarlyEndIsAConnectionThatWasClosedAndSaysHowFarItCame) {
  constexpr std::string_view none = "connection closed before any byte of the response";
  constexpr std::string_view header = "connection closed in the middle of the response headers";
  constexpr std::string_view body = "connection closed after ";
  const WireFault faults[] = {
      {kConnection, At(kAccept, 0, kClose), none,
       "tls handshake with GATE: connection closed by the server"},
      {kConnection, At(kRequestBytes, 0, kClose), none},
      {kConnection, At(kRequestBytes, 20, kClose), none},
      {kConnection, At(kResponseBytes, 0, kClose), none},
      {kConnection, At(kResponseBytes, 1, kClose), header},
      {kConnection, At(kResponseBytes, kInHeader, kClose), header},
      {kConnection, At(kResponseBytes, kInBody, kClose), body},
      {kExchange, At(kRequestStart, 0, kClose), none},
      {kExchange, At(kRequestBytes, 20, kClose), none},
      {kExchange, At(kResponseStart, 0, kClose), none},
      {kExchange, At(kResponseBytes, kInHeader, kClose), header},
      {kExchange, At(kResponseBytes, kInBody, kClose), body},
  };
  ExpectFailThenWork(faults, ErrorCode::kConnectionClosed, 2 * slots());
}

TEST_P(WireFaults, AStallIsATimeoutWhereverItStrikes) {
  constexpr std::string_view late = "receive from GATE: no complete response within 600 ms";
  FaultAction dribble = At(kResponseStart, 0, kDribble);
  dribble.piece_bytes = 1, dribble.interval = milliseconds(50);
  FaultAction throttle = At(kResponseStart, 0, kThrottle);
  throttle.bytes_per_second = 20;
  const WireFault faults[] = {
      {kConnection, At(kAccept, 0, kStall), late,
       "tls handshake with GATE: no end of the handshake within 600 ms"},
      {kConnection, At(kRequestBytes, 20, kStall), late},
      {kConnection, At(kResponseBytes, kInHeader, kStall), late},
      {kExchange, At(kRequestStart, 0, kStall), late},
      {kExchange, At(kResponseStart, 0, kStall), late},
      {kExchange, At(kResponseBytes, kInBody, kStall), late},
      // Too slow is as bad: a byte now and then does not buy more time.
      {kExchange, dribble, late},
      {kExchange, throttle, late},
  };
  ExpectFailThenWork(faults, ErrorCode::kTimeout, slots(), {.timeout = kPatience});
}

TEST_P(WireFaults, AWireThatIsOnlySlowDeliversEverything) {
  const auto delay = [](FaultPoint at, std::uint64_t after) {
    return FaultAction{.at = at, .after = after, .effect = kDelay, .delay = milliseconds(3)};
  };
  const auto dribble = [](FaultPoint at, std::uint64_t piece) {
    return FaultAction{
        .at = at, .effect = kDribble, .piece_bytes = piece, .interval = milliseconds(1)};
  };
  const auto throttle = [](FaultPoint at, std::uint64_t rate) {
    return FaultAction{.at = at, .effect = kThrottle, .bytes_per_second = rate};
  };
  const WireFault faults[] = {
      {kConnection, delay(kAccept, 0)},
      {kConnection, delay(kRequestBytes, 20)},
      {kConnection, delay(kResponseBytes, kInHeader)},
      {kExchange, delay(kRequestStart, 0)},
      {kExchange, delay(kResponseStart, 0)},
      {kExchange, delay(kResponseBytes, kInBody)},
      {kConnection, dribble(kRequestBytes, 7)},
      {kConnection, dribble(kResponseBytes, 400)},
      {kExchange, dribble(kRequestStart, 7)},
      {kExchange, dribble(kResponseStart, 129)},
      {kConnection, throttle(kResponseBytes, 500'000)},
      {kExchange, throttle(kRequestStart, 10'000)},
      {kExchange, throttle(kResponseStart, 200'000)},
  };
  auto trials = Prepare(faults, 1000);
  JudgeEach(trials, [&](Trial& trial) {
    EXPECT_EQ(Right(RunOn(trial, 2 * slots())), 2 * slots());
    EXPECT_GE(trial.gate->Stats().injected.at("fault"), 1u);
  });
}

WireFault Corrupt(std::uint64_t after, std::vector<std::uint64_t> positions) {
  FaultAction action = At(kResponseBytes, after, kCorrupt);
  action.positions = std::move(positions);
  return {kExchange, action, "malformed response: "};
}

TEST_P(WireFaults, AHeaderThatWasCorruptedOnTheWayIsMalformed) {
  // The first byte, the version, the status, and the end of the line.
  const WireFault faults[] = {Corrupt(0, {0}), Corrupt(0, {5}), Corrupt(0, {9}), Corrupt(15, {0})};
  ExpectFailThenWork(faults, ErrorCode::kMalformedResponse, 2 * slots());
}

TEST_P(WireFaults, NobodyCanTellThatABodyWasCorruptedOnTheWay) {
  const WireFault fault = Corrupt(kInBody, {0, 1, 100});
  const std::vector<Trial> trials = Prepare({&fault, 1}, slots());
  const Collector got = RunOn(trials[0], slots());
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), concurrency());
  for (const std::string& body : got.bodies) EXPECT_EQ(body.size(), kBodyBytes);
  EXPECT_EQ(Right(got), 0u);
  EXPECT_EQ(Right(RunOn(trials[0], 12)), 12u);
}

// The answer is whole. Whether the next request on the connection notices in time is chance,
// but no connection costs more than one.
TEST_P(WireFaults, AnEndAfterTheAnswerCostsAtMostTheNextRequestOfThatConnection) {
  const WireFault faults[] = {
      {kConnection, At(kResponseEnd, 1, kReset)}, {kExchange, At(kResponseEnd, 0, kReset)},
      {kConnection, At(kResponseEnd, 1, kClose)}, {kExchange, At(kResponseEnd, 0, kClose)},
      {kConnection, At(kResponseEnd, 3, kClose)}, {kConnection, At(kResponseEnd, 1, kStall)},
      {kExchange, At(kResponseEnd, 0, kStall)},
  };
  auto trials = Prepare(faults, slots(), {.timeout = kPatience});
  JudgeEach(trials, [&](Trial& trial) {
    const bool stall = trial.fault.action.effect == kStall;
    const Collector got = RunOn(trial, 10 * slots());
    EXPECT_GE(Right(got), 9 * slots());
    for (const RequestResult& result : got.results) {
      if (result.ok()) continue;
      EXPECT_EQ(pooling(), Pooling::kPooled) << result.error->message;
      EXPECT_EQ(ToString(result.error->code),
                ToString(stall ? ErrorCode::kTimeout : ErrorCode::kConnectionClosed));
    }
  });
}

TEST_P(WireFaults, ARefusedConnectionIsNamedAndTheNextOneWorks) {
  const WireFault none{kConnection, At(kAccept, 0, kReset), "connect to GATE: Connection refused"};
  const std::vector<Trial> trials = Prepare({&none, 1}, 0);
  trials[0].gate->Refuse();
  const Collector refused = RunOn(trials[0], 2 * slots());
  ExpectAllFail(refused, ErrorCode::kConnectRefused);
  ExpectSaid(refused, trials[0]);
  trials[0].gate->Accept();
  EXPECT_EQ(Right(RunOn(trials[0], 12)), 12u);
}

// Half of the requests meet one of several faults, each request the one that the plan says.
TEST_P(WireFaults, ManyFaultsAtOnceStrikeThoseThatThePlanPredicts) {
  const auto fault = [](std::string name, FaultAction action) {
    return fixture::ExchangeFault{std::move(name), {.rate = 0.125}, action};
  };
  const Gate gate({.upstream_port = server_.port(),
                   .exchange_faults = {fault("reset", At(kResponseBytes, kInHeader, kReset)),
                                       fault("close", At(kResponseBytes, kInBody, kClose)),
                                       fault("corrupt", Corrupt(0, {0}).action),
                                       fault("late", {.at = kResponseStart,
                                                      .effect = kDelay,
                                                      .delay = milliseconds(1)})},
                   .protocol = fixture::Http1(),
                   .tls = tls() ? std::optional(fixture::TlsOptions{}) : std::nullopt});
  trusted_ = gate.AuthorityPem();
  std::vector<Request> requests;
  std::map<std::string, std::string> predicted, got;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    requests.push_back(Get(gate.port(), "/bytes/4000?" + id));
    requests.back().headers = {{"X-Request-Id", id}};
    const auto* met = gate.plan().ForExchange(fixture::HttpKey(id), 1);
    const std::string_view name = met ? std::string_view(met->name) : "none";
    predicted[requests.back().url.ToString()] = name == "corrupt" ? "malformed_response"
                                                : name == "none" || name == "late"
                                                    ? "right"
                                                    : "connection_closed";
  }
  Collector results;
  MakeEngine()->Run({requests, 100, {}}, results);
  for (const RequestResult& result : results.results) {
    got[result.url] = result.ok() ? "right" : ToString(result.error->code);
  }
  EXPECT_EQ(got, predicted);
  EXPECT_EQ(gate.Stats().exchanges, 100u);
}

}  // namespace
}  // namespace assay
