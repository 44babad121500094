// A warm exchange costs no allocation, with TLS or without, but for those that
// OpenSSL makes; and what a pooled connection keeps while it is idle is bounded. A
// program of its own, because counting replaces operator new and OpenSSL's malloc().
#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <set>
#include <thread>

#include "assay/engines/engines.h"
#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "bench/harness/child_server.h"

namespace assay {
namespace {

using bench::ChildServer;
using fixture::Gate;
using fixture::MockServer;

// Of the calling thread, which is the client's alone: the servers have their own.
struct Counts {
  std::uint64_t ours = 0;
  std::uint64_t openssl = 0;
  std::size_t openssl_bytes = 0;
  std::int64_t live_bytes = 0;  // of both
};
thread_local Counts counts;
std::atomic<std::int64_t> live_bytes_of_all_threads = 0;

void Live(void* memory, std::int64_t sign) {
  const std::int64_t bytes = sign * static_cast<std::int64_t>(malloc_usable_size(memory));
  counts.live_bytes += bytes;
  live_bytes_of_all_threads.fetch_add(bytes, std::memory_order_relaxed);
}
void* Track(void* memory) {
  Live(memory, 1);
  return memory;
}
void Release(void* memory) {
  Live(memory, -1);
  std::free(memory);
}

void* OpenSslAllocate(std::size_t bytes, const char*, int) {
  ++counts.openssl;
  counts.openssl_bytes += bytes;
  return Track(std::malloc(bytes));
}
void* OpenSslReallocate(void* memory, std::size_t bytes, const char*, int) {
  ++counts.openssl;
  counts.openssl_bytes += bytes;
  Live(memory, -1);
  return Track(std::realloc(memory, bytes));
}
void OpenSslFree(void* memory, const char*, int) { Release(memory); }

// Before OpenSSL has allocated anything.
const bool counting =
    CRYPTO_set_mem_functions(OpenSslAllocate, OpenSslReallocate, OpenSslFree) == 1;

// Looks at the counters between two requests.
struct CountingSink : ResultSink {
  static constexpr std::uint64_t kCold = 200;
  void Accept(const RequestResult& result, const Response&) noexcept override {
    failed += !result.ok();
    if (++results == kCold) at_start = counts;
    at_end = counts;
  }
  std::uint64_t warm() const { return results - kCold; }

  std::uint64_t results = 0;
  int failed = 0;
  Counts at_start, at_end;
};

struct World {
  MockServer server;
  Gate gate{{.upstream_port = server.port(), .tls = fixture::TlsOptions{}}};

  std::unique_ptr<Engine> MakeEngine(std::string_view name, int concurrency) const {
    return FindEngine(name)->make(
        {.concurrency = concurrency, .connection = {.tls = {.ca_pem = gate.AuthorityPem()}}});
  }
  Request Get(bool tls) const {
    const std::string path = "/bytes/1000";
    return {.url = Url::Parse(tls ? gate.Url(path) : server.Url(path)).value()};
  }
};

class WarmRequests : public testing::TestWithParam<std::tuple<const char*, bool>> {};
INSTANTIATE_TEST_SUITE_P(Of, WarmRequests,
                         testing::Combine(testing::Values("sync", "async"), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) +
                                  (std::get<1>(test.param) ? "_tls" : "_plain");
                         });

TEST_P(WarmRequests, AllocateNothing) {
  ASSERT_TRUE(counting);
  const auto& [name, tls] = GetParam();
  const World world;
  CountingSink sink;
  world.MakeEngine(name, 1)->Run({.requests = {world.Get(tls)}, .count = 1000}, sink);
  EXPECT_EQ(sink.results, 1000u);
  EXPECT_EQ(sink.failed, 0);
  EXPECT_EQ(sink.at_end.ours - sink.at_start.ours, 0u);
  // OpenSSL 3.0 makes four of 40 bytes each for the lengths in a record (WPACKET).
  const std::uint64_t allowed = tls ? 4 * sink.warm() : 0;
  EXPECT_LE(sink.at_end.openssl - sink.at_start.openssl, allowed);
  EXPECT_LE(sink.at_end.openssl_bytes - sink.at_start.openssl_bytes, 40 * allowed);
  EXPECT_EQ(sink.at_end.live_bytes, sink.at_start.live_bytes);
}

TEST(Counting, SeesBoth) {
  const Counts before = counts;
  OPENSSL_free(OPENSSL_malloc(10));
  EXPECT_EQ(counts.openssl, before.openssl + 1);
  const std::string text(1000, 'x');
  EXPECT_EQ(counts.ours, before.ours + 1);
  EXPECT_GE(counts.live_bytes, before.live_bytes + 1000);
}

// Who delivered a result; the sink is called by one thread at a time.
struct ThreadSink : ResultSink {
  void Accept(const RequestResult& result, const Response&) noexcept override {
    failed += !result.ok();
    threads.insert(std::this_thread::get_id());
  }
  int failed = 0;
  std::set<std::thread::id> threads;
};

// What an engine holds when each of its slots has served and all of its connections are
// idle, without what the kernel holds. The server is another process.
std::int64_t BytesOf(const EngineKind& kind, const ChildServer& server, int slots,
                     int connections) {
  const std::int64_t before = live_bytes_of_all_threads;
  const auto engine =
      kind.make({.concurrency = slots,
                 .connection = {.tls = {.ca_pem = server.authority()}},
                 .pool = PoolOptions{.max_connections = connections, .max_idle = connections}});
  const auto threads = static_cast<std::size_t>(kind.name == "threaded" ? slots : 1);
  std::uint64_t opened = 0;
  for (bool served = false; !served || opened < static_cast<std::uint64_t>(connections);) {
    ThreadSink sink;
    const RunSummary run = engine->Run(
        {.requests = {server.request()}, .count = static_cast<std::uint64_t>(20 * slots)}, sink);
    EXPECT_EQ(sink.failed, 0);
    if (sink.failed > 0) break;
    served = served || sink.threads.size() == threads;
    opened += run.connections_opened;
  }
  EXPECT_EQ(opened, static_cast<std::uint64_t>(connections));
  return live_bytes_of_all_threads - before;
}

class IdleConnections : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, IdleConnections, testing::Values("threaded", "async", "uring"),
                         [](const auto& test) { return std::string(test.param); });

// More connections for as many slots, then more slots for as many connections.
TEST_P(IdleConnections, KeepLittle) {
  const EngineKind* const kind = FindEngine(GetParam());
  if (kind == nullptr) GTEST_SKIP() << GetParam() << " cannot run here";
  for (const bool tls : {false, true}) {
    const ChildServer server(tls ? ChildServer::Wire::kTls : ChildServer::Wire::kPlain);
    BytesOf(*kind, server, 1, 1);  // what is made once for all
    const std::int64_t few = BytesOf(*kind, server, 60, 20);
    const std::int64_t connection = (BytesOf(*kind, server, 60, 60) - few) / 40;
    const std::int64_t slot = (few - BytesOf(*kind, server, 20, 20)) / 40;
    RecordProperty(tls ? "tls_bytes" : "plain_bytes", static_cast<int>(connection));
    std::printf("%s %s: %lld bytes for an idle connection, %lld for a slot\n", GetParam(),
                tls ? "tls" : "plain", static_cast<long long>(connection),
                static_cast<long long>(slot));
    EXPECT_GT(connection, 0);
    EXPECT_LE(connection, (tls ? 60 : 4) * 1024);
    EXPECT_GT(slot, 0);
  }
}

}  // namespace

// For the operators below.
void* AllocateCounted(std::size_t bytes, std::size_t alignment) {
  ++counts.ours;
  void* const memory =
      alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
          ? std::malloc(bytes == 0 ? 1 : bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return Track(memory);
}
void FreeCounted(void* memory) noexcept { Release(memory); }

}  // namespace assay

// The array and nothrow forms call these.
void* operator new(std::size_t bytes) {
  return assay::AllocateCounted(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return assay::AllocateCounted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { assay::FreeCounted(memory); }
void operator delete(void* memory, std::size_t) noexcept { assay::FreeCounted(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { assay::FreeCounted(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  assay::FreeCounted(memory);
}
