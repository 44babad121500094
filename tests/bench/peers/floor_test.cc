// What the floor of all engines refuses to pretend.
#include <gtest/gtest.h>

#include "bench/peers/peers.h"
#include "tests/engines/collector.h"
#include "tests/engines/raw_server.h"

namespace assay::bench {
namespace {

std::string Refusal(const auto& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Floor, RefusesWhatItCannotDo) {
  EXPECT_EQ(Refusal([] { MakeFloor({.pooling = Pooling::kNaive}); }),
            "floor engine: pooling naive: it only keeps connections");
  const Request get{Method::kGet, Url{"127.0.0.1", 1, "/"}, {}, {}};
  EXPECT_EQ(Refusal([&] {
              MakeFloor({})->Run({{get, get}, 2, {}});
            }),
            "floor engine: more than one request: it knows one answer");
}

// Each connection gets `first`, and from then on `later`.
Collector Exchange(const std::string& first, const std::string& later, std::uint64_t requests) {
  RawServer server([&](const RawConnection& connection) {
    if (connection.ReadRequest()) connection.Write(first);
    while (connection.ReadRequest()) connection.Write(later);
  });
  Collector got;
  const Request get{Method::kGet, Url{"127.0.0.1", server.port(), "/"}, {}, {}};
  MakeFloor({.concurrency = 1})->Run({{get}, requests, {}}, got);
  return got;
}

TEST(Floor, TakesAnAnswerOfTheSameLengthForTheSame) {
  const Collector got = Exchange("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", 3);
  for (const RequestResult& result : got.results) EXPECT_TRUE(result.ok());
  EXPECT_EQ(got.bodies.back(), "ok");
}

TEST(Floor, ALongerAnswerIsAnErrorAndTheNextConnectionLearnsAnew) {
  const Collector got = Exchange("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlong", 3);
  ASSERT_EQ(got.results.size(), 3u);
  EXPECT_TRUE(got.results[0].ok());
  EXPECT_EQ(got.results[1].error->message, "not as long as the first answer");
  EXPECT_TRUE(got.results[2].ok());
}

}  // namespace
}  // namespace assay::bench
