// curl as a client of a MockServer.
#include <gtest/gtest.h>

#include <string>

#include "assay/fixture/server/mock_server.h"
#include "tests/fixtures/programs.h"

namespace assay::fixture {
namespace {

Outcome Curl(const std::string& arguments) {
  return Shell("curl -q -sS --noproxy '*' -m 20 " + arguments);
}

bool Has(const Outcome& outcome, const std::string& words) {
  return outcome.status == 0 && outcome.output.find(words) != std::string::npos;
}

TEST(Curl, KeepsItsConnection) {
  ASSAY_NEEDS_PROGRAM("curl");
  const MockServer server;
  const std::string url = server.Url("/bytes/3") + " ";
  EXPECT_EQ(Curl("-w '%{num_connects} ' " + url + url + url).output, "abc1 abc0 abc0 ");
  EXPECT_EQ(server.Stats().requests, 3u);
}

TEST(Curl, FollowsRedirectsAndKeepsCookies) {
  ASSAY_NEEDS_PROGRAM("curl");
  const MockServer server;
  EXPECT_EQ(Curl("-L -o /dev/null -w '%{http_code} %{num_redirects}' " + server.Url("/redirect/5"))
                .output,
            "200 5");
  EXPECT_TRUE(Has(Curl("-L -b '' '" + server.Url("/cookies/set?taste=sweet") + "'"), "sweet"));
}

TEST(Curl, UndoesEveryCodingAndChunking) {
  ASSAY_NEEDS_PROGRAM("curl");
  const MockServer server;
  EXPECT_TRUE(Has(Curl("--compressed " + server.Url("/gzip")), "\"GET\""));
  EXPECT_TRUE(Has(Curl("--compressed " + server.Url("/deflate")), "\"GET\""));
  EXPECT_EQ(Curl(server.Url("/chunked/1000?chunk=7")).output.size(), 1000u);
}

TEST(Curl, UploadsWithALengthAndInChunks) {
  ASSAY_NEEDS_PROGRAM("curl");
  const MockServer server;
  EXPECT_TRUE(Has(Curl("-d hello " + server.Url("/post")), "\"hello\""));
  EXPECT_TRUE(
      Has(Shell("printf hello | curl -q -sS --noproxy '*' -m 20 -T - " + server.Url("/put")),
          "\"hello\""));
  // Above 1 MiB curl waits for "100 Continue".
  const File large("large", std::string(2'000'000, 'x'));
  EXPECT_EQ(
      Curl("-T '" + large.path() + "' -o /dev/null -w '%{http_code}' " + server.Url("/put")).output,
      "200");
}

TEST(Curl, TellsStatusesApart) {
  ASSAY_NEEDS_PROGRAM("curl");
  const MockServer server;
  constexpr int kHttpError = 22;
  EXPECT_EQ(Curl("-f " + server.Url("/status/503")).status, kHttpError);
  EXPECT_EQ(Curl("-f " + server.Url("/basic-auth/user/secret")).status, kHttpError);
  EXPECT_EQ(Curl("-f -u user:secret " + server.Url("/basic-auth/user/secret")).status, 0);
  EXPECT_EQ(
      Curl("-I -o /dev/null -w '%{http_code} %{size_download}' " + server.Url("/bytes/9")).output,
      "200 0");
}

}  // namespace
}  // namespace assay::fixture
