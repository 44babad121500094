#include "bench/versus/contest.h"

#include <gtest/gtest.h>

#include "assay/fixture/gate/gate.h"
#include "bench/harness/fixture.h"
#include "bench/harness/hey.h"
#include "bench/harness/wrk.h"
#include "bench/versus/options.h"

namespace assay::bench {
namespace {

TEST(Match, SaysWhyThereIsNone) {
  EXPECT_EQ(WhyNot({.client = "async", .url = "https://a/", .concurrency = 1000}), "");
  EXPECT_EQ(WhyNot({.client = "floor", .url = "http://a/"}), "");
  EXPECT_EQ(WhyNot({.client = "floor", .url = "https://a/"}), "it speaks no TLS");
  EXPECT_EQ(WhyNot({.client = "sync", .url = "http://a/", .concurrency = 2}), "it has at most 1");
  EXPECT_EQ(WhyNot({.client = "hey", .url = "https://a/", .concurrency = 2}), "");
}

// wrk takes a second, so one round has to do for all that is to be seen.
TEST(Contest, ARoundIsOneOfEachOverTls) {
  fixture::MockServer server(FixtureOptions(Duration::zero(), 4));
  const fixture::Gate gate({.upstream_port = server.port(), .tls = fixture::TlsOptions{}});
  if (const auto wrk = RunWrk(server.Url("/bytes/64"), 1, 1); !wrk) {
    GTEST_SKIP() << wrk.error().message;
  }
  std::vector<std::string> clients = {"async"};
  if (WhyNoHey().empty()) clients.emplace_back("hey");
  for (const std::string& client : clients) {
    Contest contest({.client = client,
                     .server = "gate",
                     .url = gate.Url("/bytes/64"),
                     .authority = gate.AuthorityPem(),
                     .concurrency = 4},
                    ASSAY_VERSUS_CLIENT);
    const auto done = contest.Round(false);
    ASSERT_TRUE(done.ok()) << done.error().message;
    ASSERT_EQ(contest.pairs().size(), 1u);
    for (const ClientRun& run : {contest.pairs()[0].engine, contest.pairs()[0].wrk}) {
      EXPECT_GT(run.rps, 10);
      EXPECT_GT(run.cpu_us_per_req, 1);
    }
  }
}

TEST(Contest, AClientThatFailsEndsTheRound) {
  Contest contest({.client = "async", .url = "http://127.0.0.1:1/"}, ASSAY_VERSUS_CLIENT);
  EXPECT_EQ(contest.Round(false).error().message, "versus_client: exit status 3");
  EXPECT_TRUE(contest.pairs().empty());
  Contest without({.client = "async", .url = "http://127.0.0.1:1/"}, "/no/versus_client");
  EXPECT_EQ(without.Round(false).error().message,
            "versus_client: not there (it is built with versus_wrk)");
}

}  // namespace
}  // namespace assay::bench
