#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>
#include <vector>

#include "assay/transport/tls/session_cache.h"

namespace assay::openssl {
namespace {

std::atomic<int> freed = 0;  // sessions, of those that CountFreed() was called for

void CountFreed(SSL_SESSION* session) {
  static const int index = SSL_SESSION_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* counted, CRYPTO_EX_DATA*, int, long, void*) { freed += counted != nullptr; });
  SSL_SESSION_set_ex_data(session, index, &freed);
}

// A connection that never speaks, but is offered sessions and brings some.
class Connection {
 public:
  Connection(SSL_CTX* context, SessionCache& cache, const std::string& server)
      : ssl_(SSL_new(context)), keep_(SSL_CTX_sess_get_new_cb(context)) {
    place_.server = server;
    cache.Attach(ssl_.get(), place_);
  }

  // Null if there was none.
  const SSL_SESSION* offered() const { return SSL_get_session(ssl_.get()); }

  SSL_SESSION* Bring(int version) {
    SSL_SESSION* const session = SSL_SESSION_new();
    SSL_SESSION_set_protocol_version(session, version);
    EXPECT_EQ(keep_(ssl_.get(), session), 1);
    return session;
  }

 private:
  Ssl ssl_;
  int (*keep_)(SSL*, SSL_SESSION*);
  SessionCache::Place place_;
};

class TlsSessionCache : public testing::Test {
 protected:
  TlsSessionCache() { SessionCache::Enable(context_.get()); }
  Connection Connect(const std::string& server = "a:1") {
    return Connection(context_.get(), cache_, server);
  }

  Context context_{SSL_CTX_new(TLS_client_method())};
  SessionCache cache_;
};

TEST_F(TlsSessionCache, KnowsNothingOfAServerThatOfferedNothing) {
  EXPECT_EQ(Connect().offered(), nullptr);
}

TEST_F(TlsSessionCache, OffersTheNewestFirstAndEachOnce) {
  Connection bringing = Connect();
  const SSL_SESSION* const older = bringing.Bring(TLS1_3_VERSION);
  const SSL_SESSION* const newer = bringing.Bring(TLS1_3_VERSION);
  EXPECT_EQ(Connect("a:2").offered(), nullptr) << "another server";
  const Connection first = Connect(), second = Connect();
  EXPECT_EQ(first.offered(), newer);
  EXPECT_EQ(second.offered(), older);
  EXPECT_EQ(Connect().offered(), nullptr);
}

TEST_F(TlsSessionCache, OffersASessionOfTls12AnyNumberOfTimes) {
  Connection bringing = Connect();
  bringing.Bring(TLS1_2_VERSION);
  const SSL_SESSION* const newest = bringing.Bring(TLS1_2_VERSION);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Connect().offered(), newest);
}

TEST_F(TlsSessionCache, KeepsNoneBesideASessionOfTls12) {
  Connection bringing = Connect();
  CountFreed(bringing.Bring(TLS1_3_VERSION));
  EXPECT_EQ(freed, 0);
  const SSL_SESSION* const old = bringing.Bring(TLS1_2_VERSION);
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(Connect().offered(), old);
  // A server that speaks TLS 1.3 again has the newest session.
  const SSL_SESSION* const once = bringing.Bring(TLS1_3_VERSION);
  EXPECT_EQ(Connect().offered(), once);
  EXPECT_EQ(Connect().offered(), old);
}

TEST_F(TlsSessionCache, DropsTheOldestWhenThereAreTooMany) {
  Connection bringing = Connect();
  bringing.Bring(TLS1_3_VERSION);
  const SSL_SESSION* const second = bringing.Bring(TLS1_3_VERSION);
  for (std::size_t i = 1; i < SessionCache::kMostPerServer; ++i) bringing.Bring(TLS1_3_VERSION);
  for (std::size_t i = 1; i < SessionCache::kMostPerServer; ++i) {
    ASSERT_NE(Connect().offered(), nullptr) << i;
  }
  EXPECT_EQ(Connect().offered(), second);
  EXPECT_EQ(Connect().offered(), nullptr);
}

TEST_F(TlsSessionCache, ForgetsAllOfOneServer) {
  Connection bringing = Connect();
  bringing.Bring(TLS1_3_VERSION);
  bringing.Bring(TLS1_3_VERSION);
  Connect("a:2").Bring(TLS1_3_VERSION);
  cache_.Forget("a:1");
  EXPECT_EQ(Connect().offered(), nullptr);
  EXPECT_NE(Connect("a:2").offered(), nullptr);
}

TEST_F(TlsSessionCache, ServesManyThreadsAtOnce) {
  std::deque<Connection> bringing;
  for (int i = 0; i < 4; ++i) bringing.emplace_back(context_.get(), cache_, "a:1");
  std::vector<std::jthread> threads;
  std::atomic<int> missing = 0;
  for (Connection& connection : bringing) {
    threads.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        connection.Bring(TLS1_3_VERSION);
        // Whoever brought one finds one, be it another's.
        missing += Connect().offered() == nullptr;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(missing, 0);
}

}  // namespace
}  // namespace assay::openssl
