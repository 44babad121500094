// Where the body of a response goes: to a target, decoded, or nowhere.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/transport/deflated.h"
#include "tests/transport/reader_feed.h"

namespace assay {
namespace {

using Progress = ResponseReader::Progress;
using testing_bodies::Deflated;
using testing_bodies::kGzip;
using testing_bodies::kRaw;
using testing_bodies::kZlib;

const ConnectionOptions kSmall{
    .timeout = std::chrono::seconds(1), .max_header_bytes = 256, .max_body_bytes = 100};

// Keeps what it is given, and fails where a test asks for it.
class Keeper : public BodyTarget {
 public:
  struct Sink : BodySink {
    explicit Sink(const Keeper& keeper) : to(keeper) { ++to.alive; }
    ~Sink() override { --to.alive; }
    Result<Done> Write(std::string_view piece) override {
      EXPECT_FALSE(piece.empty());
      to.pieces.push_back(std::string(piece));
      to.text += piece;
      if (to.text.size() > to.most) return to.full;
      return Done{};
    }
    const Keeper& to;
  };

  Result<std::unique_ptr<BodySink>> Open(const Response& head) const override {
    heads.push_back(head);
    if (unwilling) return *unwilling;
    return std::unique_ptr<BodySink>(std::make_unique<Sink>(*this));
  }

  std::size_t most = 100'000'000;
  Error full{ErrorCode::kIo, "the disk is full"};
  std::optional<Error> unwilling{};
  mutable std::vector<Response> heads;
  mutable std::vector<std::string> pieces;
  mutable std::string text;
  mutable int alive = 0;
};

std::string Sized(std::string_view head, const std::string& body) {
  return std::string(head) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string Chunked(std::string_view head, std::string_view body) {
  std::string text = std::string(head) + "Transfer-Encoding: chunked\r\n\r\n";
  for (; !body.empty(); body.remove_prefix(1))
    text.append("1\r\n").append(1, body[0]).append("\r\n");
  return text + "0\r\n\r\n";
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kGzipped = kOk + "Content-Encoding: gzip\r\n";

class ResponseBodyTest : public testing::TestWithParam<std::size_t> {
 protected:
  Result<Progress> Read(const std::string& text, const BodyHandling& handling,
                        Method method = Method::kGet) {
    reader_.Start(method, handling);
    return Feed(reader_, text, GetParam());
  }
  const Response& response() const { return reader_.response(); }

  Keeper keeper_;
  ResponseReader reader_{kSmall};
};

INSTANTIATE_TEST_SUITE_P(InPiecesOf, ResponseBodyTest, testing::Values(1, 2, 7, 10'000),
                         testing::PrintToStringParamName());

TEST_P(ResponseBodyTest, ATargetGetsTheBodyInstead) {
  for (const std::string& text : {Sized(kOk, "hello"), Chunked(kOk, "hello")}) {
    keeper_.text.clear();
    ASSERT_EQ(*Read(text, {.target = &keeper_}), Progress::kComplete);
    EXPECT_EQ(keeper_.text, "hello");
    EXPECT_EQ(keeper_.alive, 0);
    EXPECT_EQ(response().body, "");
    EXPECT_EQ(response().body_bytes, 5u);
    EXPECT_TRUE(reader_.keep_alive());
  }
  ASSERT_EQ(keeper_.heads.size(), 2u);
  EXPECT_EQ(keeper_.heads[0].status, 200);
  EXPECT_EQ(keeper_.heads[0].headers.Get("Content-Length"), "5");
}

TEST_P(ResponseBodyTest, ATargetGetsABodyThatEndsWithTheConnection) {
  ASSERT_EQ(*Read(kOk + "\r\nhello", {.target = &keeper_}), Progress::kMore);
  EXPECT_EQ(keeper_.alive, 1);
  ASSERT_EQ(*reader_.Close(), Progress::kComplete);
  EXPECT_EQ(keeper_.text, "hello");
  EXPECT_EQ(keeper_.alive, 0);
}

TEST_P(ResponseBodyTest, ATargetGetsWhatHasComeOfAChunkAtOnce) {
  const std::string head = kOk + "Transfer-Encoding: chunked\r\n\r\n";
  ASSERT_EQ(*Read(head + "9\r\nhello ab", {.target = &keeper_}), Progress::kMore);
  EXPECT_EQ(keeper_.text, "hello ab");
  EXPECT_EQ(reader_.Close().error().message, "connection closed after 8 bytes of the body");
}

TEST_P(ResponseBodyTest, ATargetHasNoLimit) {
  const std::string big(70'000, 'x');
  ASSERT_EQ(*Read(Sized(kOk, big), {.target = &keeper_}), Progress::kComplete);
  EXPECT_EQ(keeper_.text, big);
  EXPECT_EQ(response().body_bytes, 70'000u);
}

TEST_P(ResponseBodyTest, ATargetHearsOfEveryFinalResponse) {
  EXPECT_EQ(*Read(Sized(kOk, ""), {.target = &keeper_}), Progress::kComplete);
  EXPECT_EQ(*Read("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
                  {.target = &keeper_}),
            Progress::kComplete);
  EXPECT_EQ(*Read(kOk + "Content-Length: 99999\r\n\r\n", {.target = &keeper_}, Method::kHead),
            Progress::kComplete);
  EXPECT_EQ(*Read(Sized("HTTP/1.1 302 Found\r\n", "x"), {.target = &keeper_}), Progress::kComplete);
  ASSERT_EQ(keeper_.heads.size(), 4u);
  EXPECT_EQ(keeper_.heads[1].status, 204);
  EXPECT_EQ(keeper_.heads[3].status, 302);
  EXPECT_EQ(keeper_.text, "x");
  EXPECT_EQ(keeper_.alive, 0);
}

TEST_P(ResponseBodyTest, TheErrorOfASinkEndsTheExchange) {
  keeper_.most = 2;
  for (const std::string& text : {Sized(kOk, "hello"), Chunked(kOk, "hello"), kOk + "\r\nhello",
                                  Sized(kGzipped, Deflated("hello", kGzip))}) {
    keeper_.text.clear();
    EXPECT_EQ(Read(text, {.target = &keeper_, .decode = true}).error(), keeper_.full);
    EXPECT_FALSE(reader_.keep_alive());
  }
}

TEST_P(ResponseBodyTest, TheErrorOfATargetEndsTheExchange) {
  keeper_.unwilling = Error{ErrorCode::kIo, "not here"};
  EXPECT_EQ(Read(Sized(kOk, "hello"), {.target = &keeper_}).error(), *keeper_.unwilling);
  EXPECT_EQ(Read(Sized(kOk, ""), {.target = &keeper_}).error(), *keeper_.unwilling);
  EXPECT_EQ(keeper_.text, "");
}

TEST_P(ResponseBodyTest, StartLetsGoOfASink) {
  ASSERT_EQ(*Read(kOk + "Content-Length: 9\r\n\r\nhell", {.target = &keeper_}), Progress::kMore);
  EXPECT_EQ(keeper_.alive, 1);
  const auto closed = reader_.Close();
  EXPECT_EQ(closed.error().message, "connection closed after 4 bytes of the body, 5 missing");
  ASSERT_EQ(*Read(Sized(kOk, "hello"), {}), Progress::kComplete);
  EXPECT_EQ(keeper_.alive, 0);
  EXPECT_EQ(keeper_.text, "hell");
  EXPECT_EQ(response().body, "hello");
}

TEST_P(ResponseBodyTest, DiscardedBodiesAreCounted) {
  const auto discard = DiscardBody();
  ASSERT_EQ(*Read(Sized(kOk, std::string(500, 'x')), {.target = discard.get()}),
            Progress::kComplete);
  EXPECT_EQ(response().body, "");
  EXPECT_EQ(response().body_bytes, 500u);
}

TEST_P(ResponseBodyTest, DecodesWhereAskedTo) {
  for (const auto& [coding, body] :
       {std::pair("gzip", Deflated("hello", kGzip)), std::pair("X-GZIP", Deflated("hello", kGzip)),
        std::pair("deflate", Deflated("hello", kZlib)),
        std::pair("deflate", Deflated("hello", kRaw))}) {
    const std::string head = kOk + "content-encoding: " + coding + "\r\n";
    for (const std::string& text : {Sized(head, body), Chunked(head, body)}) {
      ASSERT_EQ(*Read(text, {.decode = true}), Progress::kComplete);
      EXPECT_EQ(response().body, "hello");
      EXPECT_EQ(response().body_bytes, 5u);
      EXPECT_EQ(response().headers.Get("Content-Encoding"), coding);
      EXPECT_TRUE(reader_.keep_alive());
      ASSERT_EQ(*Read(text, {.target = &keeper_, .decode = true}), Progress::kComplete);
      EXPECT_EQ(response().body_bytes, 5u);
      ASSERT_EQ(*Read(text, {}), Progress::kComplete);
      EXPECT_EQ(response().body, body);
    }
  }
  EXPECT_EQ(keeper_.text.size(), 8u * 5);
}

TEST_P(ResponseBodyTest, WhatItCannotDecodePassesUntouched) {
  const std::string body = Deflated("hello", kGzip);
  for (const char* fields : {"", "Content-Encoding: br\r\n", "Content-Encoding: gzip, gzip\r\n",
                             "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
                             "Content-Encodin: gzip\r\n", "Content-Encoding: identity\r\n"}) {
    ASSERT_EQ(*Read(Sized(kGzipped, body), {.decode = true}), Progress::kComplete);
    ASSERT_EQ(*Read(Sized(kOk + fields, body), {.decode = true}), Progress::kComplete);
    EXPECT_EQ(response().body, body) << fields;
  }
}

TEST_P(ResponseBodyTest, TheLimitIsOfWhatWasDecoded) {
  const std::string fits(100, 'x');
  ASSERT_EQ(*Read(Sized(kGzipped, Deflated(fits, kGzip)), {.decode = true}), Progress::kComplete);
  EXPECT_EQ(response().body, fits);
  const auto bomb = Read(Sized(kGzipped, Deflated(fits + "x", kGzip)), {.decode = true});
  EXPECT_EQ(bomb.error(), (Error{ErrorCode::kBodyTooLarge,
                                 "response body is larger than the limit of 100 bytes"}));
  // What gzip makes longer does not count.
  std::string noise;
  for (int i = 0; i < 100; ++i) noise += static_cast<char>(i * 89 % 256);
  const std::string longer = Deflated(noise, kGzip);
  ASSERT_GT(longer.size(), 100u);
  ASSERT_EQ(*Read(Sized(kGzipped, longer), {.decode = true}), Progress::kComplete);
  EXPECT_EQ(response().body, noise);
}

TEST_P(ResponseBodyTest, ABombCostsNoMoreThanTheLimit) {
  const std::string bomb = Deflated(std::string(10'000'000, 'x'), kGzip);
  EXPECT_EQ(Read(Sized(kGzipped, bomb), {.decode = true}).error().code, ErrorCode::kBodyTooLarge);
  EXPECT_LE(response().body.capacity(), 1'000u);
  ASSERT_EQ(*Read(Sized(kGzipped, bomb), {.target = &keeper_, .decode = true}),
            Progress::kComplete);
  EXPECT_EQ(response().body_bytes, 10'000'000u);
  for (const std::string& piece : keeper_.pieces) EXPECT_LE(piece.size(), 16u * 1024);
}

TEST_P(ResponseBodyTest, AnEncodedBodyThatEndsTooEarlyIsAnError) {
  const std::string gzip = Deflated("hello", kGzip);
  const std::string most = gzip.substr(0, gzip.size() - 1);
  const Error error{ErrorCode::kMalformedResponse,
                    "malformed response: gzip body: ends too early, after 5 decoded bytes"};
  EXPECT_EQ(Read(Sized(kGzipped, most), {.decode = true}).error(), error);
  EXPECT_EQ(Read(Chunked(kGzipped, most), {.decode = true}).error(), error);
  ASSERT_EQ(*Read(kGzipped + "\r\n" + most, {.decode = true}), Progress::kMore);
  EXPECT_EQ(reader_.Close().error(), error);
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_P(ResponseBodyTest, ACorruptEncodedBodyIsAnError) {
  const Error error{ErrorCode::kMalformedResponse,
                    "malformed response: gzip body: incorrect header check"};
  EXPECT_EQ(Read(Sized(kGzipped, "hello"), {.decode = true}).error(), error);
  EXPECT_EQ(Read(Chunked(kGzipped, "hello"), {.target = &keeper_, .decode = true}).error(), error);
  EXPECT_EQ(keeper_.text, "");
}

TEST_P(ResponseBodyTest, NoBodyNeedsNoDecoding) {
  EXPECT_EQ(*Read(kGzipped + "Content-Length: 30\r\n\r\n", {.decode = true}, Method::kHead),
            Progress::kComplete);
  EXPECT_EQ(*Read("HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n", {.decode = true}),
            Progress::kComplete);
  EXPECT_EQ(*Read(Sized(kGzipped, ""), {.decode = true}), Progress::kComplete);
}

TEST_P(ResponseBodyTest, AHeadOfAnySizeHasNoBodyToLimit) {
  for (const BodyHandling& handling : {BodyHandling{}, BodyHandling{.decode = true}}) {
    EXPECT_EQ(*Read(kOk + "Content-Length: 101\r\n\r\n", handling, Method::kHead),
              Progress::kComplete);
    EXPECT_EQ(Read(kOk + "Content-Length: 101\r\n\r\n", handling).error().code,
              ErrorCode::kBodyTooLarge);
    EXPECT_EQ(*Read(Sized(kOk, std::string(100, 'x')), handling), Progress::kComplete);
    EXPECT_EQ(Read(Chunked(kOk, std::string(101, 'x')), handling).error().code,
              ErrorCode::kBodyTooLarge);
  }
}

TEST_P(ResponseBodyTest, TheBodyOfARedirectCanBeDropped) {
  for (const char* status : {"301", "302", "303", "307", "308"}) {
    const std::string head =
        std::string("HTTP/1.1 ") + status + " Moved\r\nContent-Encoding: gzip\r\n";
    ASSERT_EQ(*Read(Sized(head, "no gzip"),
                    {.target = &keeper_, .decode = true, .drop_redirect_bodies = true}),
              Progress::kComplete);
    EXPECT_EQ(response().body, "");
    EXPECT_EQ(response().body_bytes, 7u);
    EXPECT_TRUE(keeper_.heads.empty());
    EXPECT_TRUE(reader_.keep_alive());
    ASSERT_EQ(*Read(Sized(head, "hello"), {.drop_redirect_bodies = true}), Progress::kComplete);
    EXPECT_EQ(response().body, "");
    ASSERT_EQ(*Read(Sized(head, "hello"), {}), Progress::kComplete);
    EXPECT_EQ(response().body, "hello");
  }
  for (const char* status : {"200", "300", "304", "305", "306", "309", "404"}) {
    const std::string head = std::string("HTTP/1.1 ") + status + " Here\r\n";
    ASSERT_EQ(*Read(Sized(head, ""), {.target = &keeper_, .drop_redirect_bodies = true}),
              Progress::kComplete);
  }
  EXPECT_EQ(keeper_.heads.size(), 7u);
  ASSERT_EQ(*Read(Sized(kOk, "hello"), {.drop_redirect_bodies = true}), Progress::kComplete);
  EXPECT_EQ(response().body, "hello");
}

TEST_P(ResponseBodyTest, ADroppedBodyIsLimitedToo) {
  const std::string head = "HTTP/1.1 302 Found\r\n";
  const BodyHandling drop{.target = &keeper_, .drop_redirect_bodies = true};
  EXPECT_EQ(Read(Sized(head, std::string(101, 'x')), drop).error().code, ErrorCode::kBodyTooLarge);
  EXPECT_EQ(Read(Chunked(head, std::string(101, 'x')), drop).error().code,
            ErrorCode::kBodyTooLarge);
}

TEST_P(ResponseBodyTest, AnAbortedDecodingIsForgotten) {
  const std::string gzip = Deflated("hello", kGzip);
  const std::string half = kGzipped + "Content-Length: 25\r\n\r\n" + gzip.substr(0, 12);
  for (int again = 0; again < 2; ++again) {
    ASSERT_EQ(*Read(half, {.decode = true}), Progress::kMore);
    ASSERT_EQ(*Read(Sized(kOk, "hello"), {.decode = true}), Progress::kComplete);
    EXPECT_EQ(response().body, "hello");
    ASSERT_EQ(*Read(half, {.decode = true}), Progress::kMore);
    ASSERT_EQ(*Read(Sized(kGzipped, gzip), {.decode = true}), Progress::kComplete);
    EXPECT_EQ(response().body, "hello");
    ASSERT_EQ(*Read(half, {.decode = true}), Progress::kMore);
    ASSERT_EQ(*Read(Sized(kOk, "hello"), {}), Progress::kComplete);
    EXPECT_EQ(response().body, "hello");
    ASSERT_EQ(*Read(half, {.decode = true}), Progress::kMore);
    EXPECT_EQ(Read(Chunked(kOk, std::string(101, 'x')), {}).error().code, ErrorCode::kBodyTooLarge);
    ASSERT_EQ(*Read(kOk + "Content-Length: 9\r\n\r\nhell", {}), Progress::kMore);
    EXPECT_EQ(reader_.Close().error().message,
              "connection closed after 4 bytes of the body, 5 missing");
  }
}

TEST_P(ResponseBodyTest, AReaderCanBeMoved) {
  ResponseReader moved = std::move(reader_);
  moved.Start(Method::kGet, {.target = &keeper_});
  ASSERT_EQ(*Feed(moved, Sized(kOk, "hello"), GetParam()), Progress::kComplete);
  EXPECT_EQ(keeper_.text, "hello");
  moved.Start(Method::kGet);
  ASSERT_EQ(*Feed(moved, Sized(kOk, "hello"), GetParam()), Progress::kComplete);
  EXPECT_EQ(moved.response().body, "hello");
}

}  // namespace
}  // namespace assay
