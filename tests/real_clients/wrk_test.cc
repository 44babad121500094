// wrk against a MockServer, and through a Gate with TLS and without: no error.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "tests/fixtures/programs.h"

namespace assay::fixture {
namespace {

// Returns how many requests it has had answered.
std::uint64_t Wrk(const std::string& url) {
  const Outcome outcome = Shell("wrk -t1 -c16 -d1s " + url);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(outcome.output.find("Socket errors"), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("Non-2xx"), std::string::npos) << outcome.output;
  const std::size_t words = outcome.output.find(" requests in ");
  if (words == std::string::npos) return 0;
  const std::size_t number = outcome.output.rfind('\n', words) + 1;
  return std::strtoull(outcome.output.c_str() + number, nullptr, 10);
}

TEST(Wrk, SeesNoErrorOfTheServer) {
  ASSAY_NEEDS_PROGRAM("wrk");
  const MockServer server;
  const std::uint64_t answered = Wrk(server.Url("/bytes/100"));
  EXPECT_GT(answered, 0u);
  EXPECT_GE(server.Stats().requests, answered);
  EXPECT_EQ(server.Stats().connections, 16u + 1u);  // one to try the address
}

TEST(Wrk, SeesNoErrorThroughAGateWithTlsAndWithout) {
  ASSAY_NEEDS_PROGRAM("wrk");
  for (const bool tls : {false, true}) {
    const MockServer server;
    GateOptions options{.upstream_port = server.port()};
    if (tls) options.tls.emplace();
    const Gate gate(options);
    const std::uint64_t answered = Wrk(gate.Url("/chunked/5000"));
    EXPECT_GT(answered, 0u);
    EXPECT_GE(server.Stats().requests, answered);
  }
}

TEST(Wrk, SeesTheErrorsThatItIsGiven) {
  ASSAY_NEEDS_PROGRAM("wrk");
  const MockServer server;
  const Outcome outcome = Shell("wrk -t1 -c4 -d1s " + server.Url("/status/503"));
  EXPECT_NE(outcome.output.find("Non-2xx"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace assay::fixture
