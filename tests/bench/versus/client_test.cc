#include "bench/versus/client.h"

#include <gtest/gtest.h>

#include "assay/fixture/gate/gate.h"
#include "bench/harness/fixture.h"
#include "bench/harness/process.h"

namespace assay::bench {
namespace {

using Arguments = std::vector<std::string_view>;

std::string Refusal(const Arguments& arguments) {
  const auto parsed = ParseClientOptions(arguments);
  return parsed.ok() ? "accepted" : parsed.error().message;
}

TEST(ClientOptions, AreTaken) {
  const ClientOptions options =
      ParseClientOptions(Arguments{"--engine", "floor", "--url", "http://a/", "--connections",
                                   "1000", "--seconds", "60", "--authority", "pem"})
          .value();
  EXPECT_EQ(options.engine, "floor");
  EXPECT_EQ(options.url, "http://a/");
  EXPECT_EQ(options.connections, 1000);
  EXPECT_EQ(options.seconds, 60);
  EXPECT_FALSE(options.requests.has_value());
  EXPECT_EQ(options.authority, "pem");
  EXPECT_EQ(ParseClientOptions(
                Arguments{"--engine", "sync", "--url", "http://a/", "--requests", "1000000000"})
                .value()
                .requests,
            1'000'000'000u);
}

TEST(ClientOptions, AreRefusedByName) {
  EXPECT_EQ(Refusal({"--engine", "x"}), "--engine 'x' is none that can run here");
  EXPECT_EQ(Refusal({"--engine"}), "--engine needs a value");
  EXPECT_EQ(Refusal({"engine"}), "unknown option 'engine'; see --help");
  EXPECT_EQ(Refusal({"--seconds", "61"}), "--seconds '61' is not 1 to 60");
  EXPECT_EQ(Refusal({"--seconds", "0"}), "--seconds '0' is not 1 to 60");
  EXPECT_EQ(Refusal({"--connections", "10001"}), "--connections '10001' is not 1 to 10000");
  EXPECT_EQ(Refusal({"--requests", "1x"}), "--requests '1x' is not 1 to 1000000000");
  EXPECT_TRUE(Refusal({"--url", "x"}).starts_with("--url 'x': ")) << Refusal({"--url", "x"});
  EXPECT_EQ(Refusal({}), "--engine is missing");
  EXPECT_EQ(Refusal({"--engine", "sync"}), "--url is missing");
  const std::string one_of_two = "one of --seconds and --requests has to be given";
  EXPECT_EQ(Refusal({"--engine", "sync", "--url", "http://a/"}), one_of_two);
  EXPECT_EQ(
      Refusal({"--engine", "sync", "--url", "http://a/", "--seconds", "1", "--requests", "1"}),
      one_of_two);
  EXPECT_EQ(
      Refusal({"--engine", "sync", "--url", "http://a/", "--seconds", "1", "--connections", "2"}),
      "--connections 2: sync has at most 1");
}

TEST(ClientReport, ComesBack) {
  const ClientReport report =
      ParseClientReport(ToLine({.requests = 12, .warm_up_requests = 7, .seconds = 0.25})).value();
  EXPECT_EQ(report.requests, 12u);
  EXPECT_EQ(report.warm_up_requests, 7u);
  EXPECT_DOUBLE_EQ(report.seconds, 0.25);
  for (const char* line :
       {"", "12 requests in 1 s", "0 requests in 1 s after 1", "1 requests in 0 s after 1"}) {
    EXPECT_EQ(ParseClientReport(line).error().message,
              "versus_client: unexpected output: " + std::string(line));
  }
}

class RunningClient : public testing::Test {
 protected:
  fixture::MockServer server_{FixtureOptions(Duration::zero(), 4)};
  const std::string url_ = FixtureRequest(server_).url.ToString();
};

TEST_F(RunningClient, SendsWhatItSaysThatItHasSent) {
  const ClientReport report =
      RunClient({.engine = "async", .url = url_, .connections = 4, .requests = 30}).value();
  EXPECT_EQ(report.requests, 30u);
  EXPECT_EQ(report.warm_up_requests, 80u);
  EXPECT_GT(report.seconds, 0);
  EXPECT_EQ(server_.Stats().requests, 110u);
  EXPECT_EQ(server_.Stats().connections, 4u);
}

TEST_F(RunningClient, RefusesAWrongAnswer) {
  const auto wrong = RunClient({.engine = "sync", .url = server_.Url("/bytes/65"), .requests = 1});
  EXPECT_EQ(wrong.error().message,
            "20 wrong answers, the first: status 200 with a body of 65 bytes");
}

TEST_F(RunningClient, TrustsTheAuthorityThatItIsTold) {
  const fixture::Gate gate({.upstream_port = server_.port(), .tls = fixture::TlsOptions{}});
  ClientOptions options{.engine = "async", .url = gate.Url("/bytes/64"), .requests = 1};
  EXPECT_FALSE(RunClient(options).ok());
  options.authority = gate.AuthorityPem();
  EXPECT_TRUE(RunClient(options).ok());
}

TEST_F(RunningClient, IsAProgram) {
  const auto run = RunProcess({ASSAY_VERSUS_CLIENT, "--engine", "floor", "--url", url_,
                               "--connections", "2", "--requests", "50"},
                              "");
  ASSERT_TRUE(run.ok()) << run.error().message;
  EXPECT_EQ(ParseClientReport(run.value().output).value().requests, 50u);
  EXPECT_EQ(server_.Stats().requests, 90u);
  EXPECT_EQ(RunProcess({ASSAY_VERSUS_CLIENT, "--engine"}, "").error().message,
            "versus_client: exit status 2");
  EXPECT_EQ(
      RunProcess({ASSAY_VERSUS_CLIENT, "--engine", "sync", "--url", url_ + "0", "--requests", "1"},
                 "")
          .error()
          .message,
      "versus_client: exit status 3");
}

}  // namespace
}  // namespace assay::bench
