// Conformance: where the body of a request comes from, and what if nobody wants it.
#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"
#include "tests/transport/body_sources.h"

namespace assay {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing_bodies::Source;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class Uploads : public EngineConformance {
 protected:
  Request Post(std::uint16_t port, const std::string& target = "/") const {
    Request request = Get(port, target);
    request.method = Method::kPost;
    return request;
  }

  // What the server echoes has all of this body, more than one piece of it.
  void ExpectEchoed(Request request) {
    SmallServer server;
    request.url.port = Reach(server.port());
    const Collector got = Run(request, 6);
    for (std::size_t i = 0; i < got.results.size(); ++i) {
      ASSERT_TRUE(got.results[i].ok()) << got.results[i].error->message;
      EXPECT_NE(got.bodies[i].find(body_), std::string::npos) << got.bodies[i].size();
    }
    if (pooling() == Pooling::kNaive) return;
    EXPECT_LE(server.Stats().connections, static_cast<std::uint64_t>(concurrency()));
  }

  const std::string body_ = "begin" + std::string(100'000, 'x') + "end";
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Uploads);

TEST_P(Uploads, FromMemory) {
  Request post = Post(0, "/post");
  post.body = body_;
  ExpectEchoed(post);
  post.chunked = true;
  ExpectEchoed(post);
}

TEST_P(Uploads, FromAFile) {
  std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ranges::replace(name, '/', '_');
  const auto path = std::filesystem::path(testing::TempDir()) / ("uploads_" + name);
  std::ofstream(path, std::ios::binary) << body_;
  Request post = Post(0, "/post");
  post.body_source = FileBody(path);
  ExpectEchoed(post);
  std::filesystem::remove(path);
}

TEST_P(Uploads, FromAGenerator) {
  Request post = Post(0, "/post");
  post.body_source = Source(body_, body_.size(), 1000);
  ExpectEchoed(post);
  post.body_source = Source(body_, std::nullopt, 1000);
  ExpectEchoed(post);
}

// Says "100 Continue" to who asks for it, and answers once all of `body` is there.
RawServer::Script Continues(std::string body) {
  return [body = std::move(body)](const RawConnection& connection) {
    while (connection.ReadRequest()) {
      connection.Write("HTTP/1.1 100 Continue\r\n\r\n");
      if (connection.Read(body.size()) == body) connection.Write(kOk);
    }
  };
}

TEST_P(Uploads, AfterTheServerHasSaidContinue) {
  RawServer server(Continues(body_));
  Request post = Post(Reach(server.port()));
  post.expect_continue = true;
  for (const bool from_source : {false, true}) {
    post.body = from_source ? "" : body_;
    post.body_source = from_source ? Source(body_, body_.size(), 1000) : nullptr;
    for (const RequestResult& result : Run(post, 6, {.expect_timeout = hours(1)}).results) {
      EXPECT_TRUE(result.ok()) << result.error->message;
    }
  }
}

TEST_P(Uploads, WithoutAWordFromTheServerAfterAWhile) {
  RawServer server([&](const RawConnection& connection) {
    while (connection.ReadRequest() && connection.Read(body_.size()) == body_) {
      connection.Write(kOk);
    }
  });
  Request post = Post(Reach(server.port()));
  post.expect_continue = true;
  post.body = body_;
  for (const RequestResult& result :
       Run(post, 3, {.timeout = seconds(5), .expect_timeout = milliseconds(5)}).results) {
    EXPECT_TRUE(result.ok()) << result.error->message;
    EXPECT_GE(result.phases.send, milliseconds(5));
  }
}

TEST_P(Uploads, ThatNobodyWantsAreNotSent) {
  std::atomic<int> more{0};
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
    more += connection.ReadByte() ? 1 : 0;
  });
  Request post = Post(Reach(server.port()));
  post.expect_continue = true;
  post.body = body_;
  const Collector got = Run(post, 6, {.expect_timeout = hours(1)});
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kHttpStatus), "HTTP 417");
  EXPECT_EQ(more, 0);
}

TEST_P(Uploads, WhoseSourceFailsFailWithItAndTheNextGoesOn) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Request broken = Post(port, "/post");
  broken.body_source = Source(body_, 200'000, 1000, Error{ErrorCode::kIo, "the disk is gone"});
  Request unknown = broken;
  unknown.body_source =
      Source(body_, std::nullopt, 1000, Error{ErrorCode::kIo, "the disk is gone"});
  Request none = broken;
  none.body_source = FileBody("/no/such/file");
  Collector got;
  MakeEngineForOneAtATime()->Run(
      {{broken, Get(port, "/bytes/1"), unknown, none, Get(port, "/bytes/1")}, 10, {}}, got);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    const std::size_t which = i % 5;
    EXPECT_EQ(got.results[i].ok(), which == 1 || which == 4);
    if (got.results[i].ok()) continue;
    const Error& error = *got.results[i].error;
    EXPECT_EQ(ToString(error.code), which == 3 ? "invalid_request" : "io");
    if (which != 3) {
      EXPECT_EQ(error.message, "the disk is gone");
    }
  }
}

// More than any socket takes that nobody reads from.
const std::string& TooMuch() {
  static const std::string body(30 * 1024 * 1024, 'x');
  return body;
}

TEST_P(Uploads, AnAnswerThatComesBeforeTheBodyIsSeen) {
  for (const std::size_t length : {0, 300'000}) {
    RawServer server([&](const RawConnection& connection) {
      connection.ReadRequest();
      connection.Write("HTTP/1.1 413 Content Too Large\r\nContent-Length: " +
                       std::to_string(length) + "\r\n\r\n" + std::string(length, 'y'));
      while (!connection.ClosedWithin(hours(1))) {
      }
    });
    Request post = Post(Reach(server.port()));
    post.body = TooMuch();
    const Collector got = Run(post, 2, {.timeout = seconds(5)});
    EXPECT_EQ(ExpectAllFail(got, ErrorCode::kHttpStatus), "HTTP 413");
    for (const RequestResult& result : got.results) EXPECT_EQ(result.status, 413);
    for (const std::string& body : got.bodies) EXPECT_EQ(body.size(), length);
  }
}

TEST_P(Uploads, AnAnswerIsSeenThoughTheServerResetsTheConnection) {
  if (tls()) GTEST_SKIP() << "the gate passes the reset on in its own time";
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  });
  Request post = Post(server.port());
  post.body = TooMuch();
  EXPECT_EQ(ExpectAllFail(Run(post, 4), ErrorCode::kHttpStatus), "HTTP 413");
}

TEST_P(Uploads, AreReadAgainWhenTheyAreRepeated) {
  std::atomic<int> closed{0};
  RawServer server([&](const RawConnection& connection) {
    if (!connection.ReadRequest() || connection.Read(body_.size()) != body_) return;
    connection.Write(kOk);
    connection.Close();
    ++closed;
    closed.notify_all();
  });
  Request put = Get(Reach(server.port()));
  put.method = Method::kPut;
  put.body_source = Source(body_, body_.size(), 1000);
  const auto engine = MakeEngineWith({.check_after = hours(1)}, 1);
  for (int run = 0; run < 3; ++run) {
    const RunSummary summary = engine->Run({{put}, 1, {}});
    EXPECT_EQ(summary.failed, 0u);
    EXPECT_EQ(summary.repeated, summary.connections_reused);
    for (int now = closed; now <= run; now = closed) closed.wait(now);
  }
}

}  // namespace
}  // namespace assay
