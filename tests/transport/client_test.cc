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

TEST(Client, CountsWhatBecomesOfItsConnections) {
  MockServer first, second;
  Client client(Pooling::kPooled, {}, {.max_connections = 1, .max_idle = 1, .max_requests = 2});
  EXPECT_EQ(client.stats(), PoolStats{});
  const auto send = [&](const MockServer& server) {
    EXPECT_EQ(client.Send(Get(server.Url("/bytes/3")))->body, "abc");
  };
  send(first);
  send(first);
  EXPECT_EQ(client.stats(),
            (PoolStats{.opened = 1, .reused = 1, .worn_out = 1, .peak_connections = 1}));
  send(first);
  send(second);
  EXPECT_EQ(
      client.stats(),
      (PoolStats{
          .opened = 3, .reused = 1, .for_other_origin = 1, .worn_out = 1, .peak_connections = 1}));
}

TEST(Client, RefusesImpossibleOptions) {
  EXPECT_THROW(Client(Pooling::kPooled, {}, {.max_connections = 0}), std::invalid_argument);
  EXPECT_THROW(Client(Pooling::kPooled, {.timeout = Duration::zero()}), std::invalid_argument);
}

TEST(Client, FollowsRedirectsWhereThatIsWanted) {
  MockServer server;
  EXPECT_EQ(Client().Send(Get(server.Url("/redirect/2")))->status, 302);
  Client client(Pooling::kPooled, {.redirects = RedirectOptions{.limit = 2}});
  const auto end = client.Send(Get(server.Url("/redirect/2")));
  EXPECT_EQ(end->status, 200);
  EXPECT_NE(end->body.find("/get"), std::string::npos);
  EXPECT_EQ(client.Send(Get(server.Url("/redirect/3"))).error().code, ErrorCode::kTooManyRedirects);
  EXPECT_EQ(client.stats().opened, 1u);
  EXPECT_EQ(client.stats().reused, 5u);
}

TEST(Client, DecodesWhereThatIsWanted) {
  MockServer server;
  Client client(Pooling::kPooled, {.decode = true});
  const auto echo = client.Send(Get(server.Url("/gzip")));
  EXPECT_EQ(echo->headers.Get("Content-Encoding"), "gzip");
  EXPECT_EQ(echo->body.front(), '{');
}

TEST(Client, LooksUpAgainWhatWasNotFound) {
  MockServer server;
  Client client;
  Request nowhere = Get(server.Url("/bytes/3"));
  nowhere.url.host = std::string(70, 'a');  // a label can have 63 characters
  EXPECT_EQ(client.Send(nowhere).error().code, ErrorCode::kResolveFailed);
  EXPECT_EQ(client.Send(nowhere).error().code, ErrorCode::kResolveFailed);
  EXPECT_EQ(client.Send(Get(server.Url("/bytes/3")))->body, "abc");
}

// What the patterns are there for: after five answers with status 500 the breaker
// is open and the server is left in peace.
TEST(Client, BehindASemaphoreAndABreakerStopsCallingABrokenServer) {
  MockServer server;
  Client client;
  Semaphore semaphore({.limit = 2});
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
