// Memory for one handler of Boost.Asio, where its caller has room for it.
//
//   HandlerMemory memory;
//   boost::asio::post(pool, boost::asio::bind_allocator(memory.allocator(), handler));
//
// Asio keeps what it allocates for handlers per thread. A handler that goes from one thread to
// another, time after time, takes that memory with it, and the first thread has to allocate anew.
//
// Asio gives the memory back before it calls the handler, or when it destroys it uncalled; until
// then the memory must stay where it is, and the handler may be what keeps it. What is bigger, or
// comes while the memory is in use, is allocated as usual. For one handler at a time; not
// thread-safe.
#ifndef ASSAY_ADAPTERS_ASIO_HANDLER_MEMORY_H_
#define ASSAY_ADAPTERS_ASIO_HANDLER_MEMORY_H_

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace assay {

class HandlerMemory {
 public:
  HandlerMemory() = default;
  HandlerMemory(const HandlerMemory&) = delete;
  HandlerMemory& operator=(const HandlerMemory&) = delete;

  template <class T>
  class Allocator {
   public:
    using value_type = T;

    explicit Allocator(HandlerMemory& memory) noexcept : memory_(&memory) {}
    template <class U>
    Allocator(const Allocator<U>& other) noexcept : memory_(other.memory_) {}

    T* allocate(std::size_t count) {
      const bool fits = alignof(T) <= alignof(std::max_align_t) && count <= kBytes / sizeof(T);
      if (!fits || std::exchange(memory_->used_, true)) return std::allocator<T>().allocate(count);
      return static_cast<T*>(static_cast<void*>(memory_->bytes_.data()));
    }
    void deallocate(T* what, std::size_t count) noexcept {
      if (static_cast<void*>(what) != memory_->bytes_.data()) {
        return std::allocator<T>().deallocate(what, count);
      }
      memory_->used_ = false;
    }

    template <class U>
    bool operator==(const Allocator<U>& other) const noexcept {
      return memory_ == other.memory_;
    }

   private:
    template <class U>
    friend class Allocator;
    HandlerMemory* memory_;
  };

  // For bind_allocator().
  Allocator<std::byte> allocator() noexcept { return Allocator<std::byte>(*this); }

 private:
  static constexpr std::size_t kBytes = 256;

  alignas(std::max_align_t) std::array<std::byte, kBytes> bytes_;
  bool used_ = false;
};

}  // namespace assay

#endif  // ASSAY_ADAPTERS_ASIO_HANDLER_MEMORY_H_
