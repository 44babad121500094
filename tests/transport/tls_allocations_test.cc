// A warm exchange costs no allocation, with TLS or without, OpenSSL's included; and
// what a connection keeps while it is idle is bounded. A program of its own, because
// counting replaces operator new and OpenSSL's malloc().
#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>

#include "assay/engines/engines.h"
#include "assay/fixture/gate/gate.h"
#include "assay/fixture/server/mock_server.h"
#include "bench/harness/allocations.h"

namespace assay {
namespace {

using bench::TakeAllocations;
using fixture::Gate;
using fixture::MockServer;

// Of the calling thread.
thread_local std::uint64_t openssl_allocations = 0;

void* Allocate(std::size_t bytes, const char*, int) {
  ++openssl_allocations;
  return std::malloc(bytes);
}
void* Reallocate(void* memory, std::size_t bytes, const char*, int) {
  ++openssl_allocations;
  return std::realloc(memory, bytes);
}
void Free(void* memory, const char*, int) { std::free(memory); }

// Before OpenSSL has allocated anything.
const bool counting = CRYPTO_set_mem_functions(Allocate, Reallocate, Free) == 1;

// Looks at the counters between two requests.
struct CountingSink : ResultSink {
  void Accept(const RequestResult& result, const Response&) noexcept override {
    failed += !result.ok();
    const std::uint64_t since = TakeAllocations() + openssl_allocations;
    openssl_allocations = 0;
    if (++results > 200) warm += since;
  }
  std::uint64_t results = 0, warm = 0;
  int failed = 0;
};

class WarmRequests : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  MockServer server_;
  Gate gate_{{.upstream_port = server_.port(), .tls = fixture::TlsOptions{}}};
};
INSTANTIATE_TEST_SUITE_P(Of, WarmRequests,
                         testing::Combine(testing::Values("sync", "async"), testing::Bool()),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) +
                                  (std::get<1>(test.param) ? "_tls" : "_plain");
                         });

TEST_P(WarmRequests, AllocateNothing) {
  ASSERT_TRUE(counting);
  const auto& [name, tls] = GetParam();
  const auto engine = FindEngine(name)->make(
      {.concurrency = 1, .connection = {.tls = {.ca_pem = gate_.AuthorityPem()}}});
  const std::string path = "/bytes/1000";
  const Request get{.url = Url::Parse(tls ? gate_.Url(path) : server_.Url(path)).value()};
  CountingSink sink;
  engine->Run({.requests = {get}, .count = 1000}, sink);
  EXPECT_EQ(sink.results, 1000u);
  EXPECT_EQ(sink.failed, 0);
  EXPECT_EQ(sink.warm, 0u);
}

TEST(Counting, SeesOpenSsl) {
  openssl_allocations = 0;
  OPENSSL_free(OPENSSL_malloc(10));
  EXPECT_EQ(openssl_allocations, 1u);
}

}  // namespace
}  // namespace assay
