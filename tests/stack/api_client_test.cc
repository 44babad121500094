// The two examples that users of such patterns ask for first: a client of an API that is careful
// with it, and one that goes on, in a degraded way, while the API is down. Against a real server.
#include <gtest/gtest.h>

#include "assay/fixture/server/mock_server.h"
#include "assay/patterns/fallback/call.h"
#include "assay/patterns/fallback/stale_value.h"
#include "assay/stack/stack.h"
#include "assay/transport/client.h"

namespace assay {
namespace {

// Keeps to a rate, to a number of tries and to a deadline, and leaves a server alone that is down.
class ApiClient {
 public:
  explicit ApiClient(std::string base) : base_(std::move(base)) {}

  Result<Response> Get(const std::string& path) {
    const Request request{.url = Url::Parse(base_ + path).value()};
    auto response = Call(stack_, time_, RequestToRetry(request),
                         [&](const Try&) { return client_.Send(request); });
    if (!response.ok() || response->status < 400) return response;
    return Error{ErrorCode::kHttpStatus, path + ": status " + std::to_string(response->status)};
  }

  CircuitState circuit() const { return breaker_.state(); }
  std::uint64_t retries() const { return retry_.Snapshot().retries; }

 private:
  std::string base_;
  Client client_{Pooling::kPooled, {.timeout = std::chrono::seconds(10)}};
  SteadyThreadTime time_{};
  RateLimiter limiter_{{.tokens = 1'000, .per = std::chrono::seconds(1), .burst = 1'000}};
  Timeout total_{{.limit = std::chrono::seconds(30)}};
  RetryBudget budget_{};
  Retry retry_{{.max_attempts = 3, .backoff = {.base = std::chrono::microseconds(1)}}, &budget_};
  CircuitBreaker breaker_{{.failure_threshold = 6}};
  Semaphore semaphore_{{.limit = 10}};
  Stack<RateLimiter, Timeout, Retry, const Off, CircuitBreaker, Semaphore> stack_{
      limiter_, total_, retry_, off, breaker_, semaphore_};
};

TEST(ApiClient, TriesAgainAndThenLeavesTheServerAlone) {
  fixture::MockServer server;
  ApiClient api(server.Url(""));
  EXPECT_EQ(api.Get("/bytes/8")->body.size(), 8u);
  EXPECT_EQ(api.Get("/status/404").error().message, "/status/404: status 404");
  EXPECT_EQ(api.retries(), 0u);
  EXPECT_EQ(api.Get("/status/503").error().message, "/status/503: status 503");
  EXPECT_EQ(api.retries(), 2u);
  EXPECT_FALSE(api.Get("/status/503").ok());
  EXPECT_EQ(api.circuit(), CircuitState::kOpen);
  const std::uint64_t before = server.Stats().requests;
  EXPECT_EQ(api.Get("/bytes/8").error().code, ErrorCode::kCircuitOpen);
  EXPECT_EQ(server.Stats().requests, before);
}

// Yesterday's answer is better than none, if it says that it is yesterday's.
TEST(ApiClient, GoesOnWithWhatItHadWhileTheServerIsDown) {
  fixture::MockServer server;
  ApiClient api(server.Url(""));
  Fallback fallback;
  StaleValue<Response> last(std::chrono::hours(24));
  const SteadyClock clock;
  const auto ask = [&] {
    return Call(
        fallback, [&] { return last.Keep(api.Get("/bytes/8"), clock.Now()); }, last.OrElse(clock));
  };
  const auto fresh = ask();
  ASSERT_TRUE(fresh.ok());
  EXPECT_FALSE(fresh.value().degraded());
  server.Down();
  for (int i = 0; i < 3; ++i) {
    const auto stale = ask();
    ASSERT_TRUE(stale.ok());
    EXPECT_TRUE(stale.value().degraded());
    EXPECT_EQ(stale.value().value.body, fresh.value().value.body);
  }
  EXPECT_EQ(fallback.Snapshot().degraded, 3u);
  EXPECT_EQ(api.circuit(), CircuitState::kOpen);
}

}  // namespace
}  // namespace assay
