#include "assay/transport/content_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/transport/deflated.h"

namespace assay {
namespace {

using testing_bodies::Deflated;
using testing_bodies::kGzip;
using testing_bodies::kRaw;
using testing_bodies::kZlib;

class ContentDecoderTest : public testing::TestWithParam<std::size_t> {
 protected:
  // `body` arrives in pieces of the parameter's size.
  Result<std::string> Decode(std::string_view coding, std::string_view body) {
    known_ = decoder_.Start(coding);
    std::string all;
    while (!body.empty()) {
      std::string_view piece = body.substr(0, GetParam());
      body.remove_prefix(piece.size());
      for (;;) {
        auto output = decoder_.Decode(piece);
        if (!output) return std::move(output).error();
        if (output->empty()) break;
        EXPECT_LE(output->size(), 16u * 1024);
        all += *output;
      }
      EXPECT_TRUE(piece.empty());
    }
    if (auto finished = decoder_.Finish(); !finished) return std::move(finished).error();
    return all;
  }
  std::string ErrorOf(std::string_view coding, std::string_view body) {
    auto decoded = Decode(coding, body);
    if (decoded.ok()) return "decoded: " + *decoded;
    EXPECT_EQ(decoded.error().code, ErrorCode::kMalformedResponse);
    return decoded.error().message;
  }

  ContentDecoder decoder_;
  bool known_ = false;
};

INSTANTIATE_TEST_SUITE_P(InPiecesOf, ContentDecoderTest, testing::Values(1, 2, 7, 10'000),
                         testing::PrintToStringParamName());

std::string LongText() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + " ";
  return text;
}

TEST_P(ContentDecoderTest, DecodesEachFormat) {
  for (const std::string& text : {std::string("hello"), std::string(), LongText()}) {
    EXPECT_EQ(*Decode("gzip", Deflated(text, kGzip)), text);
    EXPECT_TRUE(known_);
    EXPECT_EQ(*Decode("deflate", Deflated(text, kZlib)), text);
    EXPECT_TRUE(known_);
    EXPECT_EQ(*Decode("deflate", Deflated(text, kRaw)), text);
  }
}

TEST_P(ContentDecoderTest, ADeflateWindowMayBeSmaller) {
  EXPECT_EQ(*Decode("deflate", Deflated("hello", 9)), "hello");
}

TEST_P(ContentDecoderTest, StoredBlocksWithoutAHeaderAreNotTakenForZlib) {
  const std::string stored("\x01\x05\x00\xfa\xffhello", 10);
  EXPECT_EQ(*Decode("deflate", stored), "hello");
}

TEST_P(ContentDecoderTest, NamesOfCodingsHaveNoCase) {
  for (const char* name : {"GZIP", "gZip", "x-gzip", "X-Gzip"}) {
    EXPECT_EQ(*Decode(name, Deflated("hello", kGzip)), "hello") << name;
  }
  EXPECT_EQ(*Decode("DEFLATE", Deflated("hello", kZlib)), "hello");
}

TEST_P(ContentDecoderTest, WhatItDoesNotKnowPassesUntouched) {
  const std::string body = Deflated("hello", kGzip);
  for (const char* name : {"identity", "", "br", "gzip, gzip", "gzip ", "gzi", "gzipp", "GZIP\x1b",
                           "[zip", "x-gzi", "zstd"}) {
    EXPECT_EQ(*Decode(name, body), body) << name;
    EXPECT_FALSE(known_) << name;
  }
}

TEST_P(ContentDecoderTest, SeveralGzipMembersAreOneBody) {
  const std::string members =
      Deflated("hello", kGzip) + Deflated("", kGzip) + Deflated(" world", kGzip);
  EXPECT_EQ(*Decode("gzip", members), "hello world");
  EXPECT_EQ(*Decode("gzip", Deflated("x", kGzip) + Deflated("y", kGzip)), "xy");
}

TEST_P(ContentDecoderTest, NoBytesAreNoBody) {
  EXPECT_EQ(*Decode("gzip", ""), "");
  EXPECT_EQ(*Decode("deflate", ""), "");
}

TEST_P(ContentDecoderTest, EveryTruncationIsAnError) {
  for (const auto& [coding, body] :
       {std::pair("gzip", Deflated("hello", kGzip)), std::pair("deflate", Deflated("hello", kZlib)),
        std::pair("deflate", Deflated("hello", kRaw))}) {
    for (std::size_t size = 1; size < body.size(); ++size) {
      EXPECT_NE(ErrorOf(coding, body.substr(0, size)).find("body: ends too early, after "),
                std::string::npos)
          << coding << " " << size;
    }
  }
  EXPECT_EQ(ErrorOf("gzip", Deflated("hello", kGzip) + "\x1f"),
            "malformed response: gzip body: ends too early, after 5 decoded bytes");
}

TEST_P(ContentDecoderTest, CorruptionIsNamed) {
  const std::string gzip = Deflated("hello", kGzip);
  std::string bad = gzip;
  bad[bad.size() - 8] ^= 1;
  EXPECT_EQ(ErrorOf("gzip", bad), "malformed response: gzip body: incorrect data check");
  bad = gzip;
  bad[bad.size() - 4] ^= 1;
  EXPECT_EQ(ErrorOf("gzip", bad), "malformed response: gzip body: incorrect length check");
  EXPECT_EQ(ErrorOf("gzip", "hello"), "malformed response: gzip body: incorrect header check");
  EXPECT_EQ(ErrorOf("gzip", Deflated("hello", kZlib)),
            "malformed response: gzip body: incorrect header check");
  EXPECT_EQ(ErrorOf("gzip", gzip + "xy"), "malformed response: gzip body: incorrect header check");
  EXPECT_EQ(ErrorOf("deflate", "hello"),
            "malformed response: deflate body: incorrect header check");
  EXPECT_EQ(ErrorOf("deflate", "\x07xyz"), "malformed response: deflate body: invalid block type");
  EXPECT_EQ(ErrorOf("deflate", "\x78\xbb\x01\x02\x03\x04"),
            "malformed response: deflate body: need dictionary");
}

TEST_P(ContentDecoderTest, NothingMayFollowDeflate) {
  for (const int format : {kZlib, kRaw}) {
    EXPECT_EQ(ErrorOf("deflate", Deflated("hello", format) + "x"),
              "malformed response: deflate body: bytes after its end");
  }
}

TEST_P(ContentDecoderTest, StartForgetsWhateverWasBefore) {
  (void)ErrorOf("gzip", Deflated(LongText(), kGzip).substr(0, 5'000));
  EXPECT_EQ(*Decode("deflate", Deflated("hello", kRaw)), "hello");
  (void)ErrorOf("deflate", "hello");
  EXPECT_EQ(*Decode("gzip", Deflated("hello", kGzip)), "hello");
  EXPECT_EQ(ErrorOf("gzip", Deflated("hello", kGzip).substr(0, 11)),
            "malformed response: gzip body: ends too early, after 0 decoded bytes");
  EXPECT_EQ(*Decode("identity", "hello"), "hello");
}

TEST(ContentDecoder, ABombGoesOffSixteenKilobytesAtATime) {
  const std::string bomb = Deflated(std::string(10'000'000, 'x'), kGzip);
  ASSERT_LT(bomb.size(), 10'000u);
  ContentDecoder decoder;
  decoder.Start("gzip");
  std::string_view input = bomb;
  EXPECT_EQ(decoder.Decode(input).value().size(), 16u * 1024);
  EXPECT_FALSE(input.empty());
}

}  // namespace
}  // namespace assay
