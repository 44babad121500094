// `assay serve` behind TLS: certificates, right and wrong ones, and the files that clients need.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "tests/fixtures/gate_tls_client.h"
#include "tests/fixtures/raw_client.h"
#include "tests/serve/serve_scene.h"

namespace assay::serve {
namespace {

using fixture::RawClient;
using fixture::TlsClient;

TEST(ServeCommand, SpeaksTlsToWhoTrustsItsAuthority) {
  const TemporaryFile authority;
  ServeChild child({"--tls", "--authority-pem", authority.path()});
  const std::uint16_t port = child.Port("https");
  TlsClient client(port, {.authority = authority.Text(), .address = "127.0.0.1"});
  ASSERT_EQ(client.Handshake(), "");
  client.Write(RawClient::Text("GET", "/health"));
  EXPECT_TRUE(client.Read(15).bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  TlsClient stranger(port, {.address = "127.0.0.1"});
  EXPECT_NE(stranger.Handshake(), "");
  EXPECT_EQ(Stop(child).status, 0);
}

TEST(ServeCommand, ItsCertificateMayBeWrong) {
  const TemporaryFile authority;
  const TemporaryFile file(R"({"gate": {"tls": {"certificate": "wrong_host"}}})");
  const std::pair<Words, const char*> cases[] = {
      {{"--tls", "expired"}, "certificate has expired"},
      {{"--config", file.path()}, "IP address mismatch"},
      {{"--config", file.path(), "--tls", "not_yet_valid"}, "certificate is not yet valid"},
      {{"--config", file.path(), "--tls"}, ""}};
  for (auto [arguments, verdict] : cases) {
    arguments.insert(arguments.end(), {"--authority-pem", authority.path()});
    ServeChild child(arguments);
    const std::uint16_t port = child.Port("https");  // after which the file is there
    TlsClient client(port, {.authority = authority.Text(), .address = "127.0.0.1"});
    EXPECT_EQ(client.Handshake(), verdict);
    EXPECT_EQ(Stop(child).status, 0);
  }
}

TEST(ServeCommand, ClientsMayNeedACertificate) {
  const TemporaryFile authority;
  const TemporaryFile identity;
  ServeChild child({"--tls", "--authority-pem", authority.path(), "--client-pem", identity.path()});
  const std::uint16_t port = child.Port("https");
  // Both are in one file, as curl's --cert takes them.
  const fixture::Identity both{.certificate = identity.Text(), .key = identity.Text()};
  TlsClient client(port, {.authority = authority.Text(), .identity = both});
  ASSERT_EQ(client.Handshake(), "");
  client.Write(RawClient::Text("GET", "/health"));
  EXPECT_TRUE(client.Read(15).bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  TlsClient nobody(port, {.authority = authority.Text()});
  nobody.Handshake();  // TLS 1.3 says it afterwards
  EXPECT_EQ(nobody.Read().end, "tlsv13 alert certificate required");
  EXPECT_EQ(Stop(child).status, 0);
}

TEST(ServeCommand, ThePortIsTheOneThatClientsSeeWithAGateToo) {
  ServeChild first({});
  const std::uint16_t port = first.Port();
  EXPECT_EQ(Stop(first).status, 0);
  ServeChild child({"--port", std::to_string(port), "--tls"});
  EXPECT_EQ(child.Port("https"), port);
}

TEST(ServeCommand, TlsIsAddedToWhatTheFileSays) {
  const TemporaryFile fault(R"({"gate": {"connection_faults": [{"name": "h",
      "when": {"every": 1}, "action": {"at": "handshake", "effect": "reset"}}]}})");
  ServeChild reset({"--config", fault.path(), "--tls"});
  EXPECT_EQ(TlsClient(reset.Port("https"), {}).Handshake(), "RST");

  const TemporaryFile authority;
  const TemporaryFile old(R"({"gate": {"tls": {"only_tls_1_2": true}}})");
  ServeChild child({"--config", old.path(), "--tls", "good", "--authority-pem", authority.path()});
  const std::uint16_t port = child.Port("https");
  TlsClient client(port, {.authority = authority.Text()});
  EXPECT_EQ(client.Handshake(), "");
  EXPECT_EQ(client.version(), "TLSv1.2");
}

}  // namespace
}  // namespace assay::serve
