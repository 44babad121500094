#include "assay/transport/head_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

using Found = HeadScanner::Found;

const std::string kHead = "HTTP/1.1 200 OK\r\nX: y\r\nLonger: than that\r\n\r\n";
const std::string kStatusLine = "HTTP/1.1 200 OK\r\n";

// What `text` is found to be, byte by byte: the last answer that is not kMore, and before
// how many bytes it was kMore.
struct Answer {
  Found found;
  std::size_t bytes;
  friend bool operator==(const Answer&, const Answer&) = default;
};
void PrintTo(const Answer& answer, std::ostream* out) {
  *out << static_cast<int>(answer.found) << " after " << answer.bytes;
}

// For the first part that is refused, or the last one.
Answer ByteByByte(const std::string& text, std::size_t limit = 1'000) {
  HeadScanner scanner(limit);
  std::size_t begin = 0;
  Answer answer{Found::kMore, text.size()};
  for (std::size_t end = 1; end <= text.size(); ++end) {
    answer.found = scanner.Scan(std::string_view(text).substr(begin, end - begin));
    if (answer.found == Found::kPart) begin += scanner.size();
    if (answer.found != Found::kMore && answer.found != Found::kPart) {
      return {answer.found, end};
    }
  }
  return answer;
}

TEST(HeadScanner, FindsTheStatusLineAndThenTheFields) {
  HeadScanner scanner(kHead.size());
  ASSERT_EQ(scanner.Scan(kHead + "the body"), Found::kPart);
  EXPECT_EQ(scanner.size(), kStatusLine.size());
  ASSERT_EQ(scanner.Scan(kHead.substr(kStatusLine.size()) + "the body"), Found::kPart);
  EXPECT_EQ(scanner.size(), kHead.size() - kStatusLine.size());
}

TEST(HeadScanner, FindsThemByteByByteWithTheLastByteOfEach) {
  HeadScanner scanner(1'000);
  std::size_t begin = 0;
  std::vector<std::size_t> ends;
  for (std::size_t end = 0; end <= kHead.size(); ++end) {
    const Found found = scanner.Scan(std::string_view(kHead).substr(begin, end - begin));
    if (found == Found::kMore) continue;
    ASSERT_EQ(found, Found::kPart);
    EXPECT_EQ(scanner.size(), end - begin);
    begin = end;
    ends.push_back(end);
  }
  EXPECT_EQ(ends, (std::vector{kStatusLine.size(), kHead.size()}));
}

TEST(HeadScanner, NoFieldsAreAnEmptyLine) {
  HeadScanner scanner(1'000);
  ASSERT_EQ(scanner.Scan(kStatusLine + "\r\nbody"), Found::kPart);
  ASSERT_EQ(scanner.Scan("\r\nbody"), Found::kPart);
  EXPECT_EQ(scanner.size(), 2u);
}

TEST(HeadScanner, WhatIsNotHttpIsRefusedWithItsFirstWrongByte) {
  EXPECT_EQ(ByteByByte("SSH-2.0-x"), (Answer{Found::kNotHttp, 1}));
  EXPECT_EQ(ByteByByte("\r\nHTTP/1.1 200 OK\r\n"), (Answer{Found::kNotHttp, 1}));
  EXPECT_EQ(ByteByByte("HTTP/2 200"), (Answer{Found::kNotHttp, 6}));
  EXPECT_EQ(ByteByByte("HTTP/1.x"), (Answer{Found::kMore, 8}));  // is for the parser
}

TEST(HeadScanner, ALineFeedAloneIsRefusedAtOnce) {
  EXPECT_EQ(ByteByByte("HTTP/1.1 200 OK\nX: y\r\n\r\n"), (Answer{Found::kBareLineFeed, 16}));
  EXPECT_EQ(ByteByByte(kStatusLine + "\nX"), (Answer{Found::kBareLineFeed, 18}));
  EXPECT_EQ(ByteByByte(kStatusLine + "X: y\nZ"), (Answer{Found::kBareLineFeed, 22}));
  EXPECT_EQ(ByteByByte(kStatusLine + "X: y\r\n\n"), (Answer{Found::kBareLineFeed, 24}));
}

TEST(HeadScanner, AHeadAboveTheLimitIsRefusedWithItsFirstByteTooMany) {
  EXPECT_EQ(ByteByByte(kHead, kHead.size()).found, Found::kPart);
  EXPECT_EQ(ByteByByte(kHead, kHead.size() - 1), (Answer{Found::kTooLarge, kHead.size()}));
  EXPECT_EQ(ByteByByte(kHead, 20), (Answer{Found::kTooLarge, 21}));
  EXPECT_EQ(ByteByByte(kHead, 17), (Answer{Found::kTooLarge, 18}));
  EXPECT_EQ(ByteByByte(kHead, 9), (Answer{Found::kTooLarge, 10}));
}

// Or it would depend on the pieces what is seen first.
TEST(HeadScanner, NothingBehindTheLimitIsLookedAt) {
  HeadScanner scanner(kStatusLine.size() + 3);
  ASSERT_EQ(scanner.Scan(kStatusLine + "X: y\nZ"), Found::kPart);
  EXPECT_EQ(scanner.Scan("X: y\nZ"), Found::kTooLarge);
}

}  // namespace
}  // namespace assay
