#include "assay/adapters/asio_handler_memory.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace assay {
namespace {

namespace asio = boost::asio;

bool IsIn(const HandlerMemory& memory, const void* what) {
  const auto* const bytes = static_cast<const std::byte*>(what);
  const auto* const begin = reinterpret_cast<const std::byte*>(&memory);
  return std::greater_equal<>()(bytes, begin) && std::less<>()(bytes, begin + sizeof memory);
}

TEST(HandlerMemory, IsUsedAgainWhenItIsGivenBack) {
  HandlerMemory memory;
  auto allocator = memory.allocator();
  for (int i = 0; i < 2; ++i) {
    std::byte* const bytes = allocator.allocate(256);
    EXPECT_TRUE(IsIn(memory, bytes));
    allocator.deallocate(bytes, 256);
  }
}

TEST(HandlerMemory, IsForOneAtATime) {
  HandlerMemory memory;
  auto allocator = memory.allocator();
  std::byte* const first = allocator.allocate(8);
  std::byte* const second = allocator.allocate(8);
  EXPECT_FALSE(IsIn(memory, second));
  allocator.deallocate(second, 8);
  std::byte* const third = allocator.allocate(8);  // the first is still there
  EXPECT_FALSE(IsIn(memory, third));
  allocator.deallocate(third, 8);
  allocator.deallocate(first, 8);
}

TEST(HandlerMemory, DoesNotHoldWhatIsTooBigOrAlignedAbroad) {
  HandlerMemory memory;
  auto bytes = memory.allocator();
  std::byte* const big = bytes.allocate(257);
  EXPECT_FALSE(IsIn(memory, big));
  bytes.deallocate(big, 257);

  struct alignas(64) Aligned {};
  HandlerMemory::Allocator<Aligned> aligned(bytes);
  Aligned* const one = aligned.allocate(1);
  EXPECT_FALSE(IsIn(memory, one));
  aligned.deallocate(one, 1);
  EXPECT_TRUE(aligned == bytes);
  HandlerMemory other;
  EXPECT_FALSE(aligned == other.allocator());
}

// The handler keeps the memory it is in: with ASan, a use after its end would show.
TEST(HandlerMemory, MayBelongToItsHandler) {
  asio::io_context context;
  bool called = false, was_free = false;
  auto memory = std::make_shared<HandlerMemory>();
  auto allocator = memory->allocator();
  asio::post(context, asio::bind_allocator(allocator, [&, memory = std::move(memory)] {
               auto again = memory->allocator();
               std::byte* const bytes = again.allocate(8);
               was_free = IsIn(*memory, bytes);
               again.deallocate(bytes, 8);
               called = true;
             }));
  context.run();
  EXPECT_TRUE(called);
  EXPECT_TRUE(was_free);
}

TEST(HandlerMemory, IsGivenBackByAHandlerThatIsNeverCalled) {
  HandlerMemory memory;
  std::optional<asio::io_context> context(std::in_place);
  asio::post(*context, asio::bind_allocator(memory.allocator(), [] {}));
  context.reset();
  auto allocator = memory.allocator();
  std::byte* const bytes = allocator.allocate(8);
  EXPECT_TRUE(IsIn(memory, bytes));
  allocator.deallocate(bytes, 8);
}

}  // namespace
}  // namespace assay
