// Conformance: what engines make of answers that are cut, contradict themselves, never end
// or come unasked. One name for each with all engines, and the next request is answered.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "tests/engines/conformance.h"
#include "tests/engines/raw_server.h"

namespace assay {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

class BadAnswers : public EngineConformance {
 protected:
  // What a connection does with its first request, before it ends. It may still be doing so
  // when the test is over, so whatever it needs after its first Write() is in the closure.
  using Answer = std::function<void(const RawConnection&)>;

  void SetUp() override {
    EngineConformance::SetUp();
    if (!IsSkipped()) port_ = Reach(server_.port());
  }

  // From now on; without one, all requests get kOk.
  void SetAnswer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

  Collector RunOn(Engine& engine, std::uint64_t count) const {
    Collector got;
    engine.Run({{Get(port_)}, count, {}}, got);
    EXPECT_EQ(got.results.size(), count);
    return got;
  }

  void ExpectWorks(Engine& engine) {
    SetAnswer({});
    const Collector got = RunOn(engine, 12);
    for (std::size_t i = 0; i < got.results.size(); ++i) {
      EXPECT_TRUE(got.results[i].ok()) << got.results[i].error->message;
      EXPECT_EQ(got.bodies[i], "ok");
    }
  }

  // Returns the message, without its beginning.
  std::string ExpectFailsThenWorks(Answer answer, ErrorCode code) {
    SetAnswer(std::move(answer));
    const auto engine = MakeEngine({.max_header_bytes = 2000, .max_body_bytes = 1000});
    std::string message =
        ExpectAllFail(RunOn(*engine, static_cast<std::uint64_t>(2 * concurrency())), code);
    ExpectWorks(*engine);
    return AfterReceiveFrom(message);
  }
  std::string ExpectFailsThenWorks(const std::string& text, ErrorCode code) {
    SCOPED_TRACE(text.substr(0, 100));
    return ExpectFailsThenWorks([=](const RawConnection& peer) { peer.Write(text); }, code);
  }

  // `begin`, and then `more` until the client has had enough.
  static Answer Endless(std::string begin, std::string more) {
    return [=](const RawConnection& peer) {
      peer.Write(begin);
      while (!peer.ClosedWithin(milliseconds(0))) peer.Write(more);
    };
  }

  std::uint16_t port_ = 0;

 private:
  Answer CurrentAnswer() {
    const std::lock_guard lock(mutex_);
    return answer_;
  }
  void Serve(const RawConnection& peer) {
    while (peer.ReadRequest()) {
      if (const Answer bad = CurrentAnswer()) return bad(peer);
      peer.Write(kOk);
    }
  }

  std::mutex mutex_;
  Answer answer_;
  RawServer server_{[this](const RawConnection& peer) { Serve(peer); }};
};
ASSAY_INSTANTIATE_FOR_ALL_ENGINES(BadAnswers);

TEST_P(BadAnswers, AnAnswerCutAfterAnyByteIsAConnectionThatWasClosed) {
  const std::string header = std::string(kHead) + "Content-Length: 5\r\n\r\n";
  const std::string text = header + "hello";
  std::atomic<std::size_t> next{0};
  SetAnswer([text, &next](const RawConnection& peer) { peer.Write(text.substr(0, next++)); });
  std::map<std::string, std::size_t> expected{
      {"connection closed before any byte of the response", 1},
      {"connection closed in the middle of the response headers", header.size() - 1}};
  for (const char* count :
       {"0 bytes of the body, 5", "1 bytes of the body, 4", "2 bytes of the body, 3",
        "3 bytes of the body, 2", "4 bytes of the body, 1"}) {
    expected["connection closed after " + std::string(count) + " missing"] = 1;
  }
  const auto engine = MakeEngine();
  const Collector got = RunOn(*engine, text.size());
  ExpectAllFail(got, ErrorCode::kConnectionClosed);
  std::map<std::string, std::size_t> messages;
  for (const RequestResult& result : got.results)
    ++messages[AfterReceiveFrom(result.error->message)];
  if (HasOurMessages(kind())) {
    EXPECT_EQ(messages, expected);
  }
  EXPECT_EQ(next, text.size());  // none was tried twice
  ExpectWorks(*engine);
}

TEST_P(BadAnswers, AChunkedAnswerCutAfterAnyByteIsAConnectionThatWasClosed) {
  const std::string text = std::string(kChunked) + "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nT: u\r\n\r\n";
  std::atomic<std::size_t> next{0};
  SetAnswer([text, &next](const RawConnection& peer) { peer.Write(text.substr(0, next++)); });
  const auto engine = MakeEngine();
  ExpectAllFail(RunOn(*engine, text.size()), ErrorCode::kConnectionClosed);
  EXPECT_EQ(next, text.size());
  ExpectWorks(*engine);
  SetAnswer([=](const RawConnection& peer) { peer.Write(text); });
  EXPECT_EQ(RunOn(*MakeEngine(), 1).bodies.front(), "hello!");
}

TEST_P(BadAnswers, WhatContradictsItselfOrIsNoHttpIsMalformed) {
  const std::string head(kHead), chunked(kChunked);
  const std::string texts[] = {
      head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
      head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      head + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      head + "Content-Length: -2\r\n\r\nok",
      head + "Content-Length: +2\r\n\r\nok",
      head + "Content-Length: 0x2\r\n\r\nok",
      head + "Content-Length: 2 2\r\n\r\nok",
      head + "Content-Length:\r\n\r\nok",
      head + "Content-Length: 99999999999999999999\r\n\r\nok",
      head + "Content-Length : 2\r\n\r\nok",
      head + "no colon\r\n\r\n",
      head + ": no name\r\n\r\n",
      head + "X: \x01\r\n\r\n",
      chunked + "xyz\r\nok\r\n0\r\n\r\n",
      chunked + "-2\r\nok\r\n0\r\n\r\n",
      chunked + "\r\nok\r\n0\r\n\r\n",
      chunked + "fffffffffffffffff\r\nok\r\n0\r\n\r\n",
      chunked + "2\r\nok0\r\n\r\n\r\n\r\n",
      "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1  200 OK\r\nContent-Length: 2\r\n\r\nok",
      "http/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      " HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "ICY 200 OK\r\nContent-Length: 2\r\n\r\nok",
  };
  for (const std::string& text : texts) {
    const std::string message = ExpectFailsThenWorks(text, ErrorCode::kMalformedResponse);
    EXPECT_EQ(message.substr(0, 20), "malformed response: ");
  }
}

TEST_P(BadAnswers, AFloodOfInterimResponsesIsMalformed) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n";
  const std::string message = "malformed response: more than 10 interim (1xx) responses";
  std::string eleven;
  for (int i = 0; i < 11; ++i) eleven += interim;
  EXPECT_EQ(ExpectFailsThenWorks(eleven + std::string(kOk), ErrorCode::kMalformedResponse),
            message);
  EXPECT_EQ(ExpectFailsThenWorks(Endless("", interim), ErrorCode::kMalformedResponse), message);
  // Ten are fine.
  const std::string ten = eleven.substr(interim.size());
  SetAnswer([ten](const RawConnection& peer) {
    peer.Write(ten + std::string(kOk));
    peer.WaitForPeerToClose();
  });
  EXPECT_EQ(RunOn(*MakeEngine(), 1).bodies.front(), "ok");
}

TEST_P(BadAnswers, AHeaderWithoutEndIsRefusedAtTheLimit) {
  const std::string header = "response headers are larger than the limit of 2000 bytes";
  const auto refused = [&](const std::string& begin, const std::string& more) {
    return ExpectFailsThenWorks(Endless(begin, more), ErrorCode::kHeaderTooLarge);
  };
  EXPECT_EQ(refused(std::string(kHead), "X: yyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"), header);
  EXPECT_EQ(refused(std::string(kHead) + "X: ", "yyyyyyyyyyyyyyyyyyyy"), header);
  EXPECT_EQ(refused("HTTP/1.1 200 ", "yyyyyyyyyyyyyyyyyyyy"), header);
  EXPECT_EQ(refused(std::string(kHead), "y"), header);
  const std::string later = "a chunk header or the trailers are larger than 16384 bytes";
  EXPECT_EQ(refused(std::string(kChunked) + "5;", "yyyyyyyyyyyyyyyyyyyy"), later);
  EXPECT_EQ(refused(std::string(kChunked) + "0\r\n", "X: yyyyyyyyyyyyyyyyy\r\n"), later);
}

TEST_P(BadAnswers, ABodyAboveTheLimitIsRefusedHoweverItIsFramed) {
  const std::string message = "response body is larger than the limit of 1000 bytes";
  const std::string size = "Content-Length: ";
  for (const Answer& answer : {
           Endless(std::string(kHead) + size + "1001\r\n\r\n", "yyyyyyyyyyyyyyyyyyyy"),
           Endless(std::string(kHead) + size + "18446744073709551615\r\n\r\n", "y"),
           Endless(std::string(kHead) + "\r\n", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"),
           Endless(std::string(kChunked), "A\r\nyyyyyyyyyy\r\n"),
           Endless(std::string(kChunked) + "fffffffffffffff0\r\n", "y"),
       }) {
    EXPECT_EQ(ExpectFailsThenWorks(answer, ErrorCode::kBodyTooLarge), message);
  }
}

// What comes behind the response is no answer to the next request.
TEST_P(BadAnswers, MoreThanTheResponseIsNoAnswerToTheNextRequest) {
  SetAnswer([](const RawConnection& peer) {
    peer.Write(std::string(kOk) + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
    peer.WaitForPeerToClose();
  });
  const auto engine = MakeEngine();
  for (const std::string& body : RunOn(*engine, 20).bodies) EXPECT_EQ(body, "ok");
  ExpectWorks(*engine);
}

TEST_P(BadAnswers, AnAnswerThatComesBeforeTheRequestIsNoAnswerToIt) {
  if (tls()) GTEST_SKIP() << "what the gate passes on may come after the request";
  struct Idle {
    std::mutex mutex{};
    std::vector<const RawConnection*> peers{};
  };
  const auto idle = std::make_shared<Idle>();
  SetAnswer([idle](const RawConnection& peer) {
    {
      const std::lock_guard lock(idle->mutex);
      idle->peers.push_back(&peer);
    }
    do {
      peer.Write(kOk);
    } while (peer.ReadRequest());
    const std::lock_guard lock(idle->mutex);
    std::erase(idle->peers, &peer);
  });
  const auto engine = kind().make({.concurrency = concurrency(),
                                   .pooling = pooling(),
                                   .pool = PoolOptions{.check_after = Duration::zero()}});
  RunOn(*engine, 1);
  {
    const std::lock_guard lock(idle->mutex);
    for (const RawConnection* peer : idle->peers) {
      peer->Write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
    }
  }
  SetAnswer({});
  for (const std::string& body : RunOn(*engine, 8).bodies) EXPECT_NE(body, "bad");
  ExpectWorks(*engine);
}

TEST_P(BadAnswers, AHostThatDoesNotExistFailsAloneAndTheOthersGoOn) {
  Request nowhere = Get(port_);
  nowhere.url.host = "nothing.invalid";  // RFC 6761: no name below .invalid exists
  Collector got;
  const auto engine = MakeEngine();
  engine->Run({{nowhere, Get(port_)}, 10, {}}, got);
  EXPECT_EQ(std::ranges::count_if(got.results, &RequestResult::ok), 5);
  for (const RequestResult& result : got.results) {
    if (result.ok()) continue;
    EXPECT_EQ(ToString(result.error->code), ToString(ErrorCode::kResolveFailed));
    EXPECT_EQ(result.error->message.find("resolve 'nothing.invalid': "), 0u)
        << result.error->message;
  }
  ExpectWorks(*engine);
}

}  // namespace
}  // namespace assay
