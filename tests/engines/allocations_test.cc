// A request over a warm connection costs no allocation. A program of its own, because
// counting them replaces operator new.
#include "bench/harness/allocations.h"

#include <gtest/gtest.h>

#include "assay/engines/engines.h"
#include "assay/fixture/server/mock_server.h"

namespace assay {
namespace {

using bench::TakeAllocations;

// Counts between one result and the next, so that what a run costs once stays out.
struct CountingSink : ResultSink {
  void Accept(const RequestResult& result, const Response& response) noexcept override {
    const std::uint64_t taken = TakeAllocations();
    if (results++ > 0) allocations += taken;
    right += result.ok() && response.body.size() == 64;
  }

  std::uint64_t results = 0;
  std::uint64_t right = 0;
  std::uint64_t allocations = 0;
};

class EngineAllocations : public testing::TestWithParam<EngineKind> {};
INSTANTIATE_TEST_SUITE_P(AllEngines, EngineAllocations,
                         testing::ValuesIn(EngineKinds().begin(), EngineKinds().end()),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST_P(EngineAllocations, AreNoneForARequestOverAWarmConnection) {
  fixture::MockServer server;
  // On one thread where the engine has a choice: the count is of the thread that delivers.
  const auto engine = GetParam().make({.concurrency = 1});
  const Request request{Method::kGet, Url::Parse(server.Url("/bytes/64")).value(), {}, {}};
  engine->Run({{request}, 10, {}});
  CountingSink sink;
  engine->Run({{request}, 1000, {}}, sink);
  EXPECT_EQ(sink.right, 1000u);
  EXPECT_EQ(sink.allocations, 0u);
}

TEST_P(EngineAllocations, AreNoneWithManyInFlight) {
  if (GetParam().max_concurrency == 1 || GetParam().name == "threaded") {
    GTEST_SKIP() << "one request at a time on each thread";
  }
  fixture::MockServer server;
  const auto engine = GetParam().make({.concurrency = 8});
  const Request request{Method::kGet, Url::Parse(server.Url("/bytes/64")).value(), {}, {}};
  // Each of eight connections has had its first answers; none is left out by chance.
  for (std::uint64_t opened = 0; opened < 8;) {
    opened += engine->Run({{request}, 80, {}}).connections_opened;
  }
  engine->Run({{request}, 800, {}});
  CountingSink sink;
  engine->Run({{request}, 2000, {}}, sink);
  EXPECT_EQ(sink.right, 2000u);
  EXPECT_EQ(sink.allocations, 0u);
}

}  // namespace
}  // namespace assay
