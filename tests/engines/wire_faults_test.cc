// Conformance: what engines make of a wire that breaks, stalls or lies, and that the
// same engine is as good as new when the wire is whole again.
//
// The gate's faults strike the first requests of an engine, at every point at which a
// client can tell the difference. All engines call one fault by one name.
#include <cstdint>
#include <string>
#include <vector>

#include "assay/fixture/server/mock_server.h"
#include "tests/engines/conformance.h"

namespace assay {
namespace {

using fixture::FaultAction;
using fixture::FaultSelection;
using fixture::Gate;
using fixture::GateOptions;
using fixture::MockServer;
using std::chrono::milliseconds;
using std::chrono::seconds;
using enum fixture::FaultPoint;
using enum fixture::FaultEffect;

constexpr std::size_t kBodyBytes = 4000;
constexpr std::uint64_t kInHeader = 30, kInBody = 2000;  // of a response to Ask()
constexpr milliseconds kPatience(250);

enum class Scope { kConnection, kExchange };

struct WireFault {
  Scope scope;
  FaultAction action;
  // Part of the error's message, with GATE for the gate's name; the second one if TLS makes
  // it another.
  std::string_view says{};
  std::string_view says_with_tls = says;
};

FaultAction At(fixture::FaultPoint at, std::uint64_t after, fixture::FaultEffect effect) {
  return {.at = at, .after = after, .effect = effect};
}

std::string TextOf(const FaultAction& action) {
  constexpr std::string_view kPoints[] = {"accept",         "handshake",      "request start",
                                          "request bytes",  "response start", "response bytes",
                                          "response end"};
  constexpr std::string_view kEffects[] = {"reset",   "close",    "stall",  "delay",
                                           "dribble", "throttle", "corrupt"};
  return std::string(kEffects[static_cast<int>(action.effect)]) + " at " +
         std::string(kPoints[static_cast<int>(action.at)]) + " " + std::to_string(action.after);
}

class WireFaults : public EngineConformance {
 protected:
  // `first`: so many connections, or exchanges of all connections, meet the fault.
  std::unique_ptr<Gate> Faulty(const WireFault& fault, std::uint64_t first) {
    GateOptions options{.upstream_port = server_.port(), .protocol = fixture::Http1()};
    options.protocol.key = [](std::string_view) { return 1; };  // they are counted together
    FaultSelection selected;
    for (std::uint64_t number = 1; number <= first; ++number) selected.nth.push_back(number);
    if (fault.scope == Scope::kConnection) {
      options.connection_faults = {{.name = "fault", .when = selected, .action = fault.action}};
    } else {
      options.exchange_faults = {{.name = "fault", .when = selected, .action = fault.action}};
    }
    if (tls()) options.tls.emplace();
    auto gate = std::make_unique<Gate>(options);
    trusted_ = gate->AuthorityPem();
    return gate;
  }

  Request Ask(const Gate& gate) const {
    return Get(gate.port(), "/bytes/" + std::to_string(kBodyBytes));
  }

  static std::uint64_t Felt(const Gate& gate) { return gate.Stats().injected.at("fault"); }

  static std::string RightBody() {
    std::string body(kBodyBytes, ' ');
    for (std::size_t i = 0; i < kBodyBytes; ++i) body[i] = static_cast<char>('a' + i % 26);
    return body;
  }

  static std::ptrdiff_t Right(const Collector& got) {
    const std::string right = RightBody();
    std::ptrdiff_t count = 0;
    for (std::size_t i = 0; i < got.results.size(); ++i) {
      count += got.results[i].ok() && got.bodies[i] == right;
    }
    return count;
  }

  static Collector RunOn(Engine& engine, const Request& request, std::uint64_t count) {
    Collector got;
    engine.Run({{request}, count, {}}, got);
    EXPECT_EQ(got.results.size(), count);
    return got;
  }

  void ExpectSaid(const Collector& got, const Gate& gate, std::string_view expected) const {
    if (!HasOurMessages(kind())) return;
    const std::string name = "127.0.0.1:" + std::to_string(gate.port());
    for (const RequestResult& result : got.results) {
      std::string message = result.error ? result.error->message : "no error";
      if (const std::size_t at = message.find(name); at != std::string::npos) {
        message.replace(at, name.size(), "GATE");
      }
      EXPECT_NE(message.find(expected), std::string::npos)
          << "'" << message << "', not '" << expected << "'";
    }
  }

  // The fault spoils the first requests, each once, with `code`; those after it are answered.
  void ExpectFailsThenWorks(const WireFault& fault, ErrorCode code, std::uint64_t failing,
                            const ConnectionOptions& connection = {}) {
    SCOPED_TRACE(TextOf(fault.action));
    const auto gate = Faulty(fault, failing);
    const auto engine = MakeEngine(connection);
    const Collector broken = RunOn(*engine, Ask(*gate), failing);
    ExpectAllFail(broken, code);
    ExpectSaid(broken, *gate, tls() ? fault.says_with_tls : fault.says);
    EXPECT_EQ(Felt(*gate), failing);
    EXPECT_EQ(Right(RunOn(*engine, Ask(*gate), 12)), 12);
  }

  std::uint64_t slots() const { return static_cast<std::uint64_t>(concurrency()); }

  MockServer server_;
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(WireFaults);

constexpr std::string_view kReceiveReset = "receive from GATE: Connection reset by peer";
constexpr std::string_view kNoByte = "connection closed before any byte of the response";
constexpr std::string_view kNoFarewell = "connection closed";

TEST_P(WireFaults, AResetIsAConnectionThatWasClosedWhereverItStrikes) {
  const WireFault faults[] = {
      // The request may be under way already, or not.
      {Scope::kConnection, At(kAccept, 0, kReset), "GATE: ", "tls handshake with GATE: "},
      {Scope::kConnection, At(kRequestBytes, 0, kReset), kReceiveReset},
      {Scope::kConnection, At(kRequestBytes, 20, kReset), kReceiveReset},
      {Scope::kConnection, At(kResponseBytes, 0, kReset), kReceiveReset},
      {Scope::kConnection, At(kResponseBytes, 1, kReset), kReceiveReset},
      {Scope::kConnection, At(kResponseBytes, kInHeader, kReset), kReceiveReset},
      {Scope::kConnection, At(kResponseBytes, kInBody, kReset), kReceiveReset},
      {Scope::kExchange, At(kRequestStart, 0, kReset), kReceiveReset},
      {Scope::kExchange, At(kRequestBytes, 20, kReset), kReceiveReset},
      {Scope::kExchange, At(kResponseStart, 0, kReset), kReceiveReset},
      {Scope::kExchange, At(kResponseBytes, kInHeader, kReset), kReceiveReset},
      {Scope::kExchange, At(kResponseBytes, kInBody, kReset), kReceiveReset},
  };
  for (const WireFault& fault : faults) {
    ExpectFailsThenWorks(fault, ErrorCode::kConnectionClosed, 2 * slots());
  }
}

TEST_P(WireFaults, AnEarlyEndIsAConnectionThatWasClosedAndSaysHowFarItCame) {
  constexpr std::string_view in_header = "connection closed in the middle of the response headers";
  constexpr std::string_view in_body = "connection closed after ";
  const WireFault faults[] = {
      {Scope::kConnection, At(kAccept, 0, kClose), kNoByte,
       "tls handshake with GATE: connection closed by the server"},
      {Scope::kConnection, At(kRequestBytes, 0, kClose), kNoByte, kNoFarewell},
      {Scope::kConnection, At(kRequestBytes, 20, kClose), kNoByte, kNoFarewell},
      {Scope::kConnection, At(kResponseBytes, 0, kClose), kNoByte, kNoFarewell},
      {Scope::kConnection, At(kResponseBytes, 1, kClose), in_header, kNoFarewell},
      {Scope::kConnection, At(kResponseBytes, kInHeader, kClose), in_header, kNoFarewell},
      {Scope::kConnection, At(kResponseBytes, kInBody, kClose), in_body, kNoFarewell},
      {Scope::kExchange, At(kRequestStart, 0, kClose), kNoByte, kNoFarewell},
      {Scope::kExchange, At(kRequestBytes, 20, kClose), kNoByte, kNoFarewell},
      {Scope::kExchange, At(kResponseStart, 0, kClose), kNoByte, kNoFarewell},
      {Scope::kExchange, At(kResponseBytes, kInHeader, kClose), in_header, kNoFarewell},
      {Scope::kExchange, At(kResponseBytes, kInBody, kClose), in_body, kNoFarewell},
  };
  for (const WireFault& fault : faults) {
    ExpectFailsThenWorks(fault, ErrorCode::kConnectionClosed, 2 * slots());
  }
}

TEST_P(WireFaults, AStallIsATimeoutWhereverItStrikes) {
  constexpr std::string_view receive = "receive from GATE: no complete response within 250 ms";
  const FaultAction dribble{.at = kResponseStart,
                            .effect = kDribble,
                            .piece_bytes = 1,
                            .interval = milliseconds(100)};
  const FaultAction throttle{.at = kResponseStart, .effect = kThrottle, .bytes_per_second = 10};
  const WireFault faults[] = {
      {Scope::kConnection, At(kAccept, 0, kStall), receive,
       "tls handshake with GATE: no end of the handshake within 250 ms"},
      {Scope::kConnection, At(kResponseBytes, kInHeader, kStall), receive},
      {Scope::kExchange, At(kRequestStart, 0, kStall), receive},
      {Scope::kExchange, At(kResponseStart, 0, kStall), receive},
      {Scope::kExchange, At(kResponseBytes, kInBody, kStall), receive},
      // Too slow is as bad: a byte now and then does not buy more time.
      {Scope::kExchange, dribble, receive},
      {Scope::kExchange, throttle, receive},
  };
  for (const WireFault& fault : faults) {
    ExpectFailsThenWorks(fault, ErrorCode::kTimeout, slots(), {.timeout = kPatience});
  }
}

TEST_P(WireFaults, AWireThatIsOnlySlowDeliversEverything) {
  const auto delay = [](fixture::FaultPoint at, std::uint64_t after) {
    return FaultAction{.at = at, .after = after, .effect = kDelay, .delay = milliseconds(3)};
  };
  const auto dribble = [](fixture::FaultPoint at, std::uint64_t piece) {
    return FaultAction{
        .at = at, .effect = kDribble, .piece_bytes = piece, .interval = milliseconds(1)};
  };
  const auto throttle = [](fixture::FaultPoint at, std::uint64_t rate) {
    return FaultAction{.at = at, .effect = kThrottle, .bytes_per_second = rate};
  };
  const WireFault faults[] = {
      {Scope::kConnection, delay(kAccept, 0)},
      {Scope::kConnection, delay(kRequestBytes, 20)},
      {Scope::kConnection, delay(kResponseBytes, kInHeader)},
      {Scope::kExchange, delay(kRequestStart, 0)},
      {Scope::kExchange, delay(kResponseStart, 0)},
      {Scope::kExchange, delay(kResponseBytes, kInBody)},
      {Scope::kConnection, dribble(kRequestBytes, 7)},
      {Scope::kConnection, dribble(kResponseBytes, 400)},
      {Scope::kExchange, dribble(kRequestStart, 7)},
      {Scope::kExchange, dribble(kResponseStart, 129)},
      {Scope::kConnection, throttle(kResponseBytes, 500'000)},
      {Scope::kExchange, throttle(kRequestStart, 10'000)},
      {Scope::kExchange, throttle(kResponseStart, 200'000)},
  };
  for (const WireFault& fault : faults) {
    SCOPED_TRACE(TextOf(fault.action));
    const auto gate = Faulty(fault, 1000);
    const auto engine = MakeEngine();
    EXPECT_EQ(Right(RunOn(*engine, Ask(*gate), 2 * slots())),
              static_cast<std::ptrdiff_t>(2 * slots()));
    EXPECT_GE(Felt(*gate), 1u);
  }
}

TEST_P(WireFaults, WhatWasCorruptedOnTheWayIsMalformedOnlyIfItIsNoHttp) {
  const auto corrupt = [](std::uint64_t after, std::vector<std::uint64_t> positions) {
    FaultAction action{.at = kResponseBytes, .after = after, .effect = kCorrupt};
    action.positions = std::move(positions);
    return WireFault{Scope::kExchange, action, "malformed response"};
  };
  // The first byte, the version, the status, and the end of the first line.
  for (const std::uint64_t position : {0, 5, 9, 15}) {
    ExpectFailsThenWorks(corrupt(0, {position}), ErrorCode::kMalformedResponse, 2 * slots());
  }
  // In the body nobody can tell: it is as long as it should be.
  const auto gate = Faulty(corrupt(kInBody, {0, 1, 100}), slots());
  const auto engine = MakeEngine();
  const Collector got = RunOn(*engine, Ask(*gate), slots());
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok());
    EXPECT_EQ(got.bodies[i].size(), kBodyBytes);
  }
  EXPECT_EQ(Right(got), 0);
  EXPECT_EQ(Right(RunOn(*engine, Ask(*gate), 12)), 12);
}

// The answer is whole. Whether the next request on the connection notices in time is chance,
// but no connection costs more than one.
TEST_P(WireFaults, AnEndAfterTheAnswerCostsAtMostTheNextRequestOfThatConnection) {
  for (const Scope scope : {Scope::kConnection, Scope::kExchange}) {
    for (const auto effect : {kReset, kClose, kStall}) {
      const WireFault fault{scope, At(kResponseEnd, scope == Scope::kConnection ? 1 : 0, effect)};
      SCOPED_TRACE(TextOf(fault.action));
      const std::uint64_t connections = slots();
      const auto gate = Faulty(fault, connections);
      const auto engine = MakeEngine({.timeout = kPatience});
      const Collector got = RunOn(*engine, Ask(*gate), 10 * slots());
      EXPECT_GE(Right(got), static_cast<std::ptrdiff_t>(10 * slots() - connections));
      for (const RequestResult& result : got.results) {
        if (result.ok()) continue;
        EXPECT_EQ(pooling(), Pooling::kPooled) << result.error->message;
        EXPECT_EQ(ToString(result.error->code),
                  ToString(effect == kStall ? ErrorCode::kTimeout : ErrorCode::kConnectionClosed));
      }
    }
  }
}

TEST_P(WireFaults, ARefusedConnectionIsNamedAndTheNextOneWorks) {
  const auto gate = Faulty({Scope::kConnection, At(kAccept, 0, kReset)}, 0);
  const auto engine = MakeEngine();
  for (int turn = 0; turn < 2; ++turn) {
    gate->Refuse();
    const Collector refused = RunOn(*engine, Ask(*gate), 2 * slots());
    if (turn == 0 || pooling() == Pooling::kNaive) {
      ExpectAllFail(refused, ErrorCode::kConnectRefused);
      ExpectSaid(refused, *gate, "connect to GATE: Connection refused");
    } else {
      // Some of the connections that stand go on; for the others it is as before.
      for (const RequestResult& result : refused.results) {
        EXPECT_TRUE(result.ok() || result.error->code == ErrorCode::kConnectRefused);
      }
    }
    gate->Accept();
    EXPECT_EQ(Right(RunOn(*engine, Ask(*gate), 12)), 12);
  }
}

}  // namespace
}  // namespace assay
