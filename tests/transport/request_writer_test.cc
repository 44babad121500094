#include "assay/transport/request_writer.h"

#include <gtest/gtest.h>

#include "tests/transport/body_sources.h"

namespace assay {
namespace {

using testing_bodies::Source;

const Url kUrl{"h", 80, "/"};
const std::string kLine = "POST / HTTP/1.1\r\nHost: h\r\n";

WireRequest Wire(const Request& request) { return ToWire(request, Pooling::kPooled).value(); }

Request Post(std::string body) { return {Method::kPost, kUrl, {}, std::move(body)}; }

Request PostFrom(std::shared_ptr<const BodySource> source) {
  Request request = Post("");
  request.body_source = std::move(source);
  return request;
}

// All that is sent, `step` bytes at a time, until the writer is done or waits; or the error.
Result<std::string> Send(RequestWriter& writer, std::size_t step = 1'000'000) {
  std::string sent;
  while (!writer.done() && !writer.awaiting_continue()) {
    auto output = writer.Output();
    if (!output) return std::move(output).error();
    if (output->empty()) return Error{ErrorCode::kIo, "nothing to send, and not done"};
    const std::string_view taken = output->substr(0, step);
    sent += taken;
    const std::string_view rest = output->substr(taken.size());
    writer.Sent(taken.size());
    // Stays the same until all of it is sent.
    if (!rest.empty()) {
      EXPECT_EQ(writer.Output()->data(), rest.data());
    }
  }
  return sent;
}

Result<std::string> SendAll(const WireRequest& wire, std::size_t step = 1'000'000) {
  RequestWriter writer;
  writer.Start(wire);
  return Send(writer, step);
}

TEST(RequestWriter, BodyInMemoryGoesWithTheHead) {
  const WireRequest wire = Wire(Post("hello"));
  RequestWriter writer;
  writer.Start(wire);
  EXPECT_FALSE(writer.done());
  EXPECT_EQ(writer.Output().value(), kLine + "Content-Length: 5\r\n\r\nhello");
  EXPECT_EQ(writer.Output().value(), wire.head);
  writer.Sent(wire.head.size());
  EXPECT_TRUE(writer.done());
  EXPECT_EQ(writer.Output().value(), "");
}

TEST(RequestWriter, GoesOnWhereSendingStopped) {
  const WireRequest wire = Wire(Post("hello"));
  for (const std::size_t step : {1, 2, 3, 7, 50}) EXPECT_EQ(*SendAll(wire, step), wire.head);
}

TEST(RequestWriter, AMemoryBodyIsCutIntoChunks) {
  Request request = Post(std::string(16 * 1024, 'x') + "hello");
  request.chunked = true;
  const WireRequest wire = Wire(request);
  const std::string all = kLine + "Transfer-Encoding: chunked\r\n\r\n4000\r\n" +
                          std::string(16 * 1024, 'x') + "\r\n5\r\nhello\r\n0\r\n\r\n";
  for (const std::size_t step : {1, 100, 1'000'000}) EXPECT_EQ(*SendAll(wire, step), all);
}

TEST(RequestWriter, TheLastChunkEndsTheBodyAtOnce) {
  Request request = Post(std::string(16 * 1024, 'x'));
  request.chunked = true;
  const WireRequest wire = Wire(request);
  RequestWriter writer;
  writer.Start(wire);
  writer.Sent(wire.head.size());
  EXPECT_FALSE(writer.done());
  EXPECT_EQ(writer.Output().value(), "4000\r\n" + request.body + "\r\n0\r\n\r\n");
  writer.Sent(1);
  writer.Sent(writer.Output()->size());
  EXPECT_TRUE(writer.done());
}

TEST(RequestWriter, AnEmptyBodyInChunksIsTheirEnd) {
  Request request = Post("");
  request.chunked = true;
  EXPECT_EQ(*SendAll(Wire(request)), kLine + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  request.body_source = Source("", 0);
  EXPECT_EQ(*SendAll(Wire(request)), kLine + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

TEST(RequestWriter, ASourceOfKnownLengthIsSentAsItIs) {
  const std::string text = std::string(16 * 1024, 'x') + "hello";
  const std::string length = std::to_string(text.size());
  for (const std::size_t step : {1'000, 1'000'000}) {
    const WireRequest wire = Wire(PostFrom(Source(text, text.size(), step)));
    EXPECT_EQ(*SendAll(wire, 100), kLine + "Content-Length: " + length + "\r\n\r\n" + text);
  }
}

TEST(RequestWriter, AnEmptySourceIsDoneWithTheHead) {
  const WireRequest wire = Wire(PostFrom(Source("", 0)));
  RequestWriter writer;
  writer.Start(wire);
  ASSERT_EQ(writer.Output().value(), kLine + "Content-Length: 0\r\n\r\n");
  writer.Sent(wire.head.size());
  EXPECT_TRUE(writer.done());
}

TEST(RequestWriter, ASourceOfUnknownLengthIsSentInTheChunksThatItDelivers) {
  const std::string head = kLine + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(*SendAll(Wire(PostFrom(Source("hello world", {}, 6))), 3),
            head + "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
  EXPECT_EQ(*SendAll(Wire(PostFrom(Source("xy", {}, 1)))), head + "1\r\nx\r\n1\r\ny\r\n0\r\n\r\n");
  EXPECT_EQ(*SendAll(Wire(PostFrom(Source("", {})))), head + "0\r\n\r\n");
  EXPECT_EQ(*SendAll(Wire(PostFrom(Source(std::string(16 * 1024 + 26, 'x'), {})))),
            head + "4000\r\n" + std::string(16 * 1024, 'x') + "\r\n1a\r\n" + std::string(26, 'x') +
                "\r\n0\r\n\r\n");
}

TEST(RequestWriter, ASourceOfKnownLengthCanGoInChunks) {
  Request request = PostFrom(Source("hello world", 11, 6));
  request.chunked = true;
  EXPECT_EQ(*SendAll(Wire(request)), kLine + "Transfer-Encoding: chunked\r\n\r\n" +
                                         "6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
}

TEST(RequestWriter, EachStartBeginsAgainWithAReaderOfItsOwn) {
  const WireRequest wire = Wire(PostFrom(Source("hello world", 11, 6)));
  RequestWriter writer;
  writer.Start(wire);
  writer.Sent(writer.Output()->size());
  ASSERT_EQ(writer.Output().value(), "hello ");
  writer.Sent(3);
  for (int again = 0; again < 2; ++again) {
    writer.Start(wire);
    EXPECT_EQ(*Send(writer), wire.head + "hello world");
  }
  const WireRequest other = Wire(Post("hello"));
  writer.Start(other);
  EXPECT_EQ(*Send(writer), other.head);
}

TEST(RequestWriter, ManyCanSendOneRequest) {
  const WireRequest wire = Wire(PostFrom(Source("hello world", 11, 6)));
  RequestWriter one;
  RequestWriter two;
  one.Start(wire);
  one.Sent(one.Output()->size());
  two.Start(wire);
  EXPECT_EQ(one.Output().value(), "hello ");
  EXPECT_EQ(*Send(two), wire.head + "hello world");
  EXPECT_EQ(*Send(one), "hello world");
}

std::string BrokenPromise(std::string text, std::uint64_t length, std::size_t step, bool chunked) {
  Request request = PostFrom(Source(std::move(text), length, step));
  request.chunked = chunked;
  auto sent = SendAll(Wire(request));
  if (sent.ok()) return "sent: " + *sent;
  EXPECT_EQ(sent.error().code, ErrorCode::kInvalidRequest);
  return sent.error().message;
}

TEST(RequestWriter, ASourceThatBreaksItsPromiseIsAnError) {
  for (const bool chunked : {false, true}) {
    const std::string promised = "the body's source promised ";
    EXPECT_EQ(BrokenPromise("hello", 6, 2, chunked), promised + "6 bytes and delivered 5");
    EXPECT_EQ(BrokenPromise("", 6, 2, chunked), promised + "6 bytes and delivered 0");
    EXPECT_EQ(BrokenPromise("hello", 4, 2, chunked), promised + "4 bytes and delivered 5 or more");
    EXPECT_EQ(BrokenPromise("hello", 4, 1, chunked), promised + "4 bytes and delivered 5 or more");
    EXPECT_EQ(BrokenPromise("hello", 3, 2, chunked), promised + "3 bytes and delivered 4 or more");
    EXPECT_EQ(BrokenPromise("hello", 0, 2, chunked), promised + "0 bytes and delivered 1 or more");
  }
}

TEST(RequestWriter, NoBodyLooksCompleteWhenTheSourceHasMore) {
  const WireRequest wire = Wire(PostFrom(Source("hello", 4, 2)));
  RequestWriter writer;
  writer.Start(wire);
  writer.Sent(writer.Output()->size());
  ASSERT_EQ(writer.Output().value(), "he");
  writer.Sent(2);
  EXPECT_FALSE(writer.Output().ok());
}

TEST(RequestWriter, TheErrorsOfASourceArePassedOn) {
  const Error error{ErrorCode::kIo, "the disk is gone"};
  EXPECT_EQ(SendAll(Wire(PostFrom(Source("hello", 9, 2, error)))).error(), error);
  EXPECT_EQ(SendAll(Wire(PostFrom(Source("hello", {}, 2, error)))).error(), error);
  // Asked for the end as well.
  EXPECT_EQ(SendAll(Wire(PostFrom(Source("hello", 5, 5, error)))).error(), error);
  EXPECT_EQ(SendAll(Wire(PostFrom(Source("", 0, 5, error)))).error(), error);
}

TEST(RequestWriter, NothingIsReadAfterTheEnd) {
  // Like a terminal: it says that this was all, and has more if asked again.
  struct Endless : testing_bodies::TextReader {
    Endless() : TextReader("hello", 5, {}) {}
    Result<std::size_t> Read(std::span<char> space) override {
      EXPECT_FALSE(ended);
      auto bytes = TextReader::Read(space);
      ended = *bytes == 0;
      return bytes;
    }
    bool ended = false;
  };
  const auto source = GeneratedBody([]() -> Result<std::unique_ptr<BodyReader>> {
    return std::unique_ptr<BodyReader>(std::make_unique<Endless>());
  });
  const WireRequest wire = Wire(PostFrom(source));
  EXPECT_EQ(*SendAll(wire), wire.head + "5\r\nhello\r\n0\r\n\r\n");
}

TEST(RequestWriter, WhatCannotBeOpenedIsNotAnnounced) {
  const Error error{ErrorCode::kInvalidRequest, "no such thing"};
  const auto source =
      GeneratedBody([&]() -> Result<std::unique_ptr<BodyReader>> { return error; }, 5);
  const WireRequest wire = Wire(PostFrom(source));
  RequestWriter writer;
  writer.Start(wire);
  EXPECT_EQ(writer.Output().error(), error);
}

TEST(RequestWriter, AReaderThatClaimsMoreThanItWasGivenIsAnError) {
  struct Boaster : BodyReader {
    Result<std::size_t> Read(std::span<char> space) override { return space.size() + 1; }
  };
  const auto source = GeneratedBody([]() -> Result<std::unique_ptr<BodyReader>> {
    return std::unique_ptr<BodyReader>(std::make_unique<Boaster>());
  });
  EXPECT_EQ(SendAll(Wire(PostFrom(source))).error(),
            (Error{ErrorCode::kInvalidRequest,
                   "the body's source was given room for 16384 bytes and says that it delivered "
                   "16385"}));
}

Request Waiting(Request request) {
  request.expect_continue = true;
  return request;
}

TEST(RequestWriter, TheBodyWaitsForContinue) {
  Request chunked = Post("hello");
  chunked.chunked = true;
  for (const Request& request :
       {Post("hello"), PostFrom(Source("hello", 5)), PostFrom(Source("hello", {})), chunked}) {
    const WireRequest wire = Wire(Waiting(request));
    RequestWriter writer;
    writer.Start(wire);
    writer.Continue();  // nothing waits yet
    EXPECT_FALSE(writer.awaiting_continue());
    EXPECT_EQ(*Send(writer), wire.head);
    EXPECT_TRUE(writer.awaiting_continue());
    EXPECT_FALSE(writer.done());
    EXPECT_EQ(writer.Output().value(), "");
    writer.Continue();
    EXPECT_FALSE(writer.awaiting_continue());
    EXPECT_EQ(*Send(writer), wire.chunked ? "5\r\nhello\r\n0\r\n\r\n" : "hello");
    EXPECT_TRUE(writer.done());
    writer.Continue();
    EXPECT_TRUE(writer.done());
  }
}

TEST(RequestWriter, LetsGoOfTheReaderWhenItIsDone) {
  struct Counted : testing_bodies::TextReader {
    explicit Counted(int& made) : TextReader("hello", 5, {}), alive(made) { ++alive; }
    ~Counted() override { --alive; }
    int& alive;
  };
  int alive = 0;
  const auto source = GeneratedBody(
      [&]() -> Result<std::unique_ptr<BodyReader>> {
        return std::unique_ptr<BodyReader>(std::make_unique<Counted>(alive));
      },
      5);
  const WireRequest wire = Wire(PostFrom(source));
  RequestWriter writer;
  writer.Start(wire);
  ASSERT_TRUE(writer.Output().ok());
  EXPECT_EQ(alive, 1);
  ASSERT_TRUE(Send(writer).ok());
  EXPECT_EQ(alive, 0);
  writer.Start(wire);
  ASSERT_TRUE(writer.Output().ok());
  writer.Start(wire);
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace assay
