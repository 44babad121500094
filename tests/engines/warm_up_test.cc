// Connections that are there before the first request.
#include <unistd.h>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

class WarmUp : public EngineConformance {
 protected:
  std::unique_ptr<Engine> Make(bool warm_up, std::optional<PoolOptions> pool = {}) {
    return kind().make({.concurrency = concurrency(),
                        .pooling = pooling(),
                        .connection = {.tls = {.ca_pem = trusted_}},
                        .pool = pool,
                        .warm_up = warm_up});
  }

  SmallServer server_;
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(WarmUp);

TEST_P(WarmUp, LeavesTheRunNothingToOpen) {
  const std::uint16_t port = Reach(server_.port());
  const auto engine = Make(true);
  const auto count = static_cast<std::uint64_t>(10 * concurrency());
  const RunSummary summary = engine->Run({.requests = {Get(port, "/bytes/1")}, .count = count});
  EXPECT_EQ(summary.requests, count);
  EXPECT_EQ(summary.failed, 0u);
  const bool naive = pooling() == Pooling::kNaive;
  EXPECT_EQ(summary.connections_opened, naive ? count : 0u);
  EXPECT_EQ(server_.Stats().requests, count);
  // Once warm, it stays so.
  EXPECT_EQ(engine->Run({.requests = {Get(port, "/bytes/1")}, .count = 4}).failed, 0u);
}

TEST_P(WarmUp, IsNotDoneUnasked) {
  const std::uint16_t port = Reach(server_.port());
  const RunSummary summary = Make(false)->Run({.requests = {Get(port, "/bytes/1")}, .count = 20});
  EXPECT_GT(summary.connections_opened, 0u);
}

TEST_P(WarmUp, KeepsToTheLimitsOfThePool) {
  if (pooling() == Pooling::kNaive) GTEST_SKIP() << "there is no warm-up";
  const std::uint16_t port = Reach(server_.port());
  const auto engine =
      Make(true, PoolOptions{.max_connections = 8, .max_per_origin = 2, .max_idle = 8});
  const RunSummary summary = engine->Run({.requests = {Get(port, "/bytes/1")}, .count = 50});
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.connections_opened, 0u);
  if (!tls()) {
    EXPECT_EQ(server_.Stats().connections, static_cast<std::uint64_t>(std::min(2, concurrency())));
  }
}

TEST_P(WarmUp, LeavesItsFailuresToTheRequests) {
  const int listener = RawServer::Listen(8);
  const std::uint16_t port = RawServer::PortOf(listener);
  ::close(listener);
  const auto engine = Make(true);
  const RunSummary summary = engine->Run({.requests = {Get(port)}, .count = 5});
  EXPECT_EQ(summary.requests, 5u);
  EXPECT_EQ(summary.failed, 5u);
}

}  // namespace
}  // namespace assay
