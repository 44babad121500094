// What two readers of one message could understand differently is refused.
#include <gtest/gtest.h>

#include <string>

#include "tests/transport/reader_feed.h"

namespace assay {
namespace {

using Progress = ResponseReader::Progress;

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kChunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";

class ResponseSmugglingTest : public testing::TestWithParam<std::size_t> {
 protected:
  // The message of kMalformedResponse, without its beginning.
  std::string Refusal(const std::string& text) {
    reader_.Start(Method::kGet);
    auto progress = Feed(reader_, text, GetParam());
    if (progress.ok()) return "accepted";
    EXPECT_EQ(progress.error().code, ErrorCode::kMalformedResponse) << progress.error().message;
    const std::string beginning = "malformed response: ";
    EXPECT_EQ(progress.error().message.substr(0, beginning.size()), beginning);
    return progress.error().message.substr(beginning.size());
  }
  void ExpectRefused(const std::string& text) { EXPECT_NE(Refusal(text), "accepted") << text; }

  ResponseReader reader_{ConnectionOptions{}};
};

INSTANTIATE_TEST_SUITE_P(InPiecesOf, ResponseSmugglingTest, testing::Values(1, 2, 7, 10'000),
                         testing::PrintToStringParamName());

TEST_P(ResponseSmugglingTest, LengthsThatDiffer) {
  ExpectRefused(kOk + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk");
  ExpectRefused(kOk + "Content-Length: 2, 3\r\n\r\nokk");
}

TEST_P(ResponseSmugglingTest, LengthsThatAreNoNumbers) {
  for (const char* length : {"-1", "+2", "0x2", "2 2", "", "2,", "18446744073709551616", "2;"}) {
    ExpectRefused(kOk + "Content-Length: " + length + "\r\n\r\nok");
  }
}

TEST_P(ResponseSmugglingTest, LengthAndTransferEncoding) {
  ExpectRefused(kOk +
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  ExpectRefused(kOk +
                "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n");
  ExpectRefused(kChunked + "2\r\nok\r\n0\r\nContent-Length: 2\r\n\r\n");
  ExpectRefused(kChunked + "2\r\nok\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, TransferCodingsOtherThanChunked) {
  for (const char* coding : {"gzip, chunked", "chunked, chunked", "chunked, gzip", "gzip",
                             "identity", "", "chunked;q=1", "xchunked", ",chunked", "chunked,"}) {
    EXPECT_EQ(Refusal(kOk + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n"),
              "a Transfer-Encoding other than 'chunked'")
        << coding;
  }
  ExpectRefused(kOk + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, ChunkedHasNoCaseAndMaySpaceItselfOut) {
  for (const char* coding : {"Chunked", "CHUNKED", " \t chunked \t "}) {
    EXPECT_EQ(Refusal(kOk + "Transfer-Encoding:" + coding + "\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
              "accepted");
    EXPECT_EQ(reader_.response().body, "ok");
    EXPECT_TRUE(reader_.keep_alive());
  }
}

TEST_P(ResponseSmugglingTest, ChunkSizesThatAreNone) {
  for (const char* size : {"", "0x10", "+5", "-5", " 5", "5 ", "5 5", "10000000000000000", "g",
                           "5\n", ";x", "\"5\"", "5\t"}) {
    ExpectRefused(kChunked + size + "\r\nhello67890123456\r\n0\r\n\r\n");
  }
}

TEST_P(ResponseSmugglingTest, AChunkThatDoesNotEndWhereItSays) {
  ExpectRefused(kChunked + "2\r\noks\r\n0\r\n\r\n");
  ExpectRefused(kChunked + "3\r\nok\r\n0\r\n\r\n");
  ExpectRefused(kChunked + "2\r\nok\n\n0\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, ControlCharactersInChunkExtensions) {
  const std::string what = "a control character in a chunk extension";
  EXPECT_EQ(Refusal(kChunked + "2;x=\"\n\"\r\nok\r\n0\r\n\r\n"), what);
  EXPECT_EQ(Refusal(kChunked + "2;x=\"\x7f\"\r\nok\r\n0\r\n\r\n"), what);
  EXPECT_EQ(Refusal(kChunked + "2;x=\"\x1f\"\r\nok\r\n0\r\n\r\n"), what);
  EXPECT_EQ(Refusal(kChunked + "2\r\nok\r\n0;x=\"\n\"\r\n\r\n"), what);
  EXPECT_EQ(Refusal(kChunked + "2;x=\"\t \x80\"\r\nok\r\n0\r\n\r\n"), "accepted");
}

TEST_P(ResponseSmugglingTest, LinesThatEndWithoutACarriageReturn) {
  ExpectRefused("HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok");
  ExpectRefused(kOk + "Content-Length: 2\n\r\nok\r\n\r\n");
  ExpectRefused(kOk + "Content-Length: 2\r\n\nok\r\n\r\n");
  ExpectRefused(kOk + "X: y\nContent-Length: 2\r\n\r\nok");
  ExpectRefused(kOk + "X: y\rContent-Length: 2\r\n\r\nok");
  ExpectRefused(kChunked + "2\nok\r\n0\r\n\r\n");
  ExpectRefused(kChunked + "2\r\nok\r\n0\r\nX: y\n\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, FoldedLines) {
  const std::string what = "a header field is folded over two lines";
  for (const char* field : {"X: a\r\n b", "X: a\r\n\tb", "X:\r\n b", "X: \r\n\tb", "X:\r\n \r\n b",
                            "X: a\r\n ", "X:\r\n ", "X: a\r\n \r\n \r\n b"}) {
    EXPECT_EQ(Refusal(kOk + field + "\r\nContent-Length: 2\r\n\r\nok"), what) << field;
    EXPECT_EQ(Refusal(kChunked + "0\r\n" + field + "\r\n\r\n"), what) << field;
  }
  EXPECT_EQ(Refusal(kOk + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), what);
  ExpectRefused(kOk + " X: y\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(Refusal(kOk + "X:" + std::string(40, ' ') + "\t b\r\nContent-Length: 2\r\n\r\nok"),
            "accepted");
  EXPECT_EQ(reader_.response().headers.Get("X"), "b");
}

TEST_P(ResponseSmugglingTest, ControlCharactersInTheHead) {
  for (const char bad : {'\0', '\x01', '\x1f', '\x7f', '\r', '\n'}) {
    const std::string one(1, bad);
    ExpectRefused(kOk + "X: a" + one + "b\r\nContent-Length: 0\r\n\r\n");
    ExpectRefused(kOk + "X" + one + ": b\r\nContent-Length: 0\r\n\r\n");
    ExpectRefused("HTTP/1.1 200 O" + one + "K\r\nContent-Length: 0\r\n\r\n");
  }
  ExpectRefused(kOk + "X : y\r\nContent-Length: 0\r\n\r\n");
  ExpectRefused(kOk + ": y\r\nContent-Length: 0\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, OtherVersions) {
  for (const char* line :
       {"HTTP/0.9 200 OK", "HTTP/2.0 200 OK", "HTTP/2 200 OK", "HTTP/1.2 200 OK", "http/1.1 200 OK",
        "HTTP/1.10 200 OK", "HTTP/11 200 OK", "ICY 200 OK", "<html>old</html>"}) {
    ExpectRefused(std::string(line) + "\r\nContent-Length: 0\r\n\r\n");
  }
}

TEST_P(ResponseSmugglingTest, StatusesThatAreNone) {
  for (const char* status : {"99", "2000", "-20", "20x", "2 0", "+20"}) {
    ExpectRefused(std::string("HTTP/1.1 ") + status + " OK\r\nContent-Length: 0\r\n\r\n");
  }
  EXPECT_EQ(Refusal("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"), "the status is below 100");
  EXPECT_EQ(Refusal("HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"), "the status is below 100");
}

TEST_P(ResponseSmugglingTest, ProtocolsThatNobodyAskedFor) {
  EXPECT_EQ(Refusal("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
            "101 Switching Protocols, which nobody asked for");
}

TEST_P(ResponseSmugglingTest, ABodyAfterAnInterimResponse) {
  ExpectRefused("HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nok" + kOk +
                "Content-Length: 0\r\n\r\n");
}

TEST_P(ResponseSmugglingTest, ChunksFromAnOldServerForbidReuse) {
  const std::string rest =
      "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  EXPECT_EQ(Refusal("HTTP/1.0 200 OK\r\n" + rest), "accepted");
  EXPECT_EQ(reader_.response().body, "ok");
  EXPECT_FALSE(reader_.keep_alive());
  EXPECT_EQ(Refusal("HTTP/1.1 200 OK\r\n" + rest), "accepted");
  EXPECT_TRUE(reader_.keep_alive());
  EXPECT_EQ(Refusal("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
            "accepted");
  EXPECT_TRUE(reader_.keep_alive());
}

}  // namespace
}  // namespace assay
