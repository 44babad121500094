// Peers over TLS: the right server is trusted, and no other one.
#include <gtest/gtest.h>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "bench/peers/peers.h"
#include "tests/engines/collector.h"

namespace assay::bench {
namespace {

using fixture::CertificateKind;
using fixture::Gate;

std::vector<EngineKind> Subjects() {
  std::vector<EngineKind> subjects;
  for (const PeerKind& kind : PeerKinds()) {
    if (kind.Has(Feature::kTls)) subjects.push_back(kind.engine);
  }
  return subjects;
}

class PeerTls : public testing::TestWithParam<EngineKind> {
 protected:
  std::unique_ptr<Gate> MakeGate(fixture::TlsOptions options = {}) const {
    return std::make_unique<Gate>(
        fixture::GateOptions{.upstream_port = server_.port(), .tls = std::move(options)});
  }
  // How two requests, each on a connection of its own, end.
  std::string Send(const Gate& gate, const TlsOptions& tls) const {
    Collector got;
    GetParam()
        .make({.concurrency = 1, .pooling = Pooling::kNaive, .connection = {.tls = tls}})
        ->Run({{{.url = Url::Parse(gate.Url("/bytes/3")).value()}}, 2, {}}, got);
    EXPECT_EQ(got.results.size(), 2u);
    for (const RequestResult& result : got.results) {
      if (!result.ok()) return std::string(ToString(result.error->code));
    }
    return "answered";
  }

  fixture::MockServer server_;
};

INSTANTIATE_TEST_SUITE_P(Of, PeerTls, testing::ValuesIn(Subjects()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(PeerTls, TrustsWhomItIsToldAndNobodyElse) {
  const auto gate = MakeGate(), other = MakeGate();
  const std::string refused(ToString(ErrorCode::kTlsFailed));
  EXPECT_EQ(Send(*gate, {.ca_pem = gate->AuthorityPem()}), "answered");
  EXPECT_EQ(Send(*gate, {.ca_pem = other->AuthorityPem() + gate->AuthorityPem()}), "answered");
  EXPECT_EQ(Send(*gate, {.ca_pem = other->AuthorityPem()}), refused);
  EXPECT_EQ(Send(*gate, {}), refused);
}

TEST_P(PeerTls, TakesNoBadCertificateUnlessNothingIsVerified) {
  for (const CertificateKind kind :
       {CertificateKind::kSelfSigned, CertificateKind::kExpired, CertificateKind::kNotYetValid,
        CertificateKind::kUnknownAuthority, CertificateKind::kWrongHost}) {
    const auto gate = MakeGate({.certificate = kind});
    EXPECT_EQ(Send(*gate, {.ca_pem = gate->AuthorityPem()}), ToString(ErrorCode::kTlsFailed));
    EXPECT_EQ(Send(*gate, {.verify = TlsVerify::kOffInsecure}), "answered");
  }
}

TEST_P(PeerTls, NamesAnAuthorityThatIsNone) {
  try {
    GetParam().make({.connection = {.tls = {.ca_pem = "no PEM"}}});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "tls.ca_pem: not certificates in PEM form: no start line");
  }
}

}  // namespace
}  // namespace assay::bench
