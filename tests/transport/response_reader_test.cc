#include "assay/transport/response_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/transport/reader_feed.h"

namespace assay {
namespace {

using Progress = ResponseReader::Progress;

const ConnectionOptions kSmall{
    .timeout = std::chrono::seconds(1), .max_header_bytes = 256, .max_body_bytes = 100};

class ResponseReaderTest : public testing::TestWithParam<std::size_t> {
 protected:
  Result<Progress> Read(std::string_view text, Method method = Method::kGet) {
    reader_.Start(method);
    return Feed(reader_, text, GetParam());
  }
  ErrorCode ErrorOf(std::string_view text) {
    auto progress = Read(text);
    if (progress.ok()) progress = reader_.Close();
    if (progress.ok()) ADD_FAILURE() << "accepted: " << text;
    return progress.error().code;
  }
  const Response& response() const { return reader_.response(); }

  ResponseReader reader_{kSmall};
};

INSTANTIATE_TEST_SUITE_P(InPiecesOf, ResponseReaderTest, testing::Values(1, 2, 7, 10'000),
                         testing::PrintToStringParamName());

TEST_P(ResponseReaderTest, ReadsABodyOfKnownLength) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"),
            Progress::kComplete);
  EXPECT_EQ(response().status, 200);
  EXPECT_EQ(response().body, "hello");
  EXPECT_EQ(response().headers.Get("x"), "y");
  EXPECT_EQ(response().headers.size(), 2u);
  EXPECT_EQ(response().body_bytes, 5u);
  EXPECT_TRUE(reader_.keep_alive());
}

TEST_P(ResponseReaderTest, ReadsChunks) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"),
            Progress::kComplete);
  EXPECT_EQ(response().body, "hello world");
  EXPECT_EQ(response().body_bytes, 11u);
  EXPECT_TRUE(reader_.keep_alive());
}

TEST_P(ResponseReaderTest, ReadsAnEmptyChunkedBodyAndTrailers) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n"),
            Progress::kComplete);
  EXPECT_EQ(response().body, "");
  EXPECT_EQ(response().headers.Get("X"), "y");
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Progress::kComplete);
}

TEST_P(ResponseReaderTest, ReadsABodyThatEndsWithTheConnection) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\n\r\nhello"), Progress::kMore);
  ASSERT_EQ(*reader_.Close(), Progress::kComplete);
  EXPECT_EQ(response().body, "hello");
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_P(ResponseReaderTest, ResponsesWithoutABodyEndWithTheirHeaders) {
  EXPECT_EQ(*Read("HTTP/1.1 204 No Content\r\n\r\n"), Progress::kComplete);
  EXPECT_EQ(*Read("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), Progress::kComplete);
  EXPECT_EQ(*Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Method::kHead),
            Progress::kComplete);
}

TEST_P(ResponseReaderTest, SkipsInterimResponses) {
  ASSERT_EQ(*Read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            Progress::kComplete);
  EXPECT_EQ(response().status, 200);
  EXPECT_EQ(response().body, "ok");
  EXPECT_EQ(response().headers.Get("Link"), std::nullopt);
}

TEST_P(ResponseReaderTest, SaysWhetherContinueHasCome) {
  ASSERT_EQ(*Read("HTTP/1.1 103 Early Hints\r\n\r\n"), Progress::kMore);
  EXPECT_FALSE(reader_.continue_received());
  for (int again = 0; again < 2; ++again) {
    ASSERT_EQ(*Read("HTTP/1.1 100 Continue\r\n\r\n"), Progress::kMore);
    EXPECT_TRUE(reader_.continue_received());
    ASSERT_EQ(*Feed(reader_, "HTTP/1.1 103 Early Hints\r\n\r\n", GetParam()), Progress::kMore);
    EXPECT_TRUE(reader_.continue_received());
    reader_.Start(Method::kGet);
    EXPECT_FALSE(reader_.continue_received());
  }
}

TEST_P(ResponseReaderTest, SaysWhenTheFinalHeadIsComplete) {
  EXPECT_FALSE(reader_.head_complete());
  ASSERT_EQ(*Read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n"),
            Progress::kMore);
  EXPECT_FALSE(reader_.head_complete());
  ASSERT_EQ(*Feed(reader_, "\r\n", GetParam()), Progress::kMore);
  EXPECT_TRUE(reader_.head_complete());
  ASSERT_EQ(*Feed(reader_, "ok", GetParam()), Progress::kComplete);
  EXPECT_TRUE(reader_.head_complete());
  reader_.Start(Method::kGet);
  EXPECT_FALSE(reader_.head_complete());
}

TEST(ResponseReader, AnInterimHeadIsNoFinalOne) {
  ResponseReader reader(kSmall);
  reader.Start(Method::kGet);
  EXPECT_FALSE(reader.head_complete());
  ASSERT_EQ(*Feed(reader, "HTTP/1.1 199 Soon\r\n\r\n", 1'000), Progress::kMore);
  EXPECT_FALSE(reader.head_complete());
}

TEST_P(ResponseReaderTest, AFloodOfInterimResponsesIsMalformed) {
  std::string flood;
  for (int i = 0; i < 11; ++i) flood += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(ErrorOf(flood), ErrorCode::kMalformedResponse);
}

TEST_P(ResponseReaderTest, TheConnectionIsNotReusedWhenTheServerSaysSo) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
            Progress::kComplete);
  EXPECT_FALSE(reader_.keep_alive());
  ASSERT_EQ(*Read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"), Progress::kComplete);
  EXPECT_FALSE(reader_.keep_alive());
}

TEST_P(ResponseReaderTest, HeadersAboveTheLimitAreRefusedHoweverTheyArrive) {
  const std::string long_value = "HTTP/1.1 200 OK\r\nX: " + std::string(300, 'x') + "\r\n\r\n";
  EXPECT_EQ(ErrorOf(long_value), ErrorCode::kHeaderTooLarge);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 50; ++i) many += "X: yyyyyyyy\r\n";
  EXPECT_EQ(ErrorOf(many), ErrorCode::kHeaderTooLarge);
}

// Status line, fields and the empty line, down to the byte.
TEST_P(ResponseReaderTest, TheLimitOfHeadersCountsTheStatusLine) {
  const std::string begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
  const auto header = [&](std::size_t size) {
    return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(*Read(header(256)), Progress::kComplete);
  EXPECT_EQ(ErrorOf(header(257)), ErrorCode::kHeaderTooLarge);
}

TEST_P(ResponseReaderTest, AnEndlessChunkHeaderAndEndlessTrailersAreRefused) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ErrorOf(chunked + "5;" + std::string(40'000, 'x')), ErrorCode::kHeaderTooLarge);
  std::string trailers;
  for (int i = 0; i < 4'000; ++i) trailers += "X: yyyyyyyy\r\n";
  EXPECT_EQ(ErrorOf(chunked + "0\r\n" + trailers), ErrorCode::kHeaderTooLarge);
}

TEST_P(ResponseReaderTest, BodiesAboveTheLimitAreRefused) {
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"), ErrorCode::kBodyTooLarge);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
                    std::string(101, 'x') + "\r\n0\r\n\r\n"),
            ErrorCode::kBodyTooLarge);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x')), ErrorCode::kBodyTooLarge);
}

TEST_P(ResponseReaderTest, AnEarlyEndSaysHowMuchWasMissing) {
  ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), Progress::kMore);
  const auto closed = reader_.Close();
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, ErrorCode::kConnectionClosed);
  EXPECT_EQ(closed.error().message, "connection closed after 3 bytes of the body, 2 missing");
}

TEST_P(ResponseReaderTest, AnEndBeforeTheBodyIsConnectionClosed) {
  EXPECT_EQ(ErrorOf(""), ErrorCode::kConnectionClosed);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nConte"), ErrorCode::kConnectionClosed);
  EXPECT_EQ(ErrorOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            ErrorCode::kConnectionClosed);
}

TEST_P(ResponseReaderTest, WhatIsNotHttpIsMalformed) {
  for (const std::string text :
       {"hello\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    EXPECT_EQ(ErrorOf(text), ErrorCode::kMalformedResponse) << text;
  }
}

TEST(ResponseReader, BytesAfterTheResponseForbidReuse) {
  ResponseReader reader(kSmall);
  reader.Start(Method::kGet);
  ASSERT_EQ(*Feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200", 1000),
            Progress::kComplete);
  EXPECT_EQ(reader.response().body, "ok");
  EXPECT_FALSE(reader.keep_alive());
}

// Whatever it was in the middle of: a head, a body of each kind, trailers, an error.
TEST_P(ResponseReaderTest, GoesOnWithAnotherConnectionAtAnyPoint) {
  const std::string head = "HTTP/1.1 200 OK\r\nX: y\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& before :
       {std::string("HTTP/1.1 10"), head, head + "Content-Length: 9\r\n\r\nhell", head + "\r\nhell",
        chunked, chunked + "5\r\nhel", chunked + "5\r\nhello\r\n0\r\nX: ", chunked + "xyz\r\n",
        std::string("HTTP/1.1 100 Continue\r\n\r\n"), "X: " + std::string(300, 'x')}) {
    (void)Read(before, Method::kHead);
    (void)Read(before);
    ASSERT_EQ(*Read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Progress::kComplete)
        << before;
    EXPECT_EQ(response().body, "ok");
    EXPECT_EQ(response().body_bytes, 2u);
    EXPECT_EQ(response().headers.size(), 1u);
    EXPECT_TRUE(reader_.keep_alive());
    EXPECT_FALSE(reader_.continue_received());
  }
}

TEST(ResponseReader, StartForgetsTheResponseBefore) {
  ResponseReader reader(kSmall);
  reader.Start(Method::kGet);
  ASSERT_TRUE(Feed(reader, "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nok", 1000).ok());
  reader.Start(Method::kGet);
  EXPECT_EQ(reader.response().status, 0);
  EXPECT_EQ(reader.response().body, "");
  EXPECT_TRUE(reader.response().headers.empty());
}

}  // namespace
}  // namespace assay
