// Conformance: a request can be cancelled wherever it waits, and says where that was.
#include "tests/engines/raw_server.h"
#include "tests/engines/stopping.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class StopPhases : public StopConformance {
 protected:
  // Of one request, which has come as far as `reached` says.
  const Collector& CancelOnce(std::latch& reached, const Request& request,
                              const ConnectionOptions& connection = {}) {
    engine_ = MakeEngineForOneAtATime(connection);
    run_ = std::make_unique<StoppedRun>(*engine_, std::vector{request}, Duration::zero());
    reached.wait();
    const Collector& got = run_->StopAndJoin();
    EXPECT_EQ(got.results.size(), 1u);
    return got;
  }

 private:
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<StoppedRun> run_;
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(StopPhases);

TEST_P(StopPhases, InTheQueueOfThePool) {
  std::latch reached(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    reached.count_down();
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server.port());
  const auto engine = MakeEngineWith({.max_connections = 1, .max_idle = 1}, concurrency());
  StoppedRun run(*engine, {Get(port)}, Duration::zero());
  reached.wait();
  const Collector& got = run.StopAndJoin();
  ExpectAllFail(got, ErrorCode::kCancelled);
  const std::string at = " 127.0.0.1:" + std::to_string(port) + ": cancelled";
  const auto count = [&](const std::string& words) {
    return std::ranges::count_if(got.results, [&](const RequestResult& result) {
      return result.error->message == words + at;
    });
  };
  EXPECT_EQ(count("receive from"), 1);
  // A thread may not have begun yet, or get the connection of one that was cancelled before.
  if (kind().name == "threaded") return;
  EXPECT_EQ(got.results.size(), static_cast<std::size_t>(concurrency()));
  EXPECT_EQ(count("wait for a connection to"), concurrency() - 1);
}

// Those that wait are out of time together with the one that they wait for.
TEST_P(StopPhases, InTheQueueBecauseTheTimeIsOver) {
  RawServer server([](const RawConnection& connection) { connection.WaitForPeerToClose(); });
  const Request get = Get(Reach(server.port()));
  const auto engine =
      MakeEngineWith({.max_connections = 1, .max_idle = 1}, concurrency(), {.timeout = patience()});
  Collector got;
  engine->Run({{get}, 12, {}}, got);
  EXPECT_EQ(got.results.size(), 12u);
  ExpectAllFail(got, ErrorCode::kTimeout);
  const auto queued = std::ranges::count_if(got.results, [](const RequestResult& result) {
    return result.error->message.starts_with("wait for a connection to ");
  });
  // A thread may get the connection at the last moment, and be out of time with that.
  if (kind().name == "threaded") return;
  EXPECT_EQ(queued > 0, concurrency() > 1);
}

// Nothing tells when the connect has begun; the end of a duration needs nobody who knows.
TEST_P(StopPhases, WhileItConnects) {
  const FullServer full;
  const auto engine = MakeEngine();
  const auto before = OpenFiles();
  for (const Duration limit : {Duration::zero(), Duration(milliseconds(5))}) {
    Collector got;
    engine->Run(
        {.requests = {Get(full.port())}, .duration = milliseconds(30), .drain_limit = limit}, got);
    ExpectAllCancelled(got, "connect to", full.port());
    EXPECT_EQ(OpenFiles(), before);
  }
}

TEST_P(StopPhases, InTheHandshake) {
  if (!tls()) GTEST_SKIP() << "there is none";
  std::latch reached(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadByte();
    reached.count_down();
    connection.WaitForPeerToClose();
  });
  ExpectAllCancelled(CancelOnce(reached, Get(server.port())), "tls handshake with", server.port());
}

TEST_P(StopPhases, WhileItSends) {
  std::latch reached(1), over(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadByte();
    reached.count_down();
    over.wait();
  });
  const std::uint16_t port = Reach(server.port());
  Request post = Get(port);
  post.method = Method::kPost;
  post.body = std::string(30 * 1024 * 1024, 'x');
  ExpectAllCancelled(CancelOnce(reached, post), "send to", port);
  over.count_down();
}

TEST_P(StopPhases, BeforeTheFirstByte) {
  std::latch reached(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    reached.count_down();
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server.port());
  ExpectAllCancelled(CancelOnce(reached, Get(port)), "receive from", port);
}

struct Signal : BodyTarget {
  explicit Signal(std::latch& latch) : reached(latch) {}
  struct Sink : BodySink {
    explicit Sink(std::latch& latch) : reached(latch) {}
    Result<Done> Write(std::string_view) override {
      reached.count_down();
      return Done{};
    }
    std::latch& reached;
  };
  Result<std::unique_ptr<BodySink>> Open(const Response&) const override {
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(reached));
  }
  std::latch& reached;
};

TEST_P(StopPhases, InTheMiddleOfABody) {
  std::latch reached(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server.port());
  Request get = Get(port);
  get.body_target = std::make_shared<Signal>(reached);
  const Collector& got = CancelOnce(reached, get);
  ExpectAllCancelled(got, "receive from", port);
  EXPECT_EQ(got.results.front().status, 200);
  EXPECT_GT(got.results.front().phases.body, Duration::zero());
}

TEST_P(StopPhases, BetweenHeaderAndBody) {
  std::latch reached(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    reached.count_down();
    connection.WaitForPeerToClose();
  });
  const std::uint16_t port = Reach(server.port());
  Request post = Get(port);
  post.method = Method::kPost;
  post.body = "hello";
  post.expect_continue = true;
  ExpectAllCancelled(CancelOnce(reached, post, {.expect_timeout = hours(1)}), "send to", port);
}

TEST_P(StopPhases, AfterARedirect) {
  std::latch reached(2);
  RawServer second([&](const RawConnection& connection) {
    connection.ReadRequest();
    reached.count_down();
    connection.WaitForPeerToClose();
  });
  const std::uint16_t there = Reach(second.port());
  const std::string location = Get(there).url.ToString();
  RawServer first([&](const RawConnection& connection) {
    while (connection.ReadRequest()) {
      connection.Write("HTTP/1.1 302 Found\r\nLocation: " + location +
                       "\r\nContent-Length: 0\r\n\r\n");
      reached.count_down();
    }
  });
  const std::uint16_t here = Reach(first.port());
  ExpectAllCancelled(CancelOnce(reached, Get(here), {.redirects = RedirectOptions{}}),
                     "receive from", there);
}

}  // namespace
}  // namespace assay
