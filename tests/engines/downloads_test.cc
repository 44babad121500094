// Conformance: where the body of a response goes.
#include <atomic>
#include <fstream>
#include <latch>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"
#include "tests/engines/small_server.h"
#include "tests/transport/deflated.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMiB = 1024 * 1024;
constexpr std::size_t kLarge = 64 * kMiB;

class Downloads : public EngineConformance {};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(Downloads);

std::string Head(std::size_t length) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

// Memory of this process that is in use.
std::size_t ResidentBytes() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * 4096;
}

// Every piece goes to `take`.
class Target : public BodyTarget {
 public:
  using Take = std::function<Result<Done>(std::string_view)>;
  explicit Target(Take take) : take_(std::move(take)) {}
  Result<std::unique_ptr<BodySink>> Open(const Response&) const override {
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(take_));
  }

 private:
  struct Sink : BodySink {
    explicit Sink(const Take& function) : take(function) {}
    Result<Done> Write(std::string_view piece) override { return take(piece); }
    const Take& take;
  };
  Take take_;
};

TEST_P(Downloads, OfAnySizeNeedNoMoreMemory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the AddressSanitizer keeps what is freed";
#endif
  RawServer server([&](const RawConnection& connection) {
    while (connection.ReadRequest()) {
      connection.Write(Head(kLarge));
      const std::string piece(kMiB, 'x');
      for (std::size_t written = 0; written < kLarge; written += kMiB) connection.Write(piece);
    }
  });
  Request get = Get(Reach(server.port()));
  std::size_t received = 0, before = 0, most = 0;
  get.body_target = std::make_shared<Target>([&](std::string_view piece) -> Result<Done> {
    received += piece.size();
    if (before == 0 && received > 8 * kMiB) before = ResidentBytes();
    if (received % kMiB < piece.size()) most = std::max(most, ResidentBytes());
    return Done{};
  });
  Collector got;
  MakeEngineForOneAtATime({.max_body_bytes = 1})->Run({{get}, 2, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 2);
  EXPECT_EQ(received, 2 * kLarge);
  EXPECT_EQ(got.bodies, std::vector<std::string>(2));
  EXPECT_LT(most, before + 24 * kMiB);
}

TEST_P(Downloads, ASlowSinkHoldsTheServerBack) {
  std::size_t written = 0;
  std::latch stalled(1);
  RawServer server([&](const RawConnection& connection) {
    connection.ReadRequest();
    connection.Write(Head(kLarge));
    written = connection.WriteWhileTaken(kLarge, milliseconds(200));
    stalled.count_down();
    connection.WaitForPeerToClose();
  });
  Request get = Get(Reach(server.port()));
  get.body_target = std::make_shared<Target>([&](std::string_view) -> Result<Done> {
    stalled.wait();
    return Error{ErrorCode::kIo, "enough"};
  });
  ExpectAllFail(Run(get, 1), ErrorCode::kIo);
  EXPECT_LT(written, kLarge / 2);
}

TEST_P(Downloads, ASinkThatRefusesFailsItsRequestAlone) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  Request refused = Get(port, "/bytes/100000");
  refused.body_target = std::make_shared<Target>([](std::string_view) -> Result<Done> {
    return Error{ErrorCode::kIo, "the disk is full"};
  });
  Collector got;
  MakeEngine()->Run({{refused, Get(port, "/bytes/100")}, 20, {}}, got);
  for (const RequestResult& result : got.results) {
    EXPECT_EQ(result.ok(), result.url != refused.url.ToString());
    if (result.ok()) continue;
    EXPECT_EQ(result.error->code, ErrorCode::kIo);
    EXPECT_EQ(result.error->message,
              "receive from 127.0.0.1:" + std::to_string(port) + ": the disk is full");
  }
}

TEST_P(Downloads, ADiscardedBodyIsCountedOnly) {
  SmallServer server;
  Request get = Get(Reach(server.port()), "/bytes/100000");
  get.body_target = DiscardBody();
  const Collector got = Run(get, 10);
  for (std::size_t i = 0; i < got.results.size(); ++i) {
    EXPECT_TRUE(got.results[i].ok());
    EXPECT_EQ(got.bodies[i], "");
  }
}

TEST_P(Downloads, AreDecodedWhereThatIsWanted) {
  SmallServer server;
  const std::uint16_t port = Reach(server.port());
  for (const char* target : {"/gzip", "/deflate"}) {
    for (const bool decode : {true, false}) {
      for (const std::string& body : Run(Get(port, target), 4, {.decode = decode}).bodies) {
        EXPECT_EQ(body.front(), '{');
        EXPECT_EQ(body.find("Accept-Encoding") != std::string::npos, decode) << body;
      }
    }
  }
}

TEST_P(Downloads, ABodyThatGrowsBeyondTheLimitIsRefused) {
  const std::string bomb =
      testing_bodies::Deflated(std::string(10 * kMiB, '\0'), testing_bodies::kGzip);
  RawServer server([&](const RawConnection& connection) {
    while (connection.ReadRequest()) {
      connection.Write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                       std::to_string(bomb.size()) + "\r\n\r\n" + bomb);
    }
  });
  const std::uint16_t port = Reach(server.port());
  const Collector got = Run(Get(port), 3, {.max_body_bytes = kMiB, .decode = true});
  EXPECT_EQ(ExpectAllFail(got, ErrorCode::kBodyTooLarge),
            "receive from 127.0.0.1:" + std::to_string(port) +
                ": response body is larger than the limit of 1048576 bytes");
  for (const std::string& body : Run(Get(port), 3, {.max_body_bytes = kMiB}).bodies) {
    EXPECT_EQ(body, bomb);
  }
}

}  // namespace
}  // namespace assay
