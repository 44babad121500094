// What a warm exchange allocates: nothing. A program of its own, because counting
// allocations replaces operator new.
#include "bench/harness/allocations.h"

#include <gtest/gtest.h>

#include "assay/transport/request_writer.h"

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

}  // namespace
}  // namespace assay
