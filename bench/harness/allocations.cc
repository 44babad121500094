#include "bench/harness/allocations.h"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace assay::bench {
namespace {

thread_local std::uint64_t allocations = 0;

}  // namespace

std::uint64_t TakeAllocations() noexcept {
  const std::uint64_t taken = allocations;
  allocations = 0;
  return taken;
}

void* AllocateOrNull(std::size_t bytes, std::size_t alignment) noexcept {
  ++allocations;
  return alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? std::malloc(bytes == 0 ? 1 : bytes)
                                                       : memalign(alignment, bytes);
}

void* Allocate(std::size_t bytes, std::size_t alignment) {
  void* const memory = AllocateOrNull(bytes, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace assay::bench

// Asio takes its memory from here, and with it that of coroutines.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return assay::bench::AllocateOrNull(bytes, alignment);
}

// The array and nothrow forms call these.
void* operator new(std::size_t bytes) {
  return assay::bench::Allocate(bytes, __STDCPP_DEFAULT_NEW_ALIGNMENT__);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return assay::bench::Allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
