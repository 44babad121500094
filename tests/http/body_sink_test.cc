#include "assay/http/body_sink.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(DiscardBody, WantsNoBody) {
  const Response head{.status = 200, .headers = {}, .body = {}};
  EXPECT_EQ(DiscardBody()->Open(head).value(), nullptr);
}

TEST(Response, ClearForgetsEverything) {
  Response response{.status = 200, .headers = {{"A", "1"}}, .body = "x", .body_bytes = 1};
  response.Clear();
  EXPECT_EQ(response.status, 0);
  EXPECT_TRUE(response.headers.empty());
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.body_bytes, 0u);
}

TEST(IsRedirect, KnowsTheStatusesThatSendElsewhere) {
  for (int status = 0; status < 1000; ++status) {
    const bool expected =
        status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    EXPECT_EQ(IsRedirect(status), expected) << status;
  }
}

}  // namespace
}  // namespace assay
