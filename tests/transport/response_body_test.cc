// Where the body of a response goes: to a target, or nowhere.
#include <gtest/gtest.h>

#include <string>

#include "tests/transport/deflated.h"
#include "tests/transport/response_body_scene.h"

namespace assay::response_body {
namespace {

using testing_bodies::Deflated;
using testing_bodies::kGzip;

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
}  // namespace assay::response_body
