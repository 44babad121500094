// What a warm exchange allocates: nothing. A program of its own, because counting
// allocations replaces operator new.
#include "bench/harness/allocations.h"

#include <gtest/gtest.h>

#include "assay/transport/request_writer.h"
#include "tests/transport/deflated.h"
#include "tests/transport/reader_feed.h"

namespace assay {
namespace {

using bench::TakeAllocations;

bool Send(RequestWriter& writer, const WireRequest& wire) {
  writer.Start(wire);
  while (!writer.done()) {
    const auto output = writer.Output();
    if (!output.ok()) return false;
    writer.Sent(output.value().size());
    writer.Continue();
  }
  return true;
}

TEST(TransportAllocations, AWriterNeedsNoneForABodyThatNeedsNoBuffer) {
  Request request{Method::kPost, Url{"h", 80, "/"}, {}, std::string(100'000, 'x')};
  const WireRequest at_once = ToWire(request, Pooling::kPooled).value();
  request.expect_continue = true;
  const WireRequest later = ToWire(request, Pooling::kPooled).value();
  RequestWriter writer;
  TakeAllocations();
  const bool sent = Send(writer, at_once) && Send(writer, later);
  EXPECT_EQ(TakeAllocations(), 0u);
  EXPECT_TRUE(sent);
}

TEST(TransportAllocations, AWriterKeepsItsBuffer) {
  Request request{Method::kPost, Url{"h", 80, "/"}, {}, std::string(100'000, 'x')};
  request.chunked = true;
  const WireRequest wire = ToWire(request, Pooling::kPooled).value();
  RequestWriter writer;
  TakeAllocations();
  ASSERT_TRUE(Send(writer, wire));
  EXPECT_EQ(TakeAllocations(), 1u);
  ASSERT_TRUE(Send(writer, wire));
  EXPECT_EQ(TakeAllocations(), 0u);
}

// Allocations of a response to a reader that has read it twice before.
std::uint64_t WarmAllocations(const std::string& text, const BodyHandling& handling) {
  ResponseReader reader{ConnectionOptions{}};
  std::uint64_t allocations = 0;
  for (int i = 0; i < 3; ++i) {
    TakeAllocations();
    reader.Start(Method::kGet, handling);
    const auto progress = Feed(reader, text, 10'000);
    allocations = TakeAllocations();
    EXPECT_TRUE(progress.ok() && *progress == ResponseReader::Progress::kComplete);
  }
  return allocations;
}

TEST(TransportAllocations, AReaderNeedsNoneForAResponseOfAKindThatItKnows) {
  const std::string ok = "HTTP/1.1 200 OK\r\nServer: a server with a name\r\n";
  const std::string sized = ok + "Content-Length: 64\r\n\r\n" + std::string(64, 'x');
  const std::string chunked =
      ok + "Transfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'x') + "\r\n0\r\n\r\n";
  const std::string gzip = testing_bodies::Deflated(std::string(500, 'x'), testing_bodies::kGzip);
  const std::string gzipped =
      ok + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(gzip.size()) + "\r\n\r\n" +
      gzip;
  const auto discard = DiscardBody();
  for (const std::string& text : {sized, chunked, gzipped}) {
    EXPECT_EQ(WarmAllocations(text, {}), 0u);
    EXPECT_EQ(WarmAllocations(text, {.decode = true, .drop_redirect_bodies = true}), 0u);
    EXPECT_EQ(WarmAllocations(text, {.target = discard.get(), .decode = true}), 0u);
  }
}

}  // namespace
}  // namespace assay
