// Conformance: what engines that speak TLS make of servers that they must not
// trust, and of handshakes that fail; and that it is said in which phase.
#include <gtest/gtest.h>

#include "tests/engines/conformance.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

using fixture::CertificateKind;
using fixture::FaultEffect;
using fixture::FaultPoint;
using fixture::Gate;
using fixture::GateOptions;
using std::chrono::milliseconds;

class Tls : public EngineConformance {
 protected:
  // Requests by a new engine that trusts the gate's authority.
  Collector RunThrough(const Gate& gate, std::uint64_t count, ConnectionOptions connection = {}) {
    trusted_ = gate.AuthorityPem();
    return Run(Get(gate.port(), "/bytes/3"), count, std::move(connection));
  }
  std::string Refusal(fixture::TlsOptions options, ConnectionOptions connection = {}) {
    const Gate gate({.upstream_port = server_.port(), .tls = std::move(options)});
    std::string message =
        ExpectAllFail(RunThrough(gate, 3, std::move(connection)), ErrorCode::kTlsFailed);
    EXPECT_EQ(server_.Stats().requests, 0u);
    const std::string name = "127.0.0.1:" + std::to_string(gate.port());
    if (const std::size_t at = message.find(name); at != std::string::npos) {
      message.replace(at, name.size(), "GATE");
    }
    return message;
  }

  SmallServer server_;
};

std::vector<EngineConformance::ParamType> OverTls() {
  std::vector<EngineConformance::ParamType> params = ConformanceParams();
  std::erase_if(params, [](const auto& param) { return std::get<2>(param) != Wire::kTls; });
  return params;
}
INSTANTIATE_TEST_SUITE_P(AllEngines, Tls, testing::ValuesIn(OverTls()), ConformanceName);

TEST_P(Tls, ABadCertificateIsRefusedForWhatIsWrongWithIt) {
  const auto refusal = [&](CertificateKind kind) { return Refusal({.certificate = kind}); };
  const std::string prefix = "tls handshake with GATE: ";
  EXPECT_EQ(refusal(CertificateKind::kSelfSigned), prefix + "self-signed certificate");
  EXPECT_EQ(refusal(CertificateKind::kExpired), prefix + "certificate has expired");
  EXPECT_EQ(refusal(CertificateKind::kNotYetValid), prefix + "certificate is not yet valid");
  EXPECT_EQ(refusal(CertificateKind::kUnknownAuthority),
            prefix + "unable to get local issuer certificate");
  EXPECT_EQ(refusal(CertificateKind::kWrongHost),
            prefix + "IP address mismatch: the certificate is not for '127.0.0.1'");
}

TEST_P(Tls, AServerThatIsTooOldOrMissesTheClientsCertificateSaysSo) {
  EXPECT_EQ(Refusal({.only_tls_1_2 = true}, {.tls = {.min_version = TlsVersion::k1_3}}),
            "tls handshake with GATE: the server says: tlsv1 alert protocol version");
  EXPECT_EQ(Refusal({.only_tls_1_2 = true, .client_certificate = true}),
            "tls handshake with GATE: the server says: sslv3 alert handshake failure");
  // TLS 1.3 lets the client believe that it is done, and tells it afterwards.
  EXPECT_EQ(Refusal({.client_certificate = true}),
            "receive from GATE: the server says: tlsv13 alert certificate required");
}

TEST_P(Tls, AClientsCertificateOpensTheDoor) {
  const Gate gate(
      {.upstream_port = server_.port(), .tls = fixture::TlsOptions{.client_certificate = true}});
  const fixture::Identity client = gate.ClientIdentity();
  const Collector got =
      RunThrough(gate, 6, {.tls = {.certificate_pem = client.certificate, .key_pem = client.key}});
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 6);
}

TEST_P(Tls, AHandshakeThatStallsTimesOutInItsPhase) {
  const Gate gate({.upstream_port = server_.port(),
                   .connection_faults = {{.name = "stall",
                                          .when = {.every = 1},
                                          .action = {.at = FaultPoint::kHandshake,
                                                     .effect = FaultEffect::kStall}}},
                   .tls = fixture::TlsOptions{}});
  const std::string name = "127.0.0.1:" + std::to_string(gate.port());
  const Collector got = RunThrough(gate, 2, {.connect_timeout = milliseconds(50)});
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kTimeout),
            "tls handshake with " + name + ": no end of the handshake within 50 ms");
  for (const RequestResult& result : got.results) {
    EXPECT_GT(result.phases.tls, Duration::zero());
    EXPECT_EQ(result.phases.Sum(), result.latency);
  }
  EXPECT_EQ(ExpectAllFail(RunThrough(gate, 1, {.timeout = milliseconds(50)}), ErrorCode::kTimeout),
            "tls handshake with " + name + ": no end of the handshake within 50 ms");
}

TEST_P(Tls, AHandshakeThatIsResetOrClosedIsNamedAndTheNextOneWorks) {
  for (const FaultEffect effect : {FaultEffect::kReset, FaultEffect::kClose}) {
    const Gate gate(
        {.upstream_port = server_.port(),
         .connection_faults = {{.name = "first",
                                .when = {.nth = {1}},
                                .action = {.at = FaultPoint::kHandshake, .effect = effect}}},
         .tls = fixture::TlsOptions{}});
    trusted_ = gate.AuthorityPem();
    const auto engine = MakeEngineForOneAtATime();
    Collector got;
    engine->Run({{Get(gate.port(), "/bytes/3")}, 3, {}}, got);
    ASSERT_FALSE(got.results[0].ok());
    EXPECT_EQ(got.results[0].error->code, ErrorCode::kConnectionClosed);
    EXPECT_EQ(got.results[0].error->message,
              "tls handshake with 127.0.0.1:" + std::to_string(gate.port()) +
                  (effect == FaultEffect::kReset ? ": Connection reset by peer"
                                                 : ": connection closed by the server"));
    EXPECT_TRUE(got.results[1].ok());
    EXPECT_TRUE(got.results[2].ok());
  }
}

TEST_P(Tls, WhatIsNotTlsIsNamed) {
  const std::string message =
      ExpectAllFail(Run(Get(server_.port(), "/bytes/3"), 3), ErrorCode::kTlsFailed);
  EXPECT_EQ(message, "tls handshake with 127.0.0.1:" + std::to_string(server_.port()) +
                         ": wrong version number");
}

TEST_P(Tls, AResponseThatIsResetOrCutIsNamedAndTheNextOneWorks) {
  for (const FaultEffect effect : {FaultEffect::kReset, FaultEffect::kClose}) {
    const Gate gate({.upstream_port = server_.port(),
                     .connection_faults = {{.name = "first",
                                            .when = {.nth = {1}},
                                            .action = {.at = FaultPoint::kResponseBytes,
                                                       .after = 5,
                                                       .effect = effect}}},
                     .tls = fixture::TlsOptions{}});
    trusted_ = gate.AuthorityPem();
    const auto engine = MakeEngineForOneAtATime();
    Collector got;
    engine->Run({{Get(gate.port(), "/bytes/3")}, 2, {}}, got);
    ASSERT_FALSE(got.results[0].ok());
    EXPECT_EQ(got.results[0].error->code, ErrorCode::kConnectionClosed);
    EXPECT_TRUE(got.results[1].ok());
  }
}

TEST_P(Tls, AnEngineThatKnowsTheServerTakesUpItsSession) {
  const Gate gate({.upstream_port = server_.port(), .tls = fixture::TlsOptions{}});
  trusted_ = gate.AuthorityPem();
  Collector got;
  const RunSummary summary =
      MakeEngineForOneAtATime()->Run({{Get(gate.port(), "/bytes/3")}, 5, {}}, got);
  EXPECT_EQ(summary.connections_opened, pooling() == Pooling::kNaive ? 5u : 1u);
  EXPECT_EQ(summary.tls_resumed, pooling() == Pooling::kNaive ? 4u : 0u);
}

TEST_P(Tls, ImpossibleOptionsAreNamed) {
  try {
    kind().make({.connection = {.tls = {.ca_file = "/no/such/file.pem"}}});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "tls.ca_file '/no/such/file.pem': No such file or directory");
  }
}

}  // namespace
}  // namespace assay
