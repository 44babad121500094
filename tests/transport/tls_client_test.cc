// The blocking client over TLS; the engines' suite has the faults.
#include <gtest/gtest.h>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "assay/transport/client.h"

namespace assay {
namespace {

using fixture::Gate;
using fixture::MockServer;

Request Get(const std::string& url) { return {Method::kGet, Url::Parse(url).value(), {}, {}}; }

TEST(TlsClient, SpeaksTlsOnlyToHttpsUrls) {
  MockServer server;
  Gate gate({.upstream_port = server.port(), .tls = fixture::TlsOptions{}});
  Client client(Pooling::kPooled, {.tls = {.ca_pem = gate.AuthorityPem()}});
  EXPECT_EQ(client.Send(Get(gate.Url("/bytes/3")))->body, "abc");
  EXPECT_EQ(client.Send(Get(gate.Url("/bytes/2")))->body, "ab");
  EXPECT_EQ(gate.Stats().connections, 1u);
  EXPECT_EQ(client.Send(Get(server.Url("/bytes/1")))->body, "a");
  EXPECT_EQ(gate.Stats().connections, 1u);
}

TEST(TlsClient, TheSamePortWithAndWithoutTlsAreTwoPlaces) {
  MockServer server;
  Gate gate({.upstream_port = server.port(), .tls = fixture::TlsOptions{}});
  Client client(Pooling::kPooled, {.tls = {.ca_pem = gate.AuthorityPem()}});
  EXPECT_TRUE(client.Send(Get(gate.Url("/bytes/3"))).ok());
  Request plain = Get(gate.Url("/bytes/3"));
  plain.url.tls = false;
  EXPECT_FALSE(client.Send(plain).ok());
  EXPECT_TRUE(client.Send(Get(gate.Url("/bytes/3"))).ok());
}

TEST(TlsClient, TrustsNobodyItWasNotTold) {
  MockServer server;
  Gate gate({.upstream_port = server.port(), .tls = fixture::TlsOptions{}});
  const auto response = Client().Send(Get(gate.Url("/get")));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, ErrorCode::kTlsFailed);
  EXPECT_EQ(response.error().message,
            "tls handshake with 127.0.0.1:" + std::to_string(gate.port()) +
                ": unable to get local issuer certificate");
}

TEST(TlsClient, NamesTheFileThatItCannotRead) {
  EXPECT_THROW(Client(Pooling::kPooled, {.tls = {.ca_file = "/no/such.pem"}}),
               std::invalid_argument);
}

}  // namespace
}  // namespace assay
