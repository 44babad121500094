// Engines with several threads: nothing is lost, and a sink may do without a lock.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "assay/engines/engines.h"
#include "assay/fixture/server/mock_server.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

struct CountingSink : ResultSink {
  void Accept(const RequestResult& result, const Response&) noexcept override {
    EXPECT_FALSE(inside.exchange(true));  // never two at once
    ++accepted;
    right += result.ok();
    inside = false;
  }
  std::atomic<bool> inside{false};
  std::uint64_t accepted = 0;
  std::uint64_t right = 0;
};

// One for each thread; the threads themselves are remembered.
struct SplitSink : ResultSink {
  struct Part : ResultSink {
    void Accept(const RequestResult& result, const Response&) noexcept override {
      EXPECT_TRUE(thread == std::thread::id() || thread == std::this_thread::get_id());
      thread = std::this_thread::get_id();
      right += result.ok();
    }
    std::thread::id thread;
    std::uint64_t right = 0;
  };
  void Accept(const RequestResult&, const Response&) noexcept override { ADD_FAILURE(); }
  ResultSink* ForThread(std::size_t thread) override { return &parts.at(thread); }

  std::vector<Part> parts;
};

Workload Gets(const fixture::MockServer& server, std::uint64_t count) {
  return {.requests = {{.url = Url::Parse(server.Url("/bytes/64")).value()}}, .count = count};
}

TEST(AsyncThreads, ShareTheRequestsAndNoneIsLost) {
  SmallServer server;
  const auto engine = MakeAsyncEngine({.concurrency = 7, .threads = 3});
  CountingSink sink;
  const RunSummary summary = engine->Run(Gets(server, 1000), sink);
  EXPECT_EQ(summary.requests, 1000u);
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(sink.right, 1000u);
  EXPECT_GT(summary.cpu, Duration::zero());
  EXPECT_LE(summary.connections_opened, 7u);
  EXPECT_EQ(summary.connections_opened + summary.connections_reused, 1000u);
}

TEST(AsyncThreads, AreAsManyAsWasSaid) {
  SmallServer server({.plan = {.latency = std::chrono::milliseconds(2)}});
  const auto engine = MakeAsyncEngine({.concurrency = 6, .threads = 3});
  SplitSink sink;
  sink.parts.resize(3);
  engine->Run(Gets(server, 120), sink);
  std::uint64_t right = 0;
  std::set<std::thread::id> threads;
  for (const SplitSink::Part& part : sink.parts) {
    right += part.right;
    if (part.right > 0) threads.insert(part.thread);
  }
  EXPECT_EQ(right, 120u);
  EXPECT_EQ(threads.size(), 3u);
  EXPECT_EQ(sink.parts[0].thread, std::this_thread::get_id());
}

TEST(AsyncThreads, ThePoolIsSharedOut) {
  SmallServer server;
  const auto engine = MakeAsyncEngine(
      {.concurrency = 6, .threads = 2, .pool = PoolOptions{.max_connections = 3, .max_idle = 3}});
  const RunSummary summary = engine->Run(Gets(server, 300));
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_LE(server.Stats().connections, 3u);
  EXPECT_GT(summary.waited, 0u);
}

TEST(ThreadedEngine, GivesEachThreadItsSink) {
  SmallServer server({.plan = {.latency = std::chrono::milliseconds(2)}});
  const auto engine = MakeThreadedEngine({.concurrency = 4});
  SplitSink sink;
  sink.parts.resize(4);
  engine->Run(Gets(server, 80), sink);
  std::uint64_t right = 0;
  for (const SplitSink::Part& part : sink.parts) right += part.right;
  EXPECT_EQ(right, 80u);
}

std::string Refusal(const EngineKind& kind, const EngineOptions& options) {
  try {
    kind.make(options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Threads, AreForAsyncOnlyAndAtMostOneForEachConnection) {
  for (const EngineKind& kind : EngineKinds()) {
    const std::string name(kind.name);
    EXPECT_EQ(Refusal(kind, {.threads = 0}).find(name + " engine: threads 0 is not 1 to "), 0u);
    if (name == "async") {
      EXPECT_EQ(Refusal(kind, {.concurrency = 2, .threads = 3}),
                "async engine: threads 3 is not 1 to 2");
      EXPECT_EQ(Refusal(kind, {.concurrency = 100, .threads = 65}),
                "async engine: threads 65 is not 1 to 64");
      EXPECT_EQ(Refusal(kind, {.concurrency = 100, .threads = 64}), "accepted");
    } else {
      EXPECT_EQ(Refusal(kind, {.threads = 2}), name + " engine: threads 2 is not 1 to 1");
    }
  }
}

}  // namespace
}  // namespace assay
