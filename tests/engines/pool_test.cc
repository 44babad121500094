// Conformance: which connection a request gets, and what becomes of it afterwards.
#include <atomic>
#include <future>
#include <latch>

#include "tests/engines/pool_conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"

namespace assay {
namespace {

using std::chrono::hours;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class Pool : public PoolConformance {};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Pool);

// Counts how many requests it has at once, and answers none before there are `together`.
class Counter {
 public:
  explicit Counter(int together) : together_(together) {}

  void Serve(const RawConnection& connection) {
    while (connection.ReadRequest()) {
      Enter();
      connection.Write(kOk);
    }
  }
  int most() const { return most_; }

 private:
  void Enter() {
    const int now = ++in_flight_;
    for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
    }
    if (now >= together_) {
      enough_ = true;
      enough_.notify_all();
    }
    enough_.wait(false);
    --in_flight_;
  }

  const int together_;
  std::atomic<int> in_flight_{0}, most_{0};
  std::atomic<bool> enough_{false};
};

TEST_P(Pool, NoMoreRequestsAreUnderWayThanConnectionsAreAllowed) {
  Counter counter(std::min(2, concurrency()));
  RawServer server([&](const RawConnection& connection) { counter.Serve(connection); });
  const Request get = Get(Reach(server.port()));
  const auto engine = MakeEngineWith({.max_connections = 2, .max_idle = 2}, concurrency());
  Collector got;
  const RunSummary summary = engine->Run({{get}, 200, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 200);
  EXPECT_EQ(counter.most(), std::min(2, concurrency()));
  EXPECT_EQ(summary.waited > 0, concurrency() > 2);
  EXPECT_EQ(summary.connections_opened, pooled() ? std::uint64_t(counter.most()) : 200u);
  EXPECT_EQ(summary.connections_opened + summary.connections_reused, 200u);
  EXPECT_EQ(summary.connections_evicted, 0u);
  for (const RequestResult& result : got.results) {
    EXPECT_EQ(result.phases.Sum(), result.latency);
  }
}

TEST_P(Pool, EachServerHasALimitOfItsOwn) {
  Counter first_counter(1), second_counter(1);
  RawServer first([&](const RawConnection& connection) { first_counter.Serve(connection); });
  RawServer second([&](const RawConnection& connection) { second_counter.Serve(connection); });
  const std::vector<Request> both{Get(Reach(first.port())), Get(Reach(second.port()))};
  const auto engine =
      MakeEngineWith({.max_connections = 4, .max_per_origin = 1, .max_idle = 4}, concurrency());
  Collector got;
  const RunSummary summary = engine->Run({both, 200, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 200);
  EXPECT_EQ(first_counter.most(), 1);
  EXPECT_EQ(second_counter.most(), 1);
  EXPECT_EQ(summary.connections_opened, pooled() ? 2u : 200u);
  EXPECT_EQ(summary.connections_evicted, 0u);
}

TEST_P(Pool, AConnectionIsWornOutAfterSoManyRequests) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/bytes/1");
  const auto engine = MakeEngineWith({.max_requests = 2}, 1);
  const RunSummary summary = engine->Run({{get}, 7, {}});
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.connections_opened, pooled() ? 4u : 7u);
  EXPECT_EQ(summary.connections_reused, IfPooled(3));
  EXPECT_EQ(summary.connections_evicted, IfPooled(3));
  EXPECT_EQ(server.Stats().connections, summary.connections_opened);
}

TEST_P(Pool, NothingIsKeptWhereNothingMayBeIdle) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/bytes/1");
  const auto engine = MakeEngineWith({.max_idle = 0}, 1);
  const RunSummary summary = engine->Run({{get}, 5, {}});
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.connections_opened, 5u);
  EXPECT_EQ(summary.connections_reused, 0u);
  EXPECT_EQ(summary.connections_evicted, IfPooled(5));
  EXPECT_EQ(server.Stats().connections, 5u);
}

TEST_P(Pool, WhatHasBeenIdleForTooLongIsNotUsed) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/bytes/1");
  const auto engine = MakeEngineWith({.idle_expiry = Duration(1)}, 1);
  Collector got;
  const RunSummary summary = RunEach(*engine, {5, get}, got);
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.connections_opened, 5u);
  EXPECT_EQ(summary.connections_reused, 0u);
  EXPECT_EQ(summary.connections_evicted, IfPooled(4));  // the last one is still there
  EXPECT_EQ(server.Stats().connections, 5u);
}

// A server that answers and then waits for the client to close the connection.
class Patient {
 public:
  explicit Patient(std::string_view answer) : answer_(answer) {}
  std::uint16_t port() const { return server_.port(); }

  // Soon; the limit is there so that the test ends where it never is.
  bool Closed() {
    return closed_.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  }

 private:
  std::string answer_;
  std::promise<void> closed_{};
  RawServer server_{[this](const RawConnection& connection) {
    while (connection.ReadRequest()) connection.Write(answer_);
    closed_.set_value();
  }};
};

TEST_P(Pool, WhatIsNotKeptIsClosedAtOnce) {
  struct Case {
    PoolOptions options{};
    std::string field{};
  };
  const Case cases[] = {{.field = "Connection: close\r\n"},
                        {.options = {.max_idle = 0}},
                        {.options = {.max_requests = 1}}};
  for (const auto& [options, field] : cases) {
    Patient server(std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n") + field + "\r\nok");
    const Request get = Get(Reach(server.port()));
    const auto engine = MakeEngineWith(options, 1);
    EXPECT_EQ(engine->Run({{get}, 1, {}}).failed, 0u);
    EXPECT_TRUE(server.Closed()) << field << options.max_idle;
  }
}

TEST_P(Pool, WhatHasBeenIdleForTooLongIsClosedWithTheNextRequestToAnybody) {
  Patient first(kOk), second(kOk);
  const std::vector<Request> both{Get(Reach(first.port())), Get(Reach(second.port()))};
  const auto engine = MakeEngineWith({.idle_expiry = Duration(1)}, 1);
  Collector got;
  RunEach(*engine, both, got);
  EXPECT_TRUE(first.Closed());
}

TEST_P(Pool, OneServersConnectionMakesRoomForAnothers) {
  SmallServer first, second;
  const std::vector<Request> both{Get(Reach(first.port()), "/bytes/1"),
                                  Get(Reach(second.port()), "/bytes/1")};
  const auto engine = MakeEngineWith({.max_connections = 1, .max_idle = 1}, 1);
  const RunSummary summary = engine->Run({both, 6, {}});
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.connections_opened, 6u);
  EXPECT_EQ(summary.connections_evicted, IfPooled(5));
}

TEST_P(Pool, ConnectionsAreKeptFromRunToRun) {
  SmallServer server;
  const Request get = Get(Reach(server.port()), "/bytes/1");
  const auto engine = MakeEngineWith({}, 1);
  Collector got;
  const RunSummary first = RunEach(*engine, {get}, got);
  EXPECT_EQ(first.connections_opened, 1u);
  EXPECT_EQ(first.connections_reused, 0u);
  const RunSummary more = RunEach(*engine, {5, get}, got);
  EXPECT_EQ(more.connections_opened, pooled() ? 0u : 5u);
  EXPECT_EQ(more.connections_reused, IfPooled(5));
  EXPECT_EQ(more.connections_evicted, 0u);
  EXPECT_EQ(more.waited, 0u);
}

// Each answer is the number of its connection.
TEST_P(Pool, TheOrderSaysWhichOfSeveralGoesFirst) {
  if (concurrency() == 1 || !pooled()) GTEST_SKIP() << "never has several";
  for (const PoolOrder order : {PoolOrder::kLifo, PoolOrder::kFifo}) {
    std::atomic<int> connections{0};
    std::latch both(2);
    RawServer server([&](const RawConnection& connection) {
      const int number = connections++;
      for (bool first = true; connection.ReadRequest(); first = false) {
        if (first) both.arrive_and_wait();
        connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(number));
      }
    });
    const Request get = Get(Reach(server.port()));
    const auto engine = MakeEngineWith({.check_after = hours(1), .order = order}, 2);
    engine->Run({{get}, 2, {}});
    Collector got;
    RunEach(*engine, {4, get}, got);
    const auto& bodies = got.bodies;
    EXPECT_EQ(bodies[0] == bodies[1], order == PoolOrder::kLifo);
    EXPECT_EQ(bodies[0], bodies[2]);
    EXPECT_EQ(bodies[1], bodies[3]);
  }
}

}  // namespace
}  // namespace assay
