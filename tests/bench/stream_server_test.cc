#include "bench/harness/stream_server.h"

#include <gtest/gtest.h>

#include "assay/transport/client.h"

namespace assay::bench {
namespace {

constexpr std::uint64_t kBytes = (5 << 20) / 2;  // two and a half blocks

std::string Text() {
  return StreamBlock() + StreamBlock() + std::string(StreamPiece(2 << 20, 1 << 19));
}

Request Post(const StreamServer& server, std::string body) {
  return {.method = Method::kPost, .url = server.url(), .headers = {}, .body = std::move(body)};
}

TEST(StreamServer, SendsSoMuchOfTheText) {
  const StreamServer server(kBytes);
  Client client;
  for (int i = 0; i < 2; ++i) {
    const auto response = client.Send({.url = server.url()});
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_TRUE(response->body == Text());
  }
  EXPECT_EQ(client.stats().opened, 1u);
}

TEST(StreamServer, SendsItCodedToAboutHalf) {
  const StreamServer server(kBytes, StreamServer::Coding::kGzip);
  const auto coded = Client().Send({.url = server.url()});
  ASSERT_TRUE(coded.ok()) << coded.error().message;
  EXPECT_LT(coded->body.size(), kBytes * 7 / 10);
  EXPECT_GT(coded->body.size(), kBytes * 4 / 10);
  const auto response = Client(Pooling::kPooled, {.decode = true}).Send({.url = server.url()});
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_TRUE(response->body == Text());
}

TEST(StreamServer, TakesTheTextAndNoOther) {
  const StreamServer server(1);
  Client client;
  EXPECT_EQ(client.Send(Post(server, Text()))->status, 200);
  for (const std::size_t at : {std::size_t{0}, std::size_t{1} << 20, Text().size() - 1}) {
    std::string body = Text();
    body[at] = 'x';
    EXPECT_EQ(client.Send(Post(server, body))->status, 400) << at;
  }
  EXPECT_EQ(client.Send(Post(server, "x"))->status, 400);
  EXPECT_EQ(client.Send(Post(server, std::string(StreamPiece(0, 10))))->status, 200);
  EXPECT_EQ(client.stats().opened, 1u);
}

TEST(StreamServer, RepeatsItsBlock) {
  EXPECT_EQ(StreamBlock().size(), 1u << 20);
  EXPECT_EQ(StreamPiece((3 << 20) + 5, 7), StreamBlock().substr(5, 7));
  EXPECT_EQ(StreamPiece((1 << 20) - 2, 7), StreamBlock().substr((1 << 20) - 2));
}

}  // namespace
}  // namespace assay::bench
