#include "bench/harness/child_server.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "assay/engines/engines.h"
#include "assay/transport/client.h"
#include "bench/harness/checking_sink.h"
#include "bench/harness/descriptors.h"
#include "bench/harness/memory.h"
#include "tests/engines/collector.h"

namespace assay::bench {
namespace {

class ServerInAChild : public testing::TestWithParam<ChildServer::Wire> {};
INSTANTIATE_TEST_SUITE_P(Wires, ServerInAChild,
                         testing::Values(ChildServer::Wire::kPlain, ChildServer::Wire::kTls));

TEST_P(ServerInAChild, AnswersOverManyConnectionsUntilItIsGone) {
  const std::size_t descriptors = OpenDescriptors();
  Request request;
  {
    const ChildServer server(GetParam());
    // Whatever it has open is not ours.
    EXPECT_EQ(OpenDescriptors(), descriptors);
    request = server.request();
    EXPECT_EQ(server.authority().empty(), GetParam() == ChildServer::Wire::kPlain);
    CheckingSink sink(CheckingSink::Depth::kBody);
    const auto engine =
        MakeAsyncEngine({.concurrency = 50, .connection = {.tls = {.ca_pem = server.authority()}}});
    const RunSummary run = engine->Run({{request}, 500, {}}, sink);
    EXPECT_EQ(sink.first_wrong(), "");
    EXPECT_EQ(sink.seen(), 500u);
    EXPECT_GT(run.connections_opened, 1u);
    EXPECT_LE(run.connections_opened, 50u);
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
  EXPECT_FALSE(Client().Send(request).ok());
}

TEST(ChildServer, AnswersNoSoonerThanItIsTold) {
  constexpr Duration kDelay = std::chrono::milliseconds(10);
  const ChildServer server(ChildServer::Wire::kPlain, kDelay);
  Collector got;
  MakeAsyncEngine({.concurrency = 7})->Run({{server.request()}, 42, {}}, got);
  ASSERT_EQ(got.results.size(), 42u);
  Duration sum{};
  for (const RequestResult& result : got.results) {
    EXPECT_TRUE(result.ok());
    EXPECT_GE(result.latency, kDelay);
    sum += result.latency;
  }
  EXPECT_GE(sum / 42, ChildServer::MeanDelay(kDelay));
}

TEST(Memory, KnowsItsPeakSinceItWasMarked) {
  constexpr double kBytes = 40e6;
  { const std::string large(static_cast<std::size_t>(kBytes), 'x'); }
  EXPECT_GT(PeakResidentBytes(), kBytes);
  MarkPeak();
  const double marked = PeakResidentBytes();
  { const std::string large(static_cast<std::size_t>(kBytes), 'x'); }
  EXPECT_GT(PeakResidentBytes() - marked, 0.5 * kBytes);
}

TEST(Memory, IsWhatThisProcessHas) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers have an allocator of their own";
#endif
  constexpr double kBytes = 20e6;
  const Memory before = MemoryNow();
  std::string large(static_cast<std::size_t>(kBytes), 'x');  // is mapped
  std::vector<std::unique_ptr<std::string>> small;           // is not
  for (int i = 0; i < 20'000; ++i) small.push_back(std::make_unique<std::string>(1000, 'x'));
  const Memory with = MemoryNow();
  EXPECT_GT(with.heap_bytes - before.heap_bytes, 2 * kBytes);
  EXPECT_LT(with.heap_bytes - before.heap_bytes, 2.4 * kBytes);
  EXPECT_GT(with.resident_bytes - before.resident_bytes, 2 * kBytes);
  small.clear();
  std::string().swap(large);
  const Memory after = MemoryNow();
  EXPECT_LT(after.heap_bytes - before.heap_bytes, 0.1 * kBytes);
  EXPECT_LT(after.resident_bytes - before.resident_bytes, kBytes);
}

}  // namespace
}  // namespace assay::bench
