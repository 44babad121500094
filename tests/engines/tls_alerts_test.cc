// Conformance: what engines make of alerts and of handshakes that are no handshakes, and
// that a server which is refused costs the others nothing.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

using fixture::CertificateKind;
using fixture::Gate;
using fixture::TlsOptions;

class TlsAlerts : public EngineConformance {
 protected:
  // What an engine says of a server that answers the first bytes of its client with `text`.
  std::string Refusal(const std::string& text, ErrorCode code) {
    const RawServer server([&](const RawConnection& peer) {
      peer.Write(text);
      peer.WaitForPeerToClose();
    });
    std::string message =
        ExpectAllFail(Run(Get(server.port()), static_cast<std::uint64_t>(concurrency())), code);
    const std::string prefix =
        "tls handshake with 127.0.0.1:" + std::to_string(server.port()) + ": ";
    EXPECT_EQ(message.find(prefix), 0u) << message;
    return message.substr(std::min(prefix.size(), message.size()));
  }
};

std::vector<EngineConformance::ParamType> OverTls() {
  std::vector<EngineConformance::ParamType> params = ConformanceParams();
  std::erase_if(params, [](const auto& param) { return std::get<2>(param) != Wire::kTls; });
  return params;
}
INSTANTIATE_TEST_SUITE_P(AllEngines, TlsAlerts, testing::ValuesIn(OverTls()), ConformanceName);

// A record of TLS 1.2: its type, its length and its bytes.
std::string Record(char type, const std::string& bytes) {
  return std::string{type, 3, 3, 0, static_cast<char>(bytes.size())} + bytes;
}

TEST_P(TlsAlerts, AFatalAlertIsSaidInTheServersWords) {
  constexpr char kAlert = 21, kFatal = 2;
  const std::pair<char, std::string> alerts[] = {
      {10, "sslv3 alert unexpected message"}, {40, "sslv3 alert handshake failure"},
      {48, "tlsv1 alert unknown ca"},         {49, "tlsv1 alert access denied"},
      {70, "tlsv1 alert protocol version"},   {71, "tlsv1 alert insufficient security"},
      {80, "tlsv1 alert internal error"},     {112, "tlsv1 unrecognized name"},
  };
  for (const auto& [number, words] : alerts) {
    EXPECT_EQ(Refusal(Record(kAlert, {kFatal, number}), ErrorCode::kTlsFailed),
              "the server says: " + words);
  }
}

TEST_P(TlsAlerts, AFarewellInTheMiddleOfTheHandshakeIsAConnectionThatWasClosed) {
  constexpr char kAlert = 21, kWarning = 1, kCloseNotify = 0;
  EXPECT_EQ(Refusal(Record(kAlert, {kWarning, kCloseNotify}), ErrorCode::kConnectionClosed),
            "connection closed by the server");
}

TEST_P(TlsAlerts, WhatIsNoHandshakeIsATlsFailure) {
  constexpr char kHandshake = 22, kData = 23;
  for (const std::string& text : {
           Record(kHandshake, std::string(200, 'x')),       // no such message
           Record(kData, std::string(100, 'x')),            // before there are keys
           Record(99, "x"),                                 // no such type
           std::string("\x16\x03\x03\xff\xff") + "xxxxxx",  // longer than any record
           std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
       }) {
    EXPECT_NE(Refusal(text, ErrorCode::kTlsFailed), "") << text.substr(0, 8);
  }
}

// One engine, first with the bad server and then with a good one.
TEST_P(TlsAlerts, ARefusedServerCostsTheOthersNothing) {
  const SmallServer server;
  const std::uint16_t good = Reach(server.port());
  const TlsOptions refused[] = {{.certificate = CertificateKind::kSelfSigned},
                                {.certificate = CertificateKind::kExpired},
                                {.certificate = CertificateKind::kNotYetValid},
                                {.certificate = CertificateKind::kWrongHost},
                                {.certificate = CertificateKind::kUnknownAuthority},
                                {.only_tls_1_2 = true},
                                {.client_certificate = true}};
  std::vector<std::unique_ptr<Gate>> bad;
  for (const TlsOptions& options : refused) {
    bad.push_back(std::make_unique<Gate>(
        fixture::GateOptions{.upstream_port = server.port(), .tls = options}));
    trusted_ += bad.back()->AuthorityPem();
  }
  const auto engine = MakeEngine({.tls = {.min_version = TlsVersion::k1_3}});
  for (const auto& gate : bad) {
    Collector got, fine;
    engine->Run({{Get(gate->port(), "/bytes/3")}, 8, {}}, got);
    ExpectAllFail(got, ErrorCode::kTlsFailed);
    engine->Run({{Get(good, "/bytes/3"), Get(gate->port(), "/bytes/3")}, 16, {}}, fine);
    EXPECT_EQ(std::ranges::count_if(fine.results, &RequestResult::ok), 8);
  }
}

}  // namespace
}  // namespace assay
