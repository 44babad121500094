#include "assay/transport/client.h"

#include <gtest/gtest.h>

#include "assay/fixture/server/mock_server.h"
#include "assay/patterns/circuit_breaker/call.h"
#include "assay/patterns/semaphore/call.h"

namespace assay {
namespace {

using fixture::MockServer;

Request Get(const std::string& url) { return {Method::kGet, Url::Parse(url).value(), {}, {}}; }

TEST(Client, PooledKeepsItsConnectionAndNaiveDoesNot) {
  for (const Pooling pooling : {Pooling::kPooled, Pooling::kNaive}) {
    MockServer server;
    Client client(pooling);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(client.Send(Get(server.Url("/bytes/3")))->body, "abc");
    EXPECT_EQ(server.Stats().connections, pooling == Pooling::kPooled ? 1u : 5u);
  }
}

TEST(Client, GoesToWhereTheRequestSays) {
  MockServer first, second;
  Client client;
  EXPECT_EQ(client.Send(Get(first.Url("/status/201")))->status, 201);
  EXPECT_EQ(client.Send(Get(second.Url("/status/202")))->status, 202);
  EXPECT_EQ(client.Send(Get(first.Url("/status/203")))->status, 203);
}

TEST(Client, AStatusOf500IsAResponseAndARefusedConnectionAnError) {
  Client client;
  std::string url;
  {
    MockServer server;
    url = server.Url("/status/500");
    EXPECT_EQ(client.Send(Get(url))->status, 500);
  }
  EXPECT_FALSE(client.Send(Get(url)).ok());
}

TEST(Client, AnInvalidRequestIsNotSent) {
  MockServer server;
  Request request = Get(server.Url("/get"));
  request.headers = {{"X", "a\nb"}};
  EXPECT_EQ(Client().Send(request).error().code, ErrorCode::kInvalidRequest);
  EXPECT_EQ(server.Stats().connections, 0u);
}

// What the patterns are there for: after five answers with status 500 the breaker
// is open and the server is left in peace.
TEST(Client, BehindASemaphoreAndABreakerStopsCallingABrokenServer) {
  MockServer server;
  Client client;
  BlockingSemaphore semaphore({.limit = 2});
  CircuitBreaker breaker({.failure_threshold = 5});
  const SteadyClock clock;
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    const auto result = Call(semaphore, Deadline::Never(), [&] {
      return Call(breaker, clock, [&] { return client.Send(Get(server.Url("/status/500"))); });
    });
    refused += !result.ok() && result.error().code == ErrorCode::kCircuitOpen;
  }
  EXPECT_EQ(server.Stats().requests, 5u);
  EXPECT_EQ(refused, 15);
}

}  // namespace
}  // namespace assay
