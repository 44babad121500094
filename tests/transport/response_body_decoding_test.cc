// The body of a response that came encoded.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/transport/deflated.h"
#include "tests/transport/response_body_scene.h"

namespace assay::response_body {
namespace {

using testing_bodies::Deflated;
using testing_bodies::kGzip;
using testing_bodies::kRaw;
using testing_bodies::kZlib;

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

}  // namespace
}  // namespace assay::response_body
